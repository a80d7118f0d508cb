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
from gan_tui.training.group import unlike, words
from gan_tui.training.group.members import Members
from gan_tui.training.group.rounds import Rounds
from gan_tui.training.group.steps import GroupSteps

_STEP, _TOTAL, _OWN = "place/step", "place/steps_total", "own/"


def begin(group: Members, task: Any, step: int) -> None:
    """All begin where worker 0 is, after so many steps. Raises UserError where workers are not alike."""
    if group.workers == 1:
        return
    rounds, digests = _steps(task).rounds, _digests(task)
    _refuse_unlike(rounds, task, rounds.each(b"".join(digests.values())), list(digests))
    rounds.measure(exchanged(task.preset) // 4)
    place = {_STEP: np.array(step), _TOTAL: np.array(task.steps_total)}
    content = rounds.told(_content({**task.arrays(), **_own(task), **place}))
    if not group.is_first:
        task.steps.total_of_group = take_arrays(task, content)


def share_arrays(task: Any, step: int) -> None:
    """Give the others all that worker 0 has."""
    _steps(task).share(words.ARRAYS, _content({**task.arrays(), **_own(task), _STEP: np.array(step)}))


def take_arrays(task: Any, content: bytes) -> int:
    """Become what worker 0 is; returns after how many steps that ends, where it was told."""
    arrays = safetensors.load(content)
    task.restore_own({name.removeprefix(_OWN): array for name, array in arrays.items() if name.startswith(_OWN)})
    task.restore(arrays)
    task.steps.go_to(int(arrays[_STEP]))
    return int(arrays.get(_TOTAL, 0))


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
    told = {
        **{library: version(library) for library in ("gan-tui", "tensorflow", "keras", "numpy")},
        "data": task.begun_on.sha256(),  # points that were set since are told
        "settings": json.dumps(_settings(task), sort_keys=True, default=str),
    }
    return {name: hashlib.sha256(words.encode()).digest() for name, words in told.items()}


def _settings(task: Any) -> tuple[dict[str, Any], Any, int]:
    """Those that must be the same, networks, and the run's length where that matters."""
    preset = task.preset
    free = {*_PLACES, *_WORKER_0, *preset.files()}
    settings = {name: value for name, value in preset.settings.items() if name not in free}
    length = task.steps_total if schedules.follows_length(preset.settings) else 0
    return settings, preset.as_document().get("networks"), length


def _refuse_unlike(rounds: Rounds, task: Any, rows: list[bytes], names: list[str]) -> None:
    """Raises UserError naming the first worker that differs from worker 0, and in what: in all of them at once."""
    for worker, row in enumerate(rows):
        for place, name in enumerate(names):
            part = slice(32 * place, 32 * (place + 1))
            if row[part] != rows[0][part]:
                what = f"other {name}" if name in ("data", "settings") else f"another version of {name}"
                which = _which(rounds, task, worker) if name == "settings" else ""
                raise UserError(
                    f"Worker {worker} has {what} than worker 0{which}; give all workers the same, and start again.",
                    TRAINING_FAILED,
                )


def _which(rounds: Rounds, task: Any, worker: int) -> str:
    """Which settings differ, in brackets; all workers take part."""
    own = unlike.told(*_settings(task))
    longest = int(rounds.numbers([float(len(own))]).max())
    each = rounds.each(own.ljust(longest))
    differ = unlike.differences(each[0], each[worker])
    return f" ({differ})" if differ else ""
