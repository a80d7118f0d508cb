"""What `gan-tui train --dry-run` tells of several that would take a run's steps together."""

from dataclasses import dataclass
from typing import Any

from gan_tui.presets import Preset
from gan_tui.presets.group_gains import expected, too_small
from gan_tui.presets.groups import refuse_layers, refuse_uneven
from gan_tui.presets.plan import Plan
from gan_tui.run import group_start
from gan_tui.run.group_start import ALL, NONE_HERE, NOT_SEVERAL, GroupStart, refuse_fewer_gpus
from gan_tui.system.cluster import Cluster
from gan_tui.system.listening import worker_words
from gan_tui.text import counted


@dataclass(frozen=True)
class Asked:
    """Who is to train: what options ask for, or the group that the environment tells of."""

    start: GroupStart
    cluster: Cluster | None

    @property
    def source(self) -> str:
        """Who has said so; empty where one process trains alone."""
        if self.cluster:
            return self.cluster.source
        return "--gpus" if self.start.gpus else "--workers" if self.start.workers > 1 else ""

    def replicas(self, gpus: int | None) -> int:
        """How many would take steps together, where TensorFlow has found so many GPUs; None: that is not known."""
        if self.cluster:
            return len(self.cluster.workers)
        if self.start.gpus == ALL:
            return gpus or 1
        return int(self.start.gpus or self.start.workers)


ALONE = Asked(group_start.ALONE, None)


@dataclass(frozen=True)
class SharedSteps:
    """The steps of a preset, shared by all of them."""

    preset: Preset
    plan: Plan
    asked: Asked
    gpus: int | None
    """How many TensorFlow has found, where it was asked."""

    @property
    def replicas(self) -> int:
        return self.asked.replicas(self.gpus)

    @property
    def share(self) -> int:
        """Examples of a step that each takes."""
        return self.plan.batch_size // self.replicas

    @property
    def last_share(self) -> int:
        """Of the last step of an epoch, where that has fewer; else 0."""
        left = 0 if self.preset.whole_batches else self.plan.train % self.plan.batch_size
        return left // self.replicas

    @property
    def too_small(self) -> str:
        return too_small(self.preset, self.plan.train, self.replicas) if self.replicas > 1 else ""

    def check(self) -> None:
        """Raises UserError where TensorFlow's GPUs are not those that are asked for, or cannot share a batch."""
        if self.asked.source == "--gpus" and self.gpus is not None:
            refuse_fewer_gpus(self.asked.start.gpus, self.gpus)
            if self.replicas > 1:
                refuse_layers(self.preset, several_here=True)
                refuse_uneven(self.preset, self.plan.train, self.replicas)

    # In words ----------------------------------------------------------

    def words(self) -> str:
        if self.replicas == 1:
            all_there_are = self.asked.start.gpus == ALL and self.gpus is None
            return "as many GPUs as TensorFlow finds on this machine (--gpus all)" if all_there_are else self._alone
        each = f"each takes {self.share:,} of the {counted(self.plan.batch_size, 'example')} of a step"
        last = f", {self.last_share:,} in an epoch's last" if self.last_share else ""
        return f"{self._who()}; {each}{last}"

    @property
    def _alone(self) -> str:
        return NOT_SEVERAL if self.gpus else NONE_HERE

    def _who(self) -> str:
        cluster, count = self.asked.cluster, self.replicas
        if cluster is None:
            noun = "GPU" if self.asked.start.gpus else "worker"
            return f"{counted(count, noun)} of this machine ({self.asked.source})"
        own = worker_words(cluster.index, cluster.workers[cluster.index])
        return f"{counted(count, 'worker')} ({cluster.source}), and this would be {own}"

    def as_document(self) -> dict[str, Any]:
        several = self.replicas > 1
        return {
            "source": self.asked.source, "replicas": self.replicas,
            "index": self.asked.cluster.index if self.asked.cluster else 0,
            "examples_per_step": self.share, "examples_in_last_step": self.last_share or None,
            "expected": expected(self.preset, self.plan.train, self.replicas) if several else 1.0,
            "too_small": self.too_small,
        }  # fmt: skip
