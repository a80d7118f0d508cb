"""Who trains a sweep's repeats: one engine a file. None of them trains by itself."""
