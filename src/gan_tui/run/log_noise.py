"""What libraries print of themselves at each start, which tells a person nothing."""

import re

_NOISE = re.compile(
    r"[IWE]0000 \d\d:\d\d:|[IWE]0000 \d{8,}\.\d+ |\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+: [IWE] "
    r"|WARNING: All log messages before absl::|To enable the following instructions:"
)
"""How lines begin that TensorFlow says of itself: what it was built for, which drivers it has not found. Its fatal ones
begin with F."""


def is_noise(line: str) -> bool:
    """Whether a line of a run's log is such."""
    return _NOISE.match(line) is not None
