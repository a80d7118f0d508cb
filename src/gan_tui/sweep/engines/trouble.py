"""Why a worker behind a command is gone, in words that say what to do."""

from collections.abc import Sequence

from gan_tui.text import clipped, harmless

_NOT_FOUND, _NOT_RUN, _WRONG_USE, _SSH = 127, 126, 2, 255
"""Exit codes: of shells, of a gan-tui that knows no such command, of ssh's own failures."""

_SAID: Sequence[tuple[str, str]] = (
    (
        "remote host identification has changed",
        "its host key is another than the one that is known here; find out why, and only then take the old one away "
        "with ssh-keygen -R",
    ),
    ("host key verification failed", "its host key is not known here; run ssh to it once, and confirm the key"),
    (
        "permission denied",
        "it lets nobody in without a password or a key; load your key with ssh-add, or put it there with ssh-copy-id",
    ),
    ("too many authentication failures", "it took none of the keys offered; name the right one with ssh -i"),
    ("could not resolve hostname", "there is no machine of that name; check its spelling"),
    ("connection refused", "no ssh server answers there; start one, or check the port"),
    ("no route to host", "it cannot be reached; check the network"),
    ("connection timed out", "it does not answer; check that it is on, and reached from here"),
    ("server not responding", "the link to it is gone"),
    ("connection reset", "the link to it is gone"),
    ("connection closed", "the link to it was closed there"),
    ("broken pipe", "the link to it is gone"),
)  # fmt: skip
"""What such commands say, in small letters, and what it means."""


def why(code: int, last_words: str, is_ssh: bool, has_spoken: bool) -> str:
    """In words, without a full stop; `has_spoken` is whether the worker itself ever said something."""
    said = last_words.lower()
    if known := next((meaning for words, meaning in _SAID if words in said), "") if is_ssh else "":
        return known
    if not has_spoken and (code == _NOT_FOUND or "not found" in said):
        return "there is no gan-tui; install it there, or end --on with the path of it: 'ssh box1 venv/bin/gan-tui'"
    if not has_spoken and code == _NOT_RUN:
        return "the gan-tui there may not be run; check its permissions"
    if not has_spoken and code == _WRONG_USE and "gan-tui:" in said:
        return "the gan-tui there is an older one; install the version there that is here"
    return f"{_ended(code, is_ssh)}{_quoted(last_words)}"


def _ended(code: int, is_ssh: bool) -> str:
    if code == _SSH and is_ssh:
        return "its worker was killed, or the link to it broke"
    if code < 0:
        return "the command that leads there was killed"
    return "its worker ended" if code == 0 else f"its worker ended with exit code {code}"


def _quoted(last_words: str) -> str:
    lines = [line for line in last_words.splitlines() if line.strip()]
    return f': "{clipped(harmless(lines[-1].strip(), 300), 120)}"' if lines else ""
