"""Why a worker behind a command is gone, in words that say what to do."""

from collections.abc import Sequence
from dataclasses import dataclass

from gan_tui.text import clipped, harmless

_NOT_FOUND, _NOT_RUN, _WRONG_USE, _SSH = 127, 126, 2, 255
"""Exit codes: of shells, of a gan-tui that knows no such command, of ssh's own failures."""

_LOST, _IN_VAIN = False, True
_SAID: Sequence[tuple[str, bool, str]] = (
    (
        "remote host identification has changed",
        _IN_VAIN,
        "its host key is another than the one known here; find out why before you take the old one away: ssh-keygen -R",
    ),
    ("host key verification failed", _IN_VAIN, "its host key is not known here; run ssh to it once, and confirm it"),
    (
        "permission denied (",
        _IN_VAIN,
        "it lets nobody in without a password or a key; load yours with ssh-add, or put it there with ssh-copy-id",
    ),
    ("too many authentication failures", _IN_VAIN, "it took none of the keys offered; name the right one with ssh -i"),
    ("could not resolve hostname", _IN_VAIN, "there is no machine of that name; check its spelling"),
    ("connection refused", _LOST, "no ssh server answers there; start one, or check the port"),
    ("no route to host", _LOST, "it cannot be reached; check the network"),
    ("timed out", _LOST, "it does not answer; check that it is on, and reached from here"),
    ("not responding", _LOST, "the link to it is gone"),
    ("connection reset", _LOST, "the link to it is gone"),
    ("closed by remote host", _LOST, "the link to it was closed there"),
    ("connection closed", _LOST, "the link to it was closed there"),
    ("broken pipe", _LOST, "the link to it is gone"),
)
"""What ssh says, in small letters; whether to try again is in vain; what it means."""


@dataclass(frozen=True)
class Trouble:
    """Why a worker is gone, in words without a full stop."""

    reason: str
    in_vain: bool = False
    """Whether another would meet the same."""


def trouble(
    code: int, last_words: str, is_ssh: bool, has_spoken: bool, is_ready: bool = False, program: str = ""
) -> Trouble:
    """What an exit code and the last words mean; `has_spoken` is whether the worker itself ever said something, and
    `is_ready` whether it has loaded: what it printed then tells nothing of its end. `program` is the path of the
    gan-tui there, where one was named.
    """
    said = last_words.lower()
    for words, in_vain, meaning in _SAID if is_ssh and code == _SSH else ():
        if words in said:
            return Trouble(meaning, in_vain and not has_spoken)
    if not has_spoken and code == _NOT_FOUND:
        if program:
            tried = clipped(harmless(program, 200), 80)
            return Trouble(f"there is no {tried}; end --on with the path of a gan-tui", True)
        return Trouble(
            "there is no gan-tui; install it there, or end --on with the path of one: venv/bin/gan-tui", True
        )
    if not has_spoken and code == _NOT_RUN:
        return Trouble("the gan-tui there may not be run; check its permissions", True)
    if not has_spoken and code == _WRONG_USE and "gan-tui:" in said:
        return Trouble("the gan-tui there is an older one; install the version there that is here", True)
    return Trouble(f"{_ended(code, is_ssh)}{'' if is_ready else _quoted(last_words)}")


def _ended(code: int, is_ssh: bool) -> str:
    if code == _SSH and is_ssh:
        return "its worker was killed, or the link to it broke"
    if code < 0:
        return "the command that leads there was killed"
    return "its worker ended" if code == 0 else f"its worker ended with exit code {code}"


def _quoted(last_words: str) -> str:
    lines = [line for line in last_words.splitlines() if line.strip()]
    return f': "{clipped(harmless(lines[-1].strip(), 300), 120)}"' if lines else ""
