"""A program in a real terminal of its own: a pty, kept as a screen of cells, for tests, screenshots and benchmarks."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil
import pyte

GAN_TUI = (sys.executable, "-m", "gan_tui")

REPLIES = {
    b"\x1b[5n": b"\x1b[0n",  # whether it is there
    b"\x1b[6n": b"\x1b[1;1R",  # where the cursor is
    b"\x1b[c": b"\x1b[?62;22c",  # what kind of terminal this is
    b"\x1b]10;?": b"\x1b]10;rgb:ffff/ffff/ffff\x1b\\",  # the colour of text
    b"\x1b]11;?": b"\x1b]11;rgb:0000/0000/0000\x1b\\",  # and of the background
    b"\x1b[?2026$p": b"\x1b[?2026;2$y",  # synchronised output: known, off
    b"\x1b[?2048$p": b"\x1b[?2048;0$y",  # sizes reported in band: not known
}
"""What a terminal answers when it is asked."""

_UNKNOWN_TO_PYTE = re.compile(rb"\x1b\[(?:[<=>][0-9;]*[@-~]|\?[0-9;]*\$p)|\x1b[_P](?:[^\x1b]|\x1b\x1b)*\x1b\\")
_UNFINISHED = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*|\][^\x07\x1b]*|[_P](?:[^\x1b]|\x1b\x1b)*\x1b?)?\Z")
_OF_THE_USER = (
    *("COLUMNS", "LINES", "COLORTERM", "COLORFGBG", "NO_COLOR", "GAN_TUI_COLORS", "GAN_TUI_ASCII"),
    *("GAN_TUI_SYMBOLS", "TERM_PROGRAM", "TERM_PROGRAM_VERSION", "LC_TERMINAL", "TMUX", "TMUX_PANE", "STY"),
    *("VTE_VERSION", "KONSOLE_VERSION", "KITTY_WINDOW_ID", "WT_SESSION", "ConEmuANSI"),
)


@dataclass(frozen=True)
class Link:
    """A slow way to the terminal."""

    bytes_a_second: float
    way: float
    """Seconds there and back."""

    @property
    def at_once(self) -> int:
        """Bytes in a hundredth of a second."""
        return max(1, int(self.bytes_a_second / 100))


PATIENCE = 90.0
"""Seconds to wait for what comes at once on a machine with nothing else to do: a bound against standing still alone."""
SANE = {7, 25}
"""Private modes of a terminal that are on at first: lines wrap and the cursor shows."""


class Terminal:
    """Runs a command in a terminal; as a context manager, ends it with everything in its process group.

    Nothing is read in the background: `pump`, `wait_for` and `text` take in what the program has written.
    """

    def __init__(
        self,
        command: Sequence[str],
        columns: int = 120,
        rows: int = 40,
        *,
        term: str = "xterm-256color",
        truecolor: bool = True,
        env: Mapping[str, str] | None = None,
        link: Link | None = None,
        background: str = "0000/0000/0000",
        replies: Mapping[bytes, bytes] | None = None,
    ) -> None:
        """`env` is added to the environment, less what would describe the terminal of whoever runs this.

        Over a `link`, what the program writes is read as fast as that carries it, and answers are as late. The
        `background` is what it says of its own colour when asked, RRRR/GGGG/BBBB, `replies` what else it answers.
        """
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.output = bytearray()
        """Every byte the program has written."""
        self.read_at = 0.0
        """When the last of them was read, in the seconds of time.monotonic."""
        self._unfinished = b""
        self.most_at_once = 1 << 16
        """Bytes that are read in one piece."""
        self._link = link
        self._replies = {**REPLIES, b"\x1b]11;?": f"\x1b]11;rgb:{background}\x1b\\".encode(), **(replies or {})}
        self._asked = re.compile(b"|".join(re.escape(question) for question in self._replies))
        self._free_at = 0.0
        """When the link has carried what was read last."""
        self._answers: deque[tuple[float, bytes]] = deque()
        """When each answer is to arrive at the program."""
        self.is_silent = False
        """Whether answers wait until it is no more."""
        self._master, slave = pty.openpty()
        self._slave_name = os.ttyname(slave)
        self._open = True
        self._set_size(columns, rows)
        mine = {name: value for name, value in os.environ.items() if name not in _OF_THE_USER}
        mine |= {"TERM": term} | ({"COLORTERM": "truecolor"} if truecolor else {}) | dict(env or {})
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, env=mine, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # so that hanging up sends SIGHUP
        )  # fmt: skip
        os.close(slave)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    @property
    def bytes_received(self) -> int:
        return len(self.output)

    @property
    def descriptor(self) -> int:
        """The terminal's side of the pty, to write to without taking in anything."""
        return self._master

    # What the program shows ----------------------------------------------------------

    def text(self) -> str:
        """The screen as lines, without the blanks at their ends."""
        self.pump()
        return "\n".join(line.rstrip() for line in self.screen.display)

    def words(self) -> str:
        """The screen as one line, so that a sentence is found wherever it is wrapped."""
        return " ".join(self.text().split())

    def pump(self, seconds: float = 0.0) -> None:
        """Take in what the program writes, for so long."""
        deadline = time.monotonic() + seconds
        while self._read(max(0.0, deadline - time.monotonic())):
            pass

    def wait_for(self, what: str | Callable[[], object], seconds: float = PATIENCE) -> float:
        """Take in what the program writes until a text is on the screen, or something is true.

        Returns when the bytes that made it so were read (`read_at`). Raises TimeoutError with the screen, also when
        the program ends before.
        """
        deadline = time.monotonic() + seconds
        while not (what in self.text() if isinstance(what, str) else what()):
            left = deadline - time.monotonic()
            ended = self.process.poll() is not None
            if left <= 0 or (not self._read(min(left, 0.05)) and ended):
                wanted = repr(what) if isinstance(what, str) else "what was waited for"
                why = f"the program ended with {self.process.returncode}" if ended else f"not within {seconds:g} s"
                raise TimeoutError(f"{wanted}: {why}. The screen:\n{self.text()}")
        return self.read_at

    def wait_for_exit(self, seconds: float = PATIENCE) -> int:
        """The program's exit code, once it has ended and all it wrote has been read. Raises TimeoutError."""
        with suppress(TimeoutError):
            self.wait_for(lambda: False, seconds)
        if self.process.poll() is None:
            raise TimeoutError(f"still running after {seconds:g} s. The screen:\n{self.text()}")
        return self.process.returncode

    # What a person does ----------------------------------------------------------

    def type(self, keys: str) -> None:
        """Press keys; "\\r" is enter, "\\x1b[B" the arrow down."""
        self.type_bytes(keys.encode())

    def type_bytes(self, data: bytes) -> None:
        """Send any bytes as input, and take in what the program writes meanwhile: neither waits for the other."""
        while data and self._open:
            _, room, _ = select.select([], [self._master], [], 0.05)
            if room:
                data = data[os.write(self._master, data[:1024]) :]
            self.pump()

    def typed_ahead(self) -> int:
        """Bytes of input that the program has left for whoever reads the terminal next."""
        slave = os.open(self._slave_name, os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK)
        try:
            found = termios.tcgetattr(slave)
            raw = [*found[:3], found[3] & ~termios.ICANON, *found[4:]]
            termios.tcsetattr(slave, termios.TCSANOW, raw)  # else only whole lines would be counted
            return int(struct.unpack("i", fcntl.ioctl(slave, termios.FIONREAD, bytes(4)))[0])
        finally:
            termios.tcsetattr(slave, termios.TCSANOW, found)
            os.close(slave)

    def choose(self, preset: str) -> None:
        """Go to a preset in the list of the menu."""
        self.wait_for("q Quit")
        self.type("\x1b[H")  # home
        before = None
        while (chosen := self._chosen()) != before:  # until it is there, on a slow machine too
            before = chosen
            self.pump(0.6)
        while (chosen := self._chosen()) != preset:
            self.type("\x1b[B")  # down
            self.wait_for(lambda: self._chosen() != chosen)

    def _chosen(self) -> str:
        """The preset whose networks the menu shows."""
        found = re.search(r"─ (\S+): ", self.text())
        return found[1] if found else ""

    def resize(self, columns: int, rows: int) -> None:
        self.screen.resize(rows, columns)
        self._set_size(columns, rows)  # the kernel sends SIGWINCH

    def hang_up(self) -> None:
        """Close the terminal, as a lost link or a closed window does."""
        if self._open:
            self._open = False
            os.close(self._master)

    def end(self) -> None:
        """End the program, with everything in its process group that still runs, and close the terminal."""
        for number, seconds in ((signal.SIGTERM, 3.0), (signal.SIGKILL, 3.0)):
            if self.process.poll() is None:
                with suppress(ProcessLookupError):
                    os.killpg(self.process.pid, number)
                with suppress(TimeoutError):
                    self.wait_for_exit(seconds)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)  # whatever it started and left behind
        self.hang_up()

    # The terminal's side ----------------------------------------------------------

    def _set_size(self, columns: int, rows: int) -> None:
        size = struct.pack("HHHH", rows, columns, columns * 8, rows * 16)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, size)

    def _read(self, seconds: float) -> bool:
        """Take in one piece of what the program writes; False when there was none for so long."""
        if not self._open:
            time.sleep(seconds)
            return False
        if not select.select([self._master], [], [], self._until_something_is_due(seconds))[0]:
            return self._answer_what_is_due()
        if self._link:
            time.sleep(max(0.0, self._free_at - time.monotonic()))
        try:
            data = os.read(self._master, self._link.at_once if self._link else self.most_at_once)
        except OSError:  # how Linux says that the last program in the terminal has gone
            self.hang_up()
            return False
        self.read_at = time.monotonic()
        self.output += data
        data = self._unfinished + data
        cut = _UNFINISHED.search(data)
        data, self._unfinished = (data[: cut.start()], data[cut.start() :]) if cut else (data, b"")
        self._free_at = self.read_at + (len(data) / self._link.bytes_a_second if self._link else 0.0)
        due = self._free_at + (self._link.way if self._link else 0.0)
        self._answers += [(due, self._replies[question]) for question in self._asked.findall(data)]
        self._answer_what_is_due()
        self._stream.feed(_UNKNOWN_TO_PYTE.sub(b"", data))
        return True

    def _until_something_is_due(self, seconds: float) -> float:
        """How long there may be nothing to do, within so many seconds."""
        waits = bool(self._answers) and not self.is_silent
        return min(seconds, max(0.0, self._answers[0][0] - time.monotonic())) if waits else seconds

    def _answer_what_is_due(self) -> bool:
        """Send the program the answers that have arrived; whether there was any."""
        sent = False
        if self.is_silent:
            return False
        while self._open and self._answers and self._answers[0][0] <= time.monotonic() + 0.001:
            os.write(self._master, self._answers.popleft()[1])
            sent = True
        return sent


def modes_left_on(output: bytes) -> set[int]:
    """The private modes that a program's output has switched on and not off again, or never off."""
    on = dict.fromkeys(SANE, True)
    for numbers, switch in re.findall(rb"\x1b\[\?([0-9;]+)([hl])", output):
        on |= {int(number): switch == b"h" for number in numbers.split(b";")}
    return {mode for mode, still in on.items() if still}


# What training leaves behind ----------------------------------------------------------


def processes_of(runs: Path) -> list[psutil.Process]:
    """The supervisors and trainers of the runs in a folder: they outlive every terminal."""
    found = []
    for process in psutil.process_iter(["cmdline", "status"]):
        mine = any(Path(word).is_relative_to(runs) for word in process.info["cmdline"] or ())
        if mine and process.info["status"] != psutil.STATUS_ZOMBIE:
            found.append(process)
    return found


def trainer_of(run: Path) -> psutil.Process:
    """The trainer of a run. Raises StopIteration when there is none."""
    return next(process for process in processes_of(run) if "gan_tui.training.trainer" in process.cmdline())


def end_runs(runs: Path) -> None:
    """Kill all training in a folder of runs, and see that it is gone."""
    deadline = time.monotonic() + 10
    while (processes := processes_of(runs)) and time.monotonic() < deadline:  # one may start another meanwhile
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(processes, timeout=10)
    assert not processes_of(runs), f"still training in {runs}"
