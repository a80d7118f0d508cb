"""Other tools' logs, read as a run is: recognized by what is in them, live while they grow."""
