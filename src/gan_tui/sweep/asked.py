"""The word by which gan-tui is asked, on another machine, to train for a sweep; no command of a person's."""

WORKER = "sweep-worker"
MODULE = "gan_tui.training.remote_worker"
"""What it runs."""
