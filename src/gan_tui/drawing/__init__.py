"""Pure drawing: numbers in, terminal cells out."""
