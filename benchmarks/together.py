"""How fast two workers train one run, in turns with TensorFlow's strategy without gan-tui."""

from collections.abc import Iterator

from measuring import Figure

from training import Baseline, against, in_turns, training

_ALIKE = ("--workers", "2", "--epochs", "100000")


def group() -> Iterator[Figure]:
    """Two workers on this machine against a script of TensorFlow's strategy, the same batch and steps in a call."""
    without = ("--set", "validation_split=0", "--set", "patience=0")
    for preset, options in (("fashion-cnn", without), ("gan", ())):
        with training(preset, *_ALIKE, *options) as ours, Baseline("bare_group.py", preset) as bare:
            speeds = in_turns(ours, [bare], 6)
        yield against(f"`{preset}`, two workers, steps a second", "≥ 0.95", "the bare strategy", *speeds)
