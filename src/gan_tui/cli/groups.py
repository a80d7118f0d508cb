"""Training by several: what the command line and the environment ask for, and what a worker does that is not the first.

A group is there where the environment tells of one (TF_CONFIG, SLURM's step), or where --workers or --gpus makes it.
"""

import os
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager

from gan_tui.errors import DONE, INTERRUPTED, UserError
from gan_tui.presets import Preset
from gan_tui.presets.groups import refuse_layers, refuse_uneven
from gan_tui.presets.plan import planned
from gan_tui.run import group_around, group_start
from gan_tui.run.group_start import GroupStart
from gan_tui.system.cluster import TF_CONFIG, Cluster, cluster_of
from gan_tui.system.private_network import refuse_public


def asked_for(given: Namespace) -> GroupStart | None:
    """What options ask for; None where they ask for nothing. Raises UserError where that cannot be."""
    if given.workers is None and given.gpus is None:
        return None
    return group_start.checked(1 if given.workers is None else given.workers, given.gpus or "")


def around(given: Namespace) -> Cluster | None:
    """The group that the environment tells of. Raises UserError where there must be none."""
    cluster = cluster_of(os.environ)
    if cluster is None:
        return None
    for option in ("workers", "gpus"):
        if getattr(given, option) is not None:
            variable = cluster.source if cluster.source == TF_CONFIG else "SLURM_STEP_NUM_TASKS"
            raise UserError(
                f"{cluster.source} tells of a group of {len(cluster.workers)} workers already; leave out --{option}, "
                f"or unset {variable}."
            )
    refuse_public(cluster, given.trust_network)
    return cluster


def check_shares(preset: Preset, group: GroupStart, cluster: Cluster | None) -> None:
    """Raises UserError where a preset's layers or batches cannot be shared evenly, before anything is made."""
    replicas = len(cluster.workers) if cluster else int(group.gpus) if group.gpus.isdecimal() else group.workers
    if replicas > 1:
        refuse_layers(preset, several_here=bool(group.gpus) and cluster is None)
        refuse_uneven(preset, planned(preset).train, replicas)


@contextmanager
def entered(cluster: Cluster | None, trusted: bool) -> Iterator[None]:
    """The run that is started meanwhile belongs to the group, as its worker 0."""
    if cluster is None:
        yield
        return
    told = {"TF_CONFIG": cluster.as_tf_config(), group_start.ENTERED: cluster.source}
    told |= {group_start.TRUSTED: "1"} if trusted else {}
    with group_around.entered(told):
        yield


def ended(code: int, cluster: Cluster | None) -> int:
    """The exit code of a worker 0: a launcher that ends all has ended them well, once what was trained is saved."""
    return DONE if cluster and code == INTERRUPTED else code


def follow(preset: Preset, cluster: Cluster, trusted: bool) -> int:
    """Take steps with worker 0, until it ends the group; returns the exit code."""
    from gan_tui.supervision.following import Following

    return Following(preset, cluster, sys.stderr, trusted).follow()
