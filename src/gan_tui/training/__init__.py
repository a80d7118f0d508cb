"""Everything that touches Keras and TensorFlow, in a process of its own."""
