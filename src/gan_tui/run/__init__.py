"""A run, written, stored and read: events, log, folder, lock, state, pictures. No preset, no screen, no Keras."""
