"""Why a trainer died, in words."""

import signal
from pathlib import Path

import pytest

from gan_tui.supervision import exit_reasons
from gan_tui.system import machine, memory

MEMORY = "not enough memory; close other programs, or start a run with a smaller batch_size"

DUMP = """what() went wrong
Fatal Python error: Aborted

Thread 0x1 (most recent call first):
  File "x.py", line 3
Extension modules: numpy
"""


@pytest.mark.parametrize(
    ("code", "last_words", "memory_kills", "said"),
    [
        (-9, "", True, f"was killed (SIGKILL) by the system because memory ran out; {exit_reasons.MORE_MEMORY}"),
        (
            -9,
            "",
            False,
            "was killed (SIGKILL) by someone or by another program; the kernel did not kill it for lack of memory",
        ),
        (-9, "", None, "was killed (SIGKILL) by someone, or by the system because memory ran out"),
        (-6, "terminate called after throwing an instance of 'std::bad_alloc'\n", None, f"crashed (SIGABRT): {MEMORY}"),
        (-11, "Fatal Python error: Segmentation fault\n\n", None,
         'crashed (SIGSEGV); the last line of trainer.log: "Fatal Python error: Segmentation fault"'),
        (-6, "F0 env.cc:84] Check failed: ret == 0 pthread_create() failed.\n" + "  @ 0x7f x()\n" * 99, None,
         f"crashed (SIGABRT): {MEMORY}"),
        (-6, DUMP, None, 'crashed (SIGABRT); the last line of trainer.log: "what() went wrong"'),
        (-11, "", None, "crashed (SIGSEGV); it printed nothing"),
        (-15, "epoch 3\n", None, "was stopped (SIGTERM) before it could save"),
        (-4, "Fatal Python error: Illegal instruction\n", None, f"crashed (SIGILL): {machine.LACKS_INSTRUCTIONS}"),
        (-6, "F0 cpu_feature_guard.cc:37] The TensorFlow library was compiled to use AVX instructions, but these "
         "aren't available on your machine.\n", None, f"crashed (SIGABRT): {machine.LACKS_INSTRUCTIONS}"),
        (-7, "", None, "crashed (SIGBUS): a file that it had in memory could not be read; free some space on the disk "
         "and in /dev/shm, and resume"),
        (-24, "", None, "crashed (SIGXCPU): its processor time was used up; allow more (ulimit -t unlimited), and "
         "resume"),
        (-6, 'Fatal Python error: Aborted\n\nCurrent thread 0x7:\n  File "a.py", line 1\n',
         None, "crashed (SIGABRT); trainer.log says where it was"),
        (-64, "", None, "crashed (SIGRTMAX); it printed nothing"),
        (-63, "", None, "crashed (signal 63); it printed nothing"),
        (0, "E0000 no GPU\n", None, "ended by itself, but how could not be written into events.jsonl"),
        (7, "one\n\x1b[31mtwo\x07\n", None, 'ended with exit code 7; the last line of trainer.log: "two"'),
        (1, "MemoryError\n", None, f"ended with exit code 1: {MEMORY}"),
    ],
)  # fmt: skip
def test_a_death_is_put_in_words(code: int, last_words: str, memory_kills: bool | None, said: str) -> None:
    assert exit_reasons.explained(code, last_words, memory_kills) == f"The trainer {said}"


def test_a_crash_at_a_memory_limit_says_so() -> None:
    said = exit_reasons.explained(-11, "Fatal Python error: Segmentation fault\n", None, 1_800_000_000)
    assert said == (
        "The trainer crashed (SIGSEGV): perhaps not enough memory, because a process may use 1.8 GB here (ulimit "
        f"-v); raise that limit, or {exit_reasons.MORE_MEMORY}"
    )
    assert "ulimit" not in exit_reasons.explained(7, "one\n", None, 1_800_000_000)


def test_a_kill_where_time_is_limited_is_not_laid_on_others() -> None:
    """At a limit that nobody can raise again (ulimit -t), the kernel kills at once."""
    spent = exit_reasons.explained(-9, "", False, seconds=600)
    assert spent == (
        "The trainer was killed (SIGKILL), perhaps because 10 min 00 s of processor time were used up (ulimit -t); "
        "allow more, and resume"
    )
    assert "memory ran out" in exit_reasons.explained(-9, "", True, seconds=600)


@pytest.mark.parametrize(
    "words",
    [
        "F0 env.cc:84] Check failed: ret == 0 pthread_create() failed.\n", "RuntimeError: can't start new thread\n",
        "libgomp: Thread creation failed: Resource temporarily unavailable\n",
    ],
)  # fmt: skip
def test_threads_that_cannot_be_started_lack_memory_only_where_there_may_be_any_number(words: str) -> None:
    limited = exit_reasons.explained(-6, words, None, most_threads=8)
    assert limited == (
        "The trainer crashed (SIGABRT): 8 processes and threads are allowed here; end some, or allow more "
        "(ulimit -u 4096)"
    )
    assert exit_reasons.explained(-6, words, None) == f"The trainer crashed (SIGABRT): {MEMORY}"
    by_memory = "not enough memory, because a process may use 2 GB here (ulimit -v); raise that limit, or close other"
    assert by_memory in exit_reasons.explained(-6, words, None, 2_000_000_000, 8), "that prevents them, too"


def test_kills_for_lack_of_memory_are_counted_where_the_system_does(tmp_path: Path) -> None:
    (tmp_path / "memory.events").write_text("low 0\nhigh 3\nmax 12\noom 1\noom_kill 2\n")
    (tmp_path / "memory.oom_control").write_text("oom_kill_disable 0\nunder_oom 0\noom_kill 5\n")
    (tmp_path / "older").write_text("oom_kill_disable 0\nunder_oom 0\n")
    names = ("memory.events", "memory.oom_control", "older", "missing")
    assert [memory._counted(tmp_path / name) for name in names] == [2, 5, None, None]
    counted = Path("/proc/vmstat")
    if counted.exists() and "oom_kill" in counted.read_text():
        assert isinstance(memory.memory_kills(), int)


def test_every_signal_has_words() -> None:
    for number in signal.valid_signals():
        assert exit_reasons.explained(-number, "", None).startswith("The trainer ")
