"""The group that this process is a worker of, where the environment says that there is one."""

import os
from collections.abc import Mapping
from typing import Any

import tensorflow as tf

from gan_tui.run.group_start import GPUS
from gan_tui.system.cluster import cluster_of
from gan_tui.training.group.beginning import begin, share_settings
from gan_tui.training.group.joining import unlocked
from gan_tui.training.group.members import Members


class Group(Members):
    """What a task is built for, and begins with."""

    def begin(self, task: Any, step: int) -> None:
        """Begin where worker 0 is, which has taken so many steps. Raises UserError where workers differ."""
        begin(self, task, step)

    def share_settings(self, task: Any) -> None:
        """Give the others what was set on worker 0 while it trains."""
        if self.workers > 1:
            share_settings(task)


def group_here(env: Mapping[str, str] | None = None) -> Group | None:
    """The group of this process; None where it is alone. To be asked before TensorFlow's first operation."""
    env = os.environ if env is None else env
    if cluster := cluster_of({"TF_CONFIG": env.get("TF_CONFIG", "")}):
        return _prepared(Group(_of_several_machines(), cluster.index, len(cluster.workers)))
    if wanted := env.get(GPUS, ""):
        devices = _devices(wanted)
        if len(devices) > 1:
            return _prepared(Group(_of_one_machine(devices), 0, 1))
    return None


def _prepared(group: Group) -> Group:
    """These live on names that are Keras's own: only where there is a group can a Keras without them be in the way."""
    from gan_tui.training.group import batch_statistics, draws, local_updates

    for part in (draws, local_updates, batch_statistics):
        part.install()
    return group


def _of_several_machines() -> Any:
    """NCCL where there are GPUs; else a ring, which gives all workers the same bits."""
    kinds = tf.distribute.experimental.CommunicationImplementation
    way = kinds.AUTO if tf.config.list_physical_devices("GPU") else kinds.RING
    options = tf.distribute.experimental.CommunicationOptions(implementation=way)
    with unlocked():
        return tf.distribute.MultiWorkerMirroredStrategy(communication_options=options)


def _devices(wanted: str) -> list[str]:
    """GPUs, or where there are none, parts of the processor that were made of it."""
    kind = "GPU" if tf.config.list_physical_devices("GPU") else "CPU"
    names = [device.name.replace("/device:", "/").lstrip("/") for device in tf.config.list_logical_devices(kind)]
    return names if wanted == "all" else names[: int(wanted)]


def _of_one_machine(devices: list[str]) -> Any:
    """NCCL is of whole GPUs: parts of one, or of a processor, sum up on the first."""
    whole = len(tf.config.list_physical_devices("GPU")) >= len(devices)
    across = None if whole else tf.distribute.ReductionToOneDevice()
    return tf.distribute.MirroredStrategy(devices, cross_device_ops=across)
