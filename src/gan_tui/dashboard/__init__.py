"""The Textual app: shows a run's state, sends commands, and knows nothing of Keras."""
