"""TensorBoard's event files, as TensorFlow, PyTorch, tensorboardX and many others write them."""
