"""Runs in a list, and the chosen one beside it: what is shown of them, without widgets."""
