"""What gan-tui does with a GPU: a table in ten minutes at most. Nothing is asserted; a row that fails says why.

python benchmarks/gpu.py [--minutes N] [--presets NAME …]     (works without a GPU, too, to try it)
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import TypeVar

import numpy as np
from measuring import COMMAND, Figure, Terminal, attached, own_runs, start
from safetensors.numpy import load_file

from gan_tui import presets
from gan_tui.run.commands import Command
from gan_tui.run.event_log import read_tail
from gan_tui.run.events import Event, Metrics, State
from gan_tui.run.folder import RunFolder
from gan_tui.supervision import control_client
from gan_tui.system import gpu
from pty_terminal import trainer_of
from training import Baseline, in_turns, training

Kind = TypeVar("Kind", bound=Event)

DETERMINISTIC = "TF_DETERMINISTIC_OPS"
SECONDS = 1.5
"""Of a turn."""
LEFT_FREE = 400_000_000
"""Bytes of a GPU that was made full."""


def devices(_: Sequence[str]) -> Iterator[Figure | str]:
    """What `doctor` and the dashboard say."""
    said = subprocess.run((*COMMAND, "doctor", "--json"), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    found = {row["name"]: row["text"] for row in json.loads(said.stdout)["found"]}
    yield f"doctor: devices: {found['devices']}"
    yield f"tensorflow {found['tensorflow']}, keras {found['keras']}, Python {found['python']}"
    with own_runs(), attached(start("gan", "--epochs", "1000")) as terminal:
        terminal.pump(5)
        yield f"dashboard: {terminal.screen.display[0].strip()}"


# Resuming ------------------------------------------------------------


def resuming(_: Sequence[str]) -> Iterator[Figure | str]:
    """Whether a run that was killed and resumed ends as one that was not, with deterministic operations and without."""
    for deterministic in ("1", "0"):
        os.environ[DETERMINISTIC] = deterministic
        try:
            for preset in ("gan", "fashion-cnn"):
                difference = _difference(preset)
                words = "the same bits" if difference == 0 else f"weights differ by up to {difference:.2g}"
                yield f"`{preset}`, killed and resumed, {DETERMINISTIC}={deterministic}: {words}"
        finally:
            os.environ.pop(DETERMINISTIC)


def _difference(preset: str) -> float:
    """Between the last weights of a run that went through and of one that was killed on its way."""
    with own_runs():
        through, killed = (start(preset, "--steps", "400", "--name", name) for name in ("through", "killed"))
        _until(lambda: _step(killed) > 100)
        _ask(killed, "save")
        trainer_of(killed).send_signal(signal.SIGKILL)
        _until(lambda: _state(killed) == "failed" and _state(through) == "finished")
        subprocess.run((*COMMAND, "resume", str(killed)), check=True, stdout=subprocess.DEVNULL)
        _until(lambda: _state(killed) == "finished")
        one, other = (
            load_file(sorted((run / "checkpoints").iterdir())[-1] / "state.safetensors") for run in (through, killed)
        )
    numbers = [name for name in one if one[name].dtype == np.float32]
    return max(float(np.max(np.abs(one[name] - other[name]), initial=0)) for name in numbers)


def _until(condition: Callable[[], bool], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds:g} s")
        time.sleep(0.1)


def _step(run: Path) -> int:
    return max((int(metrics.steps[-1]) for metrics in _newest(run, Metrics)), default=0)


def _state(run: Path) -> str:
    return next((state.state for state in reversed(_newest(run, State))), "")


def _newest(run: Path, kind: type[Kind]) -> list[Kind]:
    events = [record.event for record in read_tail(RunFolder(run).events_file, (kind,))]
    return [event for event in events if isinstance(event, kind)]


def _ask(run: Path, command: str) -> None:
    answer = control_client.ask(RunFolder(run), Command(command), 60)
    assert answer.ok, answer.text


# Pausing, waiting, and no room ------------------------------------------------------------


def pausing(_: Sequence[str]) -> Iterator[Figure | str]:
    """From the command to the answer, where a step is short and where it is long."""
    for preset in ("xor", "dcgan"):
        with training(preset, "--epochs", "10000000") as ours:
            waited = [1000 * ours.paused_after() for _ in range(12)]
        yield Figure(
            f"pause, `{preset}`, worst of {len(waited)}",
            "≤ 150",
            [max(waited)],
            "ms",
            f"median {median(waited):.0f}",
        )


def waiting(_: Sequence[str]) -> Iterator[Figure | str]:
    """What the TensorFlow that waits behind the menu takes of a GPU."""
    if not gpu.uses():
        yield "memory of the GPU: not known here"
        return
    with own_runs():
        before = gpu.uses()[0].used
        with Terminal(COMMAND) as terminal:
            terminal.pump(12)
            during = gpu.uses()[0].used
            terminal.type("q")
        time.sleep(2)
        after = gpu.uses()[0].used
    for what, used in (("while the menu waits", during), ("once it is closed", after)):
        yield f"memory of the GPU taken {what}: {(used - before) / 1e6:+.0f} MB"


FILLER = """
import sys, tensorflow as tf
size = int(sys.argv[1])
held = tf.zeros([size], tf.uint8)
print(int(held[0]), flush=True)
sys.stdin.readline()
"""


def full(_: Sequence[str]) -> Iterator[Figure | str]:
    """What a person reads where other programs have filled the GPU."""
    if not gpu.uses():
        yield "a full GPU: not tried, there is none whose memory is known"
        return
    use = gpu.uses()[0]
    free = use.memory - use.used
    command = (sys.executable, "-c", FILLER, str(free - LEFT_FREE - 600_000_000))  # its own libraries take their part
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as filler:
        assert filler.stdout is not None
        filler.stdout.readline()
        left = gpu.uses()[0]
        with own_runs():
            said = subprocess.run(
                (*COMMAND, "train", "dcgan", "--steps", "20", "--plain"), capture_output=True, text=True
            )
        filler.kill()
    last = (said.stdout + said.stderr).strip().splitlines()[-1]
    yield f"{(left.memory - left.used) / 1e6:.0f} MB left: exit {said.returncode}, {last}"


# Speed ------------------------------------------------------------


def speeds(names: Sequence[str]) -> Iterator[Figure | str]:
    """Each preset under an open dashboard, in turns with its bare step, by XLA, too."""
    for name in names:
        yield from _guarded(lambda name=name: _speed(name), name)  # type: ignore[misc]


def _speed(name: str) -> Iterator[Figure | str]:
    with ExitStack() as opened:
        others = [Baseline("bare_step.py", name, *options) for options in ((), ("xla",))]
        ours = opened.enter_context(training(name, "--epochs", "10000000", *_endless(name)))
        bare, xla = (opened.enter_context(other) for other in others)
        own, plain, compiled = in_turns(ours, [bare, xla], SECONDS)
    said = f"{median(own):,.4g} against {median(plain):,.4g} steps/s; with XLA {median(compiled):,.4g}"
    yield Figure(
        f"`{name}`, steps a second, of its bare step",
        "≥ 0.95",
        [a / b for a, b in zip(own, plain, strict=True)],
        "x",
        said,
    )


def _endless(name: str) -> list[str]:
    return ["--set", "patience=0"] if "patience" in presets.find(name).settings else []


# The table ------------------------------------------------------------

ROWS = (devices, resuming, pausing, waiting, full, speeds)


def main() -> None:
    bundled = sorted(path.stem for path in presets.bundled_folder().glob("*.toml"))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=9.5, help="no row begins later (default: 9.5)")
    parser.add_argument("--presets", nargs="*", default=bundled, metavar="NAME")
    parser.add_argument("--rows", nargs="*", default=[row.__name__ for row in ROWS], metavar="ROW")
    arguments = parser.parse_args()
    deadline = time.monotonic() + 60 * arguments.minutes
    print("| what | goal | here | beside it |\n|---|---|---|---|", flush=True)
    for row in ROWS:
        if row.__name__ in arguments.rows:
            for line in _guarded(lambda row=row: row(arguments.presets), row.__name__):  # type: ignore[misc]
                print(line.row() if isinstance(line, Figure) else f"| {line} | | | |", flush=True)
                if time.monotonic() > deadline:
                    print("| the time is over; rows that are missing were not measured | | | |")
                    return


def _guarded(measure: Callable[[], Iterator[Figure | str]], name: str) -> Iterator[Figure | str]:
    """What it measures; where it fails, why, and the rest goes on."""
    try:
        yield from measure()
    except Exception as error:  # noqa: BLE001 (the machine is not there for long: every other row counts)
        traceback.print_exc()
        yield f"{name}: failed: {type(error).__name__}: {error}"


if __name__ == "__main__":
    main()
