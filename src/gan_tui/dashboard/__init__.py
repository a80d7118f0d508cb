"""The Textual app: shows a run's state, sends commands, and knows nothing of Keras."""

import os

# Numpy multiplies a drawing's small matrices fastest alone: its threads wait for one another while a training has the
# cores, and a decision surface took 30 ms and more instead of 1 ms. OpenBLAS looks at this when numpy is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
