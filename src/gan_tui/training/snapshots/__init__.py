"""What is shown of a task beside its metrics: one kind of task a file. Draws numbers, and leaves writing to the run."""
