"""Regression: one network that learns a number of a table, such as a price, from the other columns."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from gan_tui.data.own import Form
from gan_tui.presets import losses
from gan_tui.presets.checks import choice, choices
from gan_tui.presets.datasets import DatasetFacts
from gan_tui.presets.losses import ERRORS, HUBER, HUBER_DELTA, SQUARES
from gan_tui.presets.networks import Network
from gan_tui.presets.settings import Setting
from gan_tui.presets.tasks.base import Described, TaskRules, check_input
from gan_tui.presets.tasks.supervised import check_monitor, validated, without_validation
from gan_tui.presets.tasks.tables import made_network, network_settings, table_settings, without_table
from gan_tui.run.metrics import LOSS, MAE, Metric

R2 = Metric("r2", "r2", "R²", "training", high=1.0, references=((0.0, "0: always the mean"),))
"""The share of the numbers' variance that is explained."""
_MEASURED = {"mae": replace(MAE, high=None), "r2": R2}
_OF_THE_MEAN = ((1.0, "1: always the mean"),)
"""What mse is where the mean is answered to everything: numbers are learnt in their deviations."""


class RegressionRules(TaskRules):
    name = "regression"
    heading = "Numbers"
    takes = Form.TABLE
    learns_number = True
    same_on_one_thread = True
    networks = ("regressor",)
    ends = (("features", "prediction"),)
    datasets = ("temperatures",)
    settings = (
        *table_settings(),
        Setting("loss", "what is minimized: the mean of squared errors, of errors, or of both (huber)",
                SQUARES, choice(SQUARES, ERRORS, HUBER)),
        Setting("metrics", "metrics besides the loss", ("mae", "r2"), choices(*_MEASURED)),
        *validated(metrics=tuple(_MEASURED)),
        *network_settings(),
        HUBER_DELTA,
    )  # fmt: skip

    def network_settings(self, dataset: str) -> tuple[str, ...]:
        return ("hidden", "activation")

    def made_networks(self, values: Mapping[str, Any], facts: DatasetFacts) -> tuple[Network, ...]:
        """Hidden layers, then a single number."""
        return made_network("regressor", values, facts, 1, "linear")

    def metrics(self, values: Mapping[str, Any]) -> tuple[Metric, ...]:
        measured = (LOSS, *(_MEASURED[name] for name in values["metrics"]))
        return measured + tuple(metric.validated() for metric in measured if values["validation_split"])

    def compared(self, metric: Metric, preset: Described) -> Metric:
        """Beside what the mean as the answer to everything would give; errors are in the label's own units."""
        if metric.group == LOSS.group:
            return metric.with_references(*(_OF_THE_MEAN if preset.settings["loss"] == SQUARES else ()))
        if metric.group == MAE.group:
            return replace(metric, unit=f"mean error of {preset.facts.label}")
        return metric

    def check_shapes(self, networks: Sequence[Network], facts: DatasetFacts, data: str) -> None:
        (regressor,) = networks
        check_input(regressor, facts.shape, f"an example of {data}")
        if regressor.output != (1,):
            raise ValueError(f"networks.regressor must end in one number, not in {list(regressor.output)}")

    def check_settings(self, preset: Described) -> None:
        super().check_settings(preset)
        check_monitor(preset.settings)

    def check_trains(self, preset: Described) -> None:
        super().check_trains(preset)
        (regressor,) = preset.networks
        if regressor.activation != "linear":
            raise ValueError(
                f"networks.regressor must end in linear, not in {regressor.activation}, which cannot reach every number"
            )

    def without_effect(self, preset: Described) -> Iterator[tuple[str, str]]:
        yield from super().without_effect(preset)
        yield from losses.without_effect(preset.settings)
        yield from without_validation(preset)
        yield from without_table(preset)
