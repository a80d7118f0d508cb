"""A run that has learnt nothing is said to be stuck, and no other is."""

import pytest

from gan_tui import presets
from gan_tui.presets import layer_table
from gan_tui.run.events import Epoch, Event, Metrics, Record, Started, State
from gan_tui.run.outcome import stuck
from gan_tui.run.state import RunState

CORNERS = [[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]]
UNEVEN = [[n / 30, 0.5, int(n > 20)] for n in range(30)]  # 21 of one class, 9 of the other


def ended(
    preset: str, accuracy: float, *more: Event, points: list[list[float]] = CORNERS, steps: int = 200, epoch: int = 1
) -> RunState:
    """What a run came to whose steps all had this accuracy."""
    known = presets.find(preset)
    networks = {network.name: layer_table.layer_rows(network) for network in known.networks}
    about = {"name": known.dataset, "origin": "", "train": 4, "validation": 0, "points": points}
    started = Started(preset, "", known.task, 42, networks, about, [], {}, steps, epoch, 4)
    measured = Metrics([*range(1, steps + 1)], {"loss": [0.7] * steps, "accuracy": [accuracy] * steps})
    events = started, measured, *more, State("finished", "all steps are done")
    return RunState().apply_all(Record(n, n, event) for n, event in enumerate(events))


def validated(accuracy: float) -> Epoch:
    return Epoch(1, 200, {"val_loss": 2.3, "val_accuracy": accuracy})


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        (ended("xor", 0.5), "0.5"),
        (ended("xor", 0.75), "0.75"),  # all of so few can be learnt
        (ended("plane", 0.7, points=UNEVEN), "0.7"),  # always the class that most have
        (ended("fashion-cnn", 0.9, validated(0.1), points=[], epoch=200), "0.1"),
    ],
)
def test_what_is_no_better_than_chance_is_stuck(state: RunState, shown: str) -> None:
    assert stuck(state) == f"Stuck at an accuracy of {shown}; trained longer or from another seed it may learn."
    assert stuck(state.latest()) == stuck(state)


@pytest.mark.parametrize(
    "state",
    [
        ended("xor", 1.0),
        ended("xor", 0.5, steps=99),  # too short to say
        ended("xor", float("nan")),
        ended("plane", 0.75, points=UNEVEN),
        ended("fashion-cnn", 0.1, validated(0.11), points=[], epoch=200),
        ended("fashion-cnn", 0.1, points=[], epoch=200),  # of the last batch, which says little
        ended("gan", 0.1, points=[]),
        ended("xor", 0.5).apply(Record(999, 999, State("stopped", "asked to stop"))),
        RunState(),
    ],
)
def test_whatever_else_is_not(state: RunState) -> None:
    assert stuck(state) == ""
