"""One worker of a group, as TF_CONFIG says which: `group_member.py FOLDER`, where `cases.json` says what is trained.

Of each case, in turn, it leaves the rows of all steps and all arrays after them in the folder. `groups.py` starts it.
"""

import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any

from gan_tui.training import environment

environment.prepare()

import numpy as np  # noqa: E402

if replicas := int(os.environ.get("LOGICAL_CPUS", 0)):
    import tensorflow as tf

    (cpu,) = tf.config.list_physical_devices("CPU")
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * replicas)

from gan_tui import presets  # noqa: E402
from gan_tui.data.rows import StoredRows  # noqa: E402
from gan_tui.errors import UserError  # noqa: E402
from gan_tui.run.checkpoint_arrays import Arrays  # noqa: E402
from gan_tui.system import machine  # noqa: E402
from gan_tui.training.group.following import follow  # noqa: E402
from gan_tui.training.group.group import Group, group_here  # noqa: E402
from gan_tui.training.tasks import task_of  # noqa: E402
from groups import in_chunks  # noqa: E402

if little := int(os.environ.get("LITTLE_MEMORY", 0)):
    machine.free_memory = lambda root=None: little  # images stay in their file


def trained(case: dict[str, Any], group: Group | None) -> Arrays:
    """Rows, and all arrays afterwards; of one process where there is no group."""
    of_all = group is None or group.is_first
    task = task_of(presets.from_document(case["preset" if of_all else "others"], case["name"]), None, group)
    assert isinstance(task.dataset.train.x, StoredRows) is bool(little)
    begins = dict(np.load(case["begins"])) if case["begins"] and of_all else {}
    step = int(begins.pop("step", 0))
    if begins:
        task.restore_own(begins)
        task.restore({name: array for name, array in begins.items() if name not in ("rows", "step")})
        task.steps.go_to(step)
    if group:
        group.begin(task, step)
    if of_all:
        rows = np.concatenate(list(in_chunks(task, case)))
        if group:
            task.steps.end()
        return {"rows": rows, "step": np.array(step + len(rows)), **task.arrays(), **task.own_arrays()}
    return {"step": np.array(follow(task)), **task.arrays(), **task.own_arrays()}


def main() -> None:
    folder, group = Path(sys.argv[1]), group_here()
    index = group.index if group else 0
    for case in json.loads((folder / "cases.json").read_text()):
        try:
            np.savez(folder / f"{case['name']}.{index}.npz", **trained(case, group))
        except UserError as error:
            (folder / f"{case['name']}.{index}.txt").write_text(str(error))
        except Exception:  # noqa: BLE001 (whoever looks for the arrays finds this instead)
            (folder / f"{case['name']}.{index}.txt").write_text(traceback.format_exc())
    os._exit(0)  # at once: the others may have gone


if __name__ == "__main__":
    main()
