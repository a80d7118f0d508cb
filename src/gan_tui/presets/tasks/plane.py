"""First networks on the plane: a small classifier of a few points, given by a preset or drawn by a person."""

from collections.abc import Iterator, Mapping
from typing import Any

from gan_tui.data.own import Form
from gan_tui.data.points import PLANE
from gan_tui.presets.checks import any_of, choice, path, takes
from gan_tui.presets.datasets import DatasetFacts, is_csv
from gan_tui.presets.losses import is_binary
from gan_tui.presets.networks import Network
from gan_tui.presets.settings import BATCH_SIZE, BATCHES, Setting, or_zero
from gan_tui.presets.tasks.base import Described
from gan_tui.presets.tasks.supervised import LEARNING, MEASURED, SUPERVISED, SupervisedRules, validated
from gan_tui.presets.tasks.tables import made_network, network_settings, table_settings, without_table

_ON_POINTS = ("points",)


@takes(f"{any_of(tuple(PLANE))}, or the path of a CSV file of x,y,class")
def _points(value: object) -> str:
    """The name of a set of points, or the path of a CSV file, made absolute."""
    if is_csv(value):
        return str(path(value))
    try:
        return str(choice(*PLANE)(value))
    except ValueError as error:
        raise ValueError(f"{error} (the path of a CSV file works, too)") from None


class PlaneRules(SupervisedRules):
    name = "plane"
    takes = Form.TABLE
    heading = "First networks on the plane"
    ends = (("features", ""),)
    datasets = ("xor", "simple", "triples", "points")
    same_on_one_thread = True
    settings = (
        *table_settings(*_ON_POINTS),
        Setting(BATCH_SIZE.name, BATCH_SIZE.about, BATCH_SIZE.default, or_zero(BATCHES)),
        *SUPERVISED,
        Setting("points", "what to learn: a named set of points, or the path of a CSV file of x,y,class",
                "circle", _points, _ON_POINTS, is_file=is_csv),
        *validated(*_ON_POINTS, metrics=MEASURED),
        *network_settings(*_ON_POINTS),
        *LEARNING,
    )  # fmt: skip

    def network_settings(self, dataset: str) -> tuple[str, ...]:
        return ("hidden", "activation") if dataset in _ON_POINTS else ()

    def made_networks(self, values: Mapping[str, Any], facts: DatasetFacts) -> tuple[Network, ...]:
        """Hidden layers, then softmax with an output a class; or the one output that a loss of two classes takes."""
        outputs, end = (1, "sigmoid") if is_binary(values["loss"]) else (facts.classes, "softmax")
        return made_network("classifier", values, facts, outputs, end)

    def check_settings(self, preset: Described) -> None:
        super().check_settings(preset)
        if not preset.settings["batch_size"] and preset.dataset not in _ON_POINTS:
            raise ValueError("batch_size must be a whole number from 1 to 1,000,000, not 0")
        if preset.settings.get("validation_split") and not preset.settings["data"]:
            raise ValueError("validation_split: all points are learnt; name a table as data to hold some of it back")

    def without_effect(self, preset: Described) -> Iterator[tuple[str, str]]:
        yield from super().without_effect(preset)
        yield from without_table(preset)
