"""Processes: starting a run, keeping its trainer alive, passing commands on. No TensorFlow and no screen here."""
