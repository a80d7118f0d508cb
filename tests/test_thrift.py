"""What a watching program takes for a moment, it gives back."""

import subprocess
import sys

import pytest

CODE = """
import sys
if sys.argv[1] == "thrift":
    from gan_tui import thrift
    thrift.begin()
import numpy as np
import psutil
process = psutil.Process()
before, kept = process.memory_info().rss, []
for megabytes in (*range(1, 17), *range(16, 0, -1)):  # a chart's arrays, and between them what stays
    passing = np.ones(megabytes << 17)
    kept.append(bytearray(b"x" * 100_000))
    del passing
print((process.memory_info().rss - before) // 1_000_000)
"""


def megabytes_left(how: str) -> int:
    return int(subprocess.run([sys.executable, "-c", CODE, how], capture_output=True, text=True, check=True).stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="the GNU library's allocator")
def test_large_arrays_leave_nothing_behind() -> None:
    assert megabytes_left("thrift") <= 6
    assert megabytes_left("as it is") > 10, "else there would be nothing to do"
