"""One screen a file: what is on it, and what its keys do; what they show is drawn by widgets."""
