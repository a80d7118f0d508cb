"""Compiled functions whose loops and choices are TensorFlow's own operations (`tf.while_loop`, `tf.cond`).

TensorFlow could rewrite Python's `for` and `if` instead. It does so at each start, for every function that is reached,
and leaves each as a file in the temporary folder where a process is killed.

Without it a start takes 0.3 to 0.6 s less.
"""

from functools import partial

import tensorflow as tf

compiled = partial(tf.function, autograph=False)
as_written = tf.autograph.experimental.do_not_convert
"""For functions that tf.data compiles, and whatever these have compiled."""
