"""What a watching program takes for a moment, it gives back."""

import ctypes
import subprocess
import sys

import pytest

from gan_tui.run.series import Series

CODE = """
import sys
if sys.argv[1] == "allocator":
    from gan_tui.system import allocator
    allocator.begin()
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
@pytest.mark.slow
def test_large_arrays_leave_nothing_behind() -> None:
    assert megabytes_left("allocator") <= 6
    assert megabytes_left("as it is") > 10, "else there would be nothing to do"


class _Allocated(ctypes.Structure):
    """mallinfo2(3)"""

    _fields_ = [(name, ctypes.c_size_t) for name in (
        "arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks", "fordblks", "keepcost",
    )]  # fmt: skip


def bytes_allocated() -> int:
    told = ctypes.CDLL(None).mallinfo2
    told.restype = _Allocated
    return int(told().uordblks)


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "mallinfo2"), reason="the GNU library's allocator")
def test_following_lines_of_any_length_keeps_nothing_but_the_points() -> None:
    series, step = Series.empty(), 0

    def follow(lengths: range) -> None:
        nonlocal series, step
        for length in lengths:
            series = series.latest().extended(range(step + 1, step + 1 + length), [0.5] * length)
            step += length

    follow(range(256, 1100, 50))
    before = bytes_allocated()
    follow(range(256, 1100))
    assert bytes_allocated() - before < 50_000
