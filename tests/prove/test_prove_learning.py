"""Training is what Keras's `fit` makes of it, whatever the optimizer, the schedule, the loss and the layers."""

import random
from pathlib import Path

import pytest
from proving import Line, judge

from fitted import LAYERS, LOSSES, OPTIMIZERS, SCHEDULES, apart, assert_goes_on_bit_for_bit, of_choices, of_xor

pytestmark = [pytest.mark.prove, pytest.mark.timeout(600)]
DRAWN = 22


def test_drawn_combinations_train_as_fit_does(tmp_path: Path, lines: list[Line]) -> None:
    """Each optimizer once before one comes again."""
    chance = random.Random(18)
    kinds = chance.sample(OPTIMIZERS, len(OPTIMIZERS)) + chance.choices(OPTIMIZERS, k=DRAWN - len(OPTIMIZERS))
    for optimizer in kinds:
        schedule, loss, layers = chance.choice(SCHEDULES), chance.choice(LOSSES), chance.choice(LAYERS)
        weights, mean = apart(of_choices(tmp_path, optimizer, schedule, loss, layers), optimizer, schedule, loss[2])
        settings = {**optimizer.settings, **schedule.settings, **loss[2].settings}
        words = ", ".join(f"{name} {value}" for name, value in settings.items() if name not in ("schedule", "loss"))
        what = f"{loss[2].settings['loss']}, {schedule.settings.get('schedule', 'constant')}, {words}"
        told = f"weights {weights:.1e}, loss {mean:.1e}"
        lines.append(Line(what, "fit", "≤ 1e-5", told, weights <= 1e-5 and mean <= 1e-5))
    judge(lines)


def test_every_optimizer_goes_on_bit_for_bit(lines: list[Line]) -> None:
    for place in range(len(OPTIMIZERS)):
        assert_goes_on_bit_for_bit(of_xor(place))
    lines.append(Line("optimizers that go on from a checkpoint bit for bit", "all", "all", f"{len(OPTIMIZERS)}", True))
    judge(lines)
