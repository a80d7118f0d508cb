"""What Keras computes, sooner, to the same numbers but for rounding. Knows layers and tensors, and nothing of ours."""
