"""Pictures as block characters. Pure: pixels in, cells out."""
