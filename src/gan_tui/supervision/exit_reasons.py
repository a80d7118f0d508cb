"""Why a trainer died, in words, with the way on."""

import signal

from gan_tui.run.printed_line import came_to
from gan_tui.system import gpu_failures, signals
from gan_tui.system.machine import LACKS_INSTRUCTIONS
from gan_tui.system.memory import MORE_MEMORY, at_limit, shortage
from gan_tui.text import duration, harmless

_OF_SIGNALS = {
    signal.SIGILL: LACKS_INSTRUCTIONS,
    signal.SIGBUS: "a file that it had in memory could not be read; free some space on the disk and in /dev/shm, and "
    "resume",
    signal.SIGXCPU: "its processor time was used up; allow more (ulimit -t unlimited), and resume",
}
"""What the kernel means by a signal, and what helps."""
_NO_AVX = "was compiled to use AVX instructions, but these aren't available"
"""TensorFlow's own words, where it has looked."""
_OF_DUMPS = (
    "File ", "Extension modules:", "Thread 0x", "Current thread 0x", "@ ", "*** Check failure",
    "Fatal Python error: Aborted", "I0000 ", "WARNING: All log messages",
)  # fmt: skip
"""How lines begin that say where it was, or nothing, rather than what went wrong."""


def explained(
    code: int,
    last_words: str,
    memory_kills: bool | None,
    memory_limit: int | None = None,
    most_threads: int | None = None,
    seconds: int | None = None,
    who: str = "The trainer",
) -> str:
    """A sentence without its full stop.

    `code` is the exit code, negative for a signal; `last_words` the end of what it printed; `memory_kills` whether the
    system killed a process for its memory just then, None where that cannot be known; `memory_limit` the bytes that a
    process may have (ulimit -v), None for all there are: libraries crash in many ways at such a limit. `most_threads`
    is how many processes and threads there may be; `seconds` how much processor time a process may have (ulimit -t);
    `who` has ended, as a sentence begins.
    """
    if code == -signal.SIGKILL and seconds is not None and not memory_kills:
        spent = f"perhaps because {duration(seconds)} of processor time were used up (ulimit -t)"
        return f"{who} was killed (SIGKILL), {spent}; allow more, and resume"
    if code == -signal.SIGKILL:
        by = {
            True: f"by the system because memory ran out; {MORE_MEMORY}",
            False: "by someone or by another program; the kernel did not kill it for lack of memory",
            None: "by someone, or by the system because memory ran out",
        }[memory_kills]
        return f"{who} was killed (SIGKILL) {by}"
    if code == 0:
        return f"{who} ended by itself, but how could not be written into events.jsonl"
    name = signal_name(-code)
    how = f"crashed ({name})" if code < 0 else f"ended with exit code {code}"
    if of_gpu := gpu_failures.explained(last_words):
        return f"{who} {how}: {of_gpu}"
    if short := shortage(last_words, most_threads, memory_limit):
        return f"{who} {how}: {short}"
    if -code in signals.ENDING and -code not in _OF_SIGNALS:
        return f"{who} was stopped ({name}) before it could save"
    if memory_limit is not None and code in (-signal.SIGSEGV, -signal.SIGABRT, -signal.SIGBUS):
        return f"{who} {how}: perhaps not enough memory, {at_limit(memory_limit)}"
    if of_signal := LACKS_INSTRUCTIONS if _NO_AVX in last_words else meant(code):
        return f"{who} {how}: {of_signal}"
    if code > 0 and (exception := _last_exception(last_words)):
        return f'{who} {how}; its last exception: "{harmless(exception, 200)}"{_NOBODY if _ASKED in exception else ""}'
    lines = [words for line in last_words.split("\n") if (words := came_to(line).strip())]
    telling = [line for line in lines if not line.startswith(_OF_DUMPS)]
    said = "trainer.log says where it was" if lines else "it printed nothing"
    quoted = f'the last line of trainer.log: "{harmless(telling[-1], 200)}"' if telling else said
    return f"{who} {how}; {quoted}"


_TRACEBACK = "Traceback (most recent call last):\n"
_ASKED, _NOBODY = "EOFError: EOF when reading a line", ", as it asked for input, which nobody can give it here"


def _last_exception(words: str) -> str:
    """The first line of what the last exception said whose traceback was printed; empty where there is none.

    What it says may have more lines, and others may be printed after it.
    """
    _, found, after = words.rpartition(_TRACEBACK)
    lines = after.splitlines() if found else []
    return next((line for line in lines if line.strip() and not line[0].isspace()), "")


def meant(code: int) -> str:
    """What the kernel means by the signal that an exit code tells of; empty where it is none that tells more."""
    return next((words for number, words in _OF_SIGNALS.items() if code == -number), "")


def signal_name(number: int) -> str:
    """SIGKILL, or the number of one that has no name."""
    return signal.Signals(number).name if number in set(signal.Signals) else f"signal {number}"
