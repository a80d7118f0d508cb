"""What the picture pane can show of a run: one view a file, each drawing a run's state as cells."""
