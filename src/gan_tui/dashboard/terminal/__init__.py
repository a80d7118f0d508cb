"""The way to the terminal and back: what is drawn becomes the fewest bytes, and what is typed cannot do harm."""
