"""The way to the terminal and back, and all that leans on what Textual keeps to itself; knows nothing of runs.

What is drawn becomes the fewest bytes, and what is typed cannot do harm.
"""
