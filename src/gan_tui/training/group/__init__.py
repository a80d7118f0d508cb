"""One training whose steps are taken by several replicas together: workers, each a process, or devices of one process.

Each replica trains as one process would, on its rows of the global batch, and changes its own variables by itself. Only
three things are put together: gradients, the statistics of batch normalization, and, once a chunk, the metrics. What is
random is drawn for the whole batch, and each replica takes its own rows of it. So a group's numbers are those of one
process on the same global batch but for rounding, and all replicas hold the same bits.

Worker 0 is a run as any other; the others do what it says, by one number in each compiled call: `words.py`.
"""
