"""What worker 0 says in a call that all workers take part in; a positive number is so many steps."""

END = 0
"""The group's work is over."""
IDLE = -1
"""Nothing; said while worker 0 has something else to do, so that it is noticed when a worker is gone."""
USAGE = -2
"""A round in which each worker tells its numbers."""
SET = -3
"""A round in which what was set while training becomes worker 0's."""
ARRAYS = -4
"""A round in which all variables, and the place in the data, become worker 0's."""
