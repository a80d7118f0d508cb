"""How a group comes to be of one mind: at its beginning, and when worker 0 was given something else since."""

import hashlib
import json
from importlib.metadata import version
from typing import Any

import numpy as np
from safetensors import numpy as safetensors

from gan_tui.errors import TRAINING_FAILED, UserError
from gan_tui.presets import schedules
from gan_tui.presets.group_gains import exchanged
from gan_tui.run.checkpoint_arrays import Arrays
from gan_tui.training.group import words
from gan_tui.training.group.members import Members
from gan_tui.training.group.steps import GroupSteps

_STEP, _OWN = "place/step", "own/"


def begin(group: Members, task: Any, step: int) -> None:
    """All begin where worker 0 is, after so many steps. Raises UserError where workers are not alike."""
    if group.workers == 1:
        return
    rounds, digests = _steps(task).rounds, _digests(task)
    _refuse_unlike(rounds.each(b"".join(digests.values())), list(digests))
    rounds.measure(exchanged(task.preset) // 4)
    content = rounds.told(_content({**task.arrays(), **_own(task), _STEP: np.array(step)}))
    if not group.is_first:
        take_arrays(task, content)


def share_arrays(task: Any, step: int) -> None:
    """Give the others all that worker 0 has."""
    _steps(task).share(words.ARRAYS, _content({**task.arrays(), **_own(task), _STEP: np.array(step)}))


def take_arrays(task: Any, content: bytes) -> None:
    arrays = safetensors.load(content)
    task.restore_own({name.removeprefix(_OWN): array for name, array in arrays.items() if name.startswith(_OWN)})
    task.restore(arrays)
    task.steps.go_to(int(arrays[_STEP]))


def share_settings(task: Any) -> None:
    """Give the others what was set while training: learning rates, and whatever a task has of its own."""
    _steps(task).share(words.SET, _content({**_rates(task), **_own(task)}))


def take_settings(task: Any, content: bytes) -> None:
    arrays = safetensors.load(content)
    task.restore_own({name.removeprefix(_OWN): array for name, array in arrays.items() if name.startswith(_OWN)})
    task.restore_some(_rates(task).keys(), arrays)


def _steps(task: Any) -> GroupSteps:
    assert isinstance(task.steps, GroupSteps)
    return task.steps


def _own(task: Any) -> Arrays:
    return {_OWN + name: array for name, array in task.own_arrays().items()}


def _rates(task: Any) -> Arrays:
    return {name: array for name, array in task.arrays().items() if name.endswith("learning_rate")}


def _content(arrays: Arrays) -> bytes:
    return safetensors.save({name: np.array(array, order="C") for name, array in arrays.items()})


# Whether workers are alike ----------------------------------------------------------------------------------

_PLACES = ("data", "data_folder")
"""Settings that say where something lies, which may be elsewhere on each machine."""
_WORKER_0 = ("steps", "epochs", "autosave_minutes", "autosave_epochs", "autosave_keep")
"""Settings of which only worker 0 does anything, but where a schedule follows the run's length."""


def _digests(task: Any) -> dict[str, bytes]:
    """What must be the same for all workers → a checksum of it."""
    preset = task.preset
    free = {*_PLACES, *_WORKER_0, *preset.files()}
    settings = {name: value for name, value in preset.settings.items() if name not in free}
    length = task.steps_total if schedules.follows_length(preset.settings) else 0
    networks: Any = preset.as_document().get("networks")
    told = {
        **{library: version(library) for library in ("gan-tui", "tensorflow", "keras", "numpy")},
        "data": task.begun_on.sha256(),  # points that were set since are told
        "settings": json.dumps([settings, networks, length], sort_keys=True, default=str),
    }
    return {name: hashlib.sha256(words.encode()).digest() for name, words in told.items()}


def _refuse_unlike(rows: list[bytes], names: list[str]) -> None:
    """Raises UserError naming the first worker that differs from worker 0, and in what."""
    for worker, row in enumerate(rows):
        for place, name in enumerate(names):
            part = slice(32 * place, 32 * (place + 1))
            if row[part] != rows[0][part]:
                what = f"other {name}" if name in ("data", "settings") else f"another version of {name}"
                raise UserError(
                    f"Worker {worker} has {what} than worker 0; give all workers the same, and start again.",
                    TRAINING_FAILED,
                )
