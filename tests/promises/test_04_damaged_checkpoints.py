"""Promise 4: a checkpoint that lacks or changes anything is refused by name, and the one before it is used."""

import os
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest

from gan_tui import presets
from gan_tui.errors import UserError
from gan_tui.run import manifests
from gan_tui.run.folder import RunFolder

pytestmark = [pytest.mark.promise(4), pytest.mark.slow, pytest.mark.timeout(1200)]

OLD, NEW = "000000010", "000000020"


class Run:
    """A run with two checkpoints, and the loop that would resume it."""

    def __init__(self, preset: str, runs: Path) -> None:
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
        os.environ.setdefault("KERAS_BACKEND", "tensorflow")
        from gan_tui.run import checkpoint
        from gan_tui.run.recorder import Recorder
        from gan_tui.training.command_pipe import CommandPipe
        from gan_tui.training.loop import Loop
        from gan_tui.training.steering import Steering
        from gan_tui.training.tasks import task_of

        chosen = presets.find(preset)
        self.folder: RunFolder = presets.new_run(chosen, runs)
        task = task_of(chosen)
        recorder = Recorder(self.folder)
        pipe, answers = os.pipe()
        self.loop = Loop(task, recorder, CommandPipe(os.fdopen(pipe, "rb"), answers), Steering(task, recorder))
        for step in (10, 20):
            self.loop.progress.step = step
            self.loop.task.steps.run(1)
            checkpoint.save(self.folder.checkpoints, step, "asked", self.loop.contents.arrays(), task.networks)
        self.new, self.sound = self.folder.checkpoints / NEW, runs / "sound"
        shutil.copytree(self.new, self.sound)
        self.before = checkpoint.read(self.folder.checkpoints / OLD)

    def mend(self) -> None:
        shutil.rmtree(self.new)
        shutil.copytree(self.sound, self.new)

    def problem(self) -> str:
        """What is wrong with what a resume makes of the damaged newest checkpoint; nothing, when all is as promised."""
        self.loop.progress.step = 0
        try:
            passed_over = self.loop.resume()
        except UserError as error:
            return f"refused altogether: {error}"
        if len(passed_over) != 1 or not passed_over[0].startswith(f"The checkpoint {NEW} "):
            return f"not refused by name: {passed_over}"
        now = self.loop.contents.arrays()
        same = set(now) == set(self.before) and all(
            np.asarray(now[name]).tobytes() == array.tobytes() for name, array in self.before.items()
        )
        return "" if self.loop.step == 10 and same else f"not the one before: step {self.loop.step}"


@pytest.fixture(params=["xor", pytest.param("gan", id="gan")])
def run(request: pytest.FixtureRequest, runs: Path, at_length: bool) -> Run:
    if request.param != "xor" and not at_length:
        pytest.skip("make promises does it with a pair, too")
    return Run(request.param, runs)


def flip(file: Path, place: int) -> None:
    with file.open("r+b") as opened:
        opened.seek(place)
        (byte,) = opened.read(1)
        opened.seek(place)
        opened.write(bytes([byte ^ 1 << random.randrange(8)]))


def header_of(state: Path) -> tuple[dict[str, Any], int]:
    """(name → dtype, shape and place of each array, where the first begins)"""
    data = state.read_bytes()
    length = int.from_bytes(data[:8], "little")
    header = orjson.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    return header, 8 + length


@pytest.mark.prove
def test_each_part_in_turn(run: Run, trials: Callable[[int, int], int], proved: Callable[[str], None]) -> None:
    broken, counts = [], dict.fromkeys(("files", "bytes of arrays", "manifest entries", "other bytes"), 0)
    damages: list[tuple[str, Iterator[str]]] = [
        ("files", without_a_file(run)),
        ("bytes of arrays", with_a_changed_array(run)),
        ("manifest entries", with_another_manifest(run)),
        ("other bytes", with_a_changed_byte(run, trials(60, 300))),
    ]
    for kind, parts in damages:
        for part in parts:
            counts[kind] += 1
            if problem := run.problem():
                broken.append((kind, part, problem))
            run.mend()
    assert not broken
    proved(", ".join(f"{count} {kind}" for kind, count in counts.items()) + ": each refused by name")


def without_a_file(run: Run) -> Iterator[str]:
    for name in sorted(path.name for path in run.sound.iterdir()):
        (run.new / name).unlink()
        yield f"no {name}"
        (run.new / name).write_bytes(b"")
        yield f"empty {name}"
        os.truncate(run.new / name, (run.sound / name).stat().st_size - 1)
        yield f"{name} cut short"


def with_a_changed_array(run: Run) -> Iterator[str]:
    header, begin = header_of(run.sound / "state.safetensors")
    for name, array in header.items():
        first, last = array["data_offsets"]
        if first < last:
            flip(run.new / "state.safetensors", begin + random.randrange(first, last))
            yield name


def with_another_manifest(run: Run) -> Iterator[str]:
    sound = orjson.loads((run.sound / "manifest.json").read_bytes())
    for key, value in sound.items():
        yield from rewritten(run, f"no {key}", {name: kept for name, kept in sound.items() if name != key})
        yield from rewritten(run, f"another {key}", sound | {key: f"{value}x" if isinstance(value, str) else 1})
    sums = sound["sha256"]
    for name in sums:
        yield from rewritten(run, f"no sum of {name}", sound | {"sha256": {n: s for n, s in sums.items() if n != name}})
        yield from rewritten(run, f"another sum of {name}", sound | {"sha256": sums | {name: "0" * 64}})


def rewritten(run: Run, what: str, manifest: dict[str, Any]) -> Iterator[str]:
    (run.new / "manifest.json").write_bytes(written(manifest))
    yield what


def written(manifest: dict[str, Any]) -> bytes:
    """As it is saved: what is refused is refused for what it says."""
    return orjson.dumps(manifest, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def with_a_changed_byte(run: Run, count: int) -> Iterator[str]:
    names = sorted(path.name for path in run.sound.iterdir())
    for number in range(count):
        name = names[number % len(names)]
        place = random.randrange((run.sound / name).stat().st_size)
        flip(run.new / name, place)
        yield f"{name} at {place}"


def test_an_array_that_is_missing_though_the_manifest_is_of_the_rest(run: Run, proved: Callable[[str], None]) -> None:
    from safetensors.numpy import load_file, save_file

    arrays, broken = load_file(run.sound / "state.safetensors"), []
    manifest = orjson.loads((run.sound / "manifest.json").read_bytes())
    for name, array in arrays.items():
        for what, rest in (
            (f"no {name}", {n: a for n, a in arrays.items() if n != name}),
            (f"{name} of another shape", arrays | {name: np.zeros((*array.shape, 2), array.dtype)}),
        ):
            save_file(rest, run.new / "state.safetensors")
            sums = manifest["sha256"] | {"state.safetensors": manifests.sha256_of(run.new / "state.safetensors")}
            sound = {n: v for n, v in manifest.items() if n != "seal"} | {"sha256": sums}
            (run.new / "manifest.json").write_bytes(manifests.content_of(sound))
            if problem := run.problem():
                broken.append((what, problem))
    run.mend()
    assert not broken
    proved(f"{2 * len(arrays)} checkpoints that lack an array or have it in another shape: each refused by name")


def test_a_renamed_checkpoint_is_refused(run: Run) -> None:
    shutil.rmtree(run.new)
    shutil.copytree(run.folder.checkpoints / OLD, run.new)
    assert run.problem() == ""


def test_without_a_sound_one_the_run_says_so_and_does_not_begin_again(run: Run, proved: Callable[[str], None]) -> None:
    for name in (OLD, NEW):
        (run.folder.checkpoints / name / "state.safetensors").unlink()
    with pytest.raises(UserError) as caught:
        run.loop.resume()
    assert str(caught.value) == (
        f"None of the checkpoints {NEW}, {OLD} can be used: The checkpoint {NEW} lacks state.safetensors; restore "
        "what is missing or changed, or move the folder checkpoints away to train from the first step."
    )
    proved("none sound: refused in one sentence that names all")
