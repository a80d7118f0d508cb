"""What Keras computes, sooner, to the same numbers but for rounding. Knows layers and tensors, and nothing of ours.

Where a step spends its time (profiles of `gan` and `dcgan`, two cores): of a GAN's 34 ms with Keras's Adam, 25 were
products of matrices, 7 Adam, 2 the random numbers of dropout; the loop, events and pictures add 2 %. Products reach 80
to 95 % of the cores' rate, those with a transposed kernel half of it (`dense.py`). Keras's optimizers are a dozen
passes over memory, TensorFlow's are one: 7 ms became 5 (`optimizers.py`). Most of a DCGAN's step were convolutions of
enlarged images (`upsampled_convolution.py`): without them it takes two thirds of the time.

Tried in vain: both forward passes of the generator as one of twice the batch; XLA on the CPU (six times slower for a
GAN's step); other allocators (no page is taken anew in a step); Eigen's matrix products instead of oneDNN's, and one
operation at a time (both slower).
"""
