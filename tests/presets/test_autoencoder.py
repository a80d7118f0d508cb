"""What an autoencoder must be, and what its data may be, without TensorFlow."""

# ruff: noqa: E501 (a table reads best with a row a line)

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gan_tui import presets
from gan_tui.presets.plan import planned

AUTOENCODER = presets.find("autoencoder")


def with_last(**changes: Any) -> Any:
    """Its document, the last layer another."""
    document = AUTOENCODER.as_document()
    document["networks"]["autoencoder"]["layers"][-1] |= changes
    return document


@pytest.mark.parametrize(
    ("document", "settings", "sentence"),
    [
        (with_last(filters=2), {}, "networks.autoencoder's output [28, 28, 2] does not fit an image of mnist [28, 28, 1]; "
         "it must have 784 numbers"),
        (with_last(), {"image_range": [-1, 1]}, "networks.autoencoder ends in sigmoid, from 0 to 1, and cannot reach all "
         "of image_range [-1, 1]; change one of them"),
        (with_last(activation="tanh"), {"image_range": [-1, 1], "loss": "binary_crossentropy"}, "settings: loss: "
         '"binary_crossentropy" needs an image_range within [0, 1]; choose that, or "mse"'),
        (with_last(activation="relu"), {"loss": "binary_crossentropy"}, "networks.autoencoder must end in sigmoid, not in "
         "relu: the loss binary_crossentropy takes its outputs for probabilities"),
        (with_last(), {"loss": "mea"}, 'settings: loss cannot be "mea", did you mean "mae"?'),
    ],
)  # fmt: skip
def test_what_cannot_give_images_back_is_refused(document: Any, settings: dict[str, Any], sentence: str) -> None:
    document["settings"] |= settings
    with pytest.raises(ValueError) as refused:
        presets.from_document(document, "mine")
    assert str(refused.value) == sentence


def test_its_loss_is_called_what_it_is_and_validated_where_examples_are_held_back() -> None:
    assert [(metric.name, metric.unit) for metric in AUTOENCODER.metrics] == [
        ("loss", "mean squared error"), ("val_loss", "mean squared error"),
    ]  # fmt: skip
    alone = AUTOENCODER.with_settings({"validation_split": 0.0, "loss": "binary_crossentropy", "patience": 2})
    assert [(metric.name, metric.unit) for metric in alone.metrics] == [("loss", "binary cross-entropy")]
    assert alone.without_effect() == ["patience does nothing without a validation_split."]


def test_it_needs_no_labels_and_takes_the_nearest_sides_that_it_reaches(tmp_path: Path) -> None:
    np.savez(tmp_path / "one.npz", images=np.zeros((90, 30, 41, 3), np.uint8), labels=np.zeros(90, int))
    preset = AUTOENCODER.with_settings({"data": str(tmp_path / "one.npz")})
    assert preset.networks[0].input == preset.networks[0].output == (32, 40, 3)
    assert (planned(preset).train, planned(preset).validation) == (81, 9)
