"""Where the trainings of a sweep go: the words of `--on`, and the commands that start its workers there.

A place is whatever a command leads to: `ssh box1`, `srun -n1`, `kubectl exec -i POD --`. Nothing listens there, and
nothing is shared: a worker gets its sweep and its jobs by its input, and answers by its output.
"""

import re
import shlex
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from gan_tui.errors import UserError
from gan_tui.sweep.asked import MODULE, WORKER
from gan_tui.text import clipped, harmless

MOST_WORKERS = 512
LOCAL = "local"
"""This machine, as a place beside others."""
_RAY = re.compile(r"ray(?::(\S+))?")
_MANY = re.compile(r"(.*?)\s*\*\s*(\d+)", re.DOTALL)
_ITSELF = ("gan-tui", "gan_tui")
"""How a prefix ends that says itself which gan-tui is to be run there: its path, or `python -m gan_tui`."""
_FOUND = f"PATH=$PATH:$HOME/.local/bin; export PATH; exec gan-tui {WORKER}"
"""Otherwise it is looked for, also where pipx and uv put it, which is not on the PATH of every login."""
_WIDEST = 24

_SSH_OPTIONS = {"BatchMode": "yes", "ServerAliveInterval": "5", "ServerAliveCountMax": "2", "ConnectTimeout": "10"}
"""Nothing is asked that nobody could answer, and a link that is gone is noticed. Whoever names one has it as named."""
_SSH_VALUES = frozenset("BbcDEeFIiJLlmOoPpQRSWw")
"""Options of ssh whose value is the next word."""
_WAYS = frozenset((
    "chrt", "doas", "env", "ionice", "nice", "nohup", "numactl", "proxychains", "proxychains4", "setsid", "sshpass",
    "stdbuf", "sudo", "taskset", "time", "timeout", "torsocks",
))  # fmt: skip
"""Programs that run another with its words as they are."""


@dataclass(frozen=True)
class Place:
    """So many workers behind one prefix."""

    prefix: tuple[str, ...]
    """The words before the worker's own command; none is this machine."""
    count: int
    name: str
    """What it is called on the screen."""

    @property
    def command(self) -> list[str]:
        """What starts a worker there."""
        if not self.prefix:
            return [sys.executable, "-P", "-m", MODULE]
        ours = [WORKER] if self.names_program else ["sh", "-c", _FOUND]
        if (ssh := self.ssh) is None:
            return [*self.prefix, *ours]
        before, behind = self.prefix[: ssh + 1], self.prefix[ssh + 1 :]
        return [*before, *_unless_named(behind), *behind, *map(shlex.quote, ours)]  # a shell there reads them again

    @property
    def names_program(self) -> bool:
        """Whether the prefix ends with the gan-tui that is to be run there."""
        return PurePath(self.prefix[-1]).name in _ITSELF

    @property
    def program(self) -> str:
        """Its path, if the prefix names one."""
        return self.prefix[-1] if self.prefix and self.names_program and "/" in self.prefix[-1] else ""

    @property
    def ssh(self) -> int | None:
        """Which of the words is ssh, if any: the first, or the first behind such as `nice -n 5`.

        Elsewhere it is another's, as in `gcloud compute ssh`, or what a container is called.
        """
        for n, word in enumerate(self.prefix):
            if PurePath(word).name == "ssh":
                return n
            if not self._only_says_how(n, word):
                return None
        return None

    def _only_says_how(self, n: int, word: str) -> bool:
        """Whether a word says how the next program is run: it names a way, an option, a value, or such as A=1 or 5m."""
        is_value = n > 0 and self.prefix[n - 1].startswith("-")
        return PurePath(word).name in _WAYS or is_value or word[:1] in "-0123456789" or "=" in word


@dataclass(frozen=True)
class Places:
    """All that `--on` names; nothing is this machine alone, as ever."""

    behind: tuple[Place, ...] = ()
    ray: str | None = None
    """The address of a Ray cluster; empty for the one that Ray finds itself, None for none."""


HERE = Places()


def read(given: Sequence[str]) -> Places:
    """What the words of each `--on` mean. Raises UserError with a sentence that says what would do."""
    words = [each.strip() for each in given]
    rays = [found for each in words if (found := _RAY.fullmatch(each))]
    if rays and len(words) > 1:
        raise UserError("--on ray has workers of its own, wherever its cluster is; leave out every other --on.")
    if rays:
        return Places(ray=rays[0][1] or "")
    places: dict[tuple[str, ...], Place] = {}
    for place in map(_place, words):
        before = places.get(place.prefix)
        places[place.prefix] = replace(place, count=place.count + (before.count if before else 0))
    if sum(place.count for place in places.values()) > MOST_WORKERS:
        raise UserError(f"--on starts at most {MOST_WORKERS} workers in all; give smaller numbers behind the *.")
    return Places(tuple(_named(list(places.values()))))


def _place(text: str) -> Place:
    shown = clipped(harmless(text, 200), 60)
    many = _MANY.fullmatch(text)
    prefix, count = (many[1], int(many[2])) if many else (text, 1)
    try:
        words = tuple(shlex.split(prefix))
    except ValueError:
        raise UserError(f"--on '{shown}' has a quotation mark that is never closed; add the other one.") from None
    if not words:
        raise UserError("--on needs the command that leads to a machine, such as --on 'ssh box1' or --on 'ssh box2*4'.")
    if not 1 <= count <= MOST_WORKERS:
        raise UserError(f"--on '{shown}' needs a number of workers from 1 to {MOST_WORKERS} behind the *.")
    if words == (LOCAL,):
        return Place((), count, LOCAL)
    if shutil.which(words[0]) is None:
        raise UserError(
            f"--on '{shown}': there is no program {harmless(words[0], 60)} here; "
            "begin with one that leads to the machine, such as ssh."
        )
    place = Place(words, count, "")
    if place.ssh is not None and not _host(words[place.ssh + 1 :]):
        raise UserError(f"--on '{shown}' names no machine; write which, such as --on 'ssh box1'.")
    return place


# Options and names ------------------------------------------------------------------------------


def _unless_named(words: Sequence[str]) -> Iterator[str]:
    """Our options for ssh, but those that are among the words."""
    named = " ".join(words).lower()
    yield "-T"
    for option, value in _SSH_OPTIONS.items():
        if option.lower() not in named:
            yield from ("-o", f"{option}={value}")


def _host(words: Sequence[str]) -> str:
    """The machine that ssh is told to go to, without its user; empty where it is told none."""
    rest = iter(words)
    for word in rest:
        if not word.startswith("-"):
            return word.removeprefix("ssh://").rpartition("@")[2]
        if word[-1] in _SSH_VALUES and not any(letter in _SSH_VALUES for letter in word[1:-1]):
            next(rest, None)
    return ""


def _named(places: Sequence[Place]) -> Iterator[Place]:
    """With a name for each that no other has."""
    taken: set[str] = set()
    for place in places:
        name, number = _short(place), 1
        while name in taken:
            number += 1
            name = f"{_short(place)} ({number})"
        taken.add(name)
        yield replace(place, name=name)


def _short(place: Place) -> str:
    if place.name:
        return place.name
    host = _host(place.prefix[place.ssh + 1 :]) if place.ssh is not None else ""
    words = list(place.prefix[:-1] if place.names_program else place.prefix)
    if words[-1:] == ["-m"]:  # python -m gan_tui
        del words[next((n for n, word in enumerate(words) if PurePath(word).name.startswith("python")), 0) :]
    return clipped(harmless(host or " ".join(words).removesuffix(" --") or place.prefix[-1], 200), _WIDEST)
