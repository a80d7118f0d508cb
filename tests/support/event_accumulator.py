"""TensorBoard's own reader of its files, without TensorFlow, which takes seconds to load."""

import sys
import types
from pathlib import Path
from typing import Any

import pytest


def read(folder: Path, shown: bool = False) -> Any:
    """What TensorBoard makes of a run's files: all of it, and not a sample as for its pages.

    What is `shown` on these is read by another class, which alone drops what a run did again.
    """
    sys.modules.setdefault("tensorboard.compat.notf", types.ModuleType("notf"))
    module = "plugin_event_accumulator" if shown else "event_accumulator"
    accumulator = pytest.importorskip(
        f"tensorboard.backend.event_processing.{module}", reason="it needs TensorBoard: pip install tensorboard"
    )
    sizes = {"tensor_size_guidance": dict.fromkeys(("scalars", "images", "histograms", "text", "hparams"), 0)}
    read = accumulator.EventAccumulator(str(folder), **(sizes if shown else {"size_guidance": {"tensors": 0}}))
    read.Reload()
    return read


def tags(folder: Path) -> set[str]:
    return set(read(folder).Tags()["tensors"])


def scalars(folder: Path, tag: str, shown: bool = False) -> list[tuple[int, float, float]]:
    """(step, value, time) of each."""
    import numpy as np

    found = read(folder, shown).Tensors(tag)
    return [
        (each.step, float(np.frombuffer(each.tensor_proto.tensor_content, "<f4")[0]), each.wall_time) for each in found
    ]


def values(folder: Path, tag: str, shown: bool = False) -> dict[int, float]:
    """Step → value. Fails where a step has two."""
    found = scalars(folder, tag, shown)
    steps = [step for step, _, _ in found]
    assert len(set(steps)) == len(steps), f"a step of {tag} has two values"
    return {step: value for step, value, _ in found}


def strings(folder: Path, tag: str) -> dict[int, list[bytes]]:
    """Step → the texts of a tensor of texts: an image's width, height and PNG, or Markdown."""
    return {each.step: list(each.tensor_proto.string_val) for each in read(folder).Tensors(tag)}
