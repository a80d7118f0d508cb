"""What a group can share evenly, and whether it gains by that."""

import pytest

from gan_tui import presets
from gan_tui.errors import UserError
from gan_tui.presets import Preset
from gan_tui.presets.group_gains import expected, too_small
from gan_tui.presets.groups import refuse_layers, refuse_uneven


def of(name: str, **settings: object) -> Preset:
    return presets.find(name).with_settings(settings)


@pytest.mark.parametrize(
    ("preset", "train", "replicas"),
    [
        (of("gan"), 5000, 2),
        (of("gan"), 5001, 64),  # what does not fill a batch is left out
        (of("fashion-cnn"), 48000, 2),
        (of("fashion-cnn"), 4010, 2),  # the last batch has 10
        (of("xor"), 4, 4),
        (of("wgan-gp"), 5000, 8),
    ],
)
def test_even_shares_are_taken(preset: Preset, train: int, replicas: int) -> None:
    refuse_uneven(preset, train, replicas)


@pytest.mark.parametrize(
    ("preset", "train", "replicas", "says"),
    [
        (
            of("gan"), 5000, 3,
            "batch_size 128 cannot be shared evenly by 3; batch_size 126 or 129 would do, or 2, 4 or 8 can share it.",
        ),
        (
            of("wgan-gp"), 5000, 5,
            "batch_size 32 cannot be shared evenly by 5; batch_size 30 or 35 would do, or 2, 4 or 8 can share it.",
        ),
        (
            of("fashion-cnn"), 4001, 2,
            "The last batch of each epoch has 1 example, which cannot be shared evenly by 2; train it in one process.",
        ),
        (
            of("fashion-cnn"), 4002, 4,
            "The last batch of each epoch has 2 examples, which cannot be shared evenly by 4; 2 can share it.",
        ),
        (
            of("plane"), 45, 2,
            "A batch of all 45 examples cannot be shared evenly by 2; 3, 5 or 9 can share it.",
        ),
    ],
)  # fmt: skip
def test_uneven_shares_are_refused_with_what_would_do(preset: Preset, train: int, replicas: int, says: str) -> None:
    with pytest.raises(UserError) as refused:
        refuse_uneven(preset, train, replicas)
    assert str(refused.value) == says


def test_a_layer_that_needs_the_whole_batch_is_refused() -> None:
    document = presets.find("fashion-cnn").as_document()
    layers = document["networks"]["classifier"]["layers"]
    layers.insert(0, {"layer": "RandomElasticTransform", "name": "bent", "factor": 0.5})
    with pytest.raises(UserError, match=r"networks.classifier: bent \(RandomElasticTransform\) changes images by"):
        refuse_layers(presets.from_document(document, "bent"))
    refuse_layers(of("fashion-cnn"))


def test_devices_of_one_process_cannot_have_losses_of_layers() -> None:
    document = presets.find("fashion-cnn").as_document()
    document["networks"]["classifier"]["layers"][0]["activity_regularizer"] = "l2"
    preset = presets.from_document(document, "regularized")
    refuse_layers(preset)
    with pytest.raises(UserError, match="has an activity_regularizer"):
        refuse_layers(preset, several_here=True)


@pytest.mark.parametrize(("name", "train"), [("gan", 5000), ("fashion-cnn", 48000), ("dcgan", 5000)])
def test_two_workers_gain_where_a_step_is_long(name: str, train: int) -> None:
    assert 1 < expected(of(name), train, 2) < 2
    assert too_small(of(name), train, 2) == ""


def test_what_is_too_small_to_gain_is_said_to_be_so() -> None:
    assert too_small(of("xor"), 4, 2) == (
        "XOR is too small to gain from 2 workers: about 0.059 × the steps/s of one process, as measured without GPUs; "
        "train it in one process, or with a larger batch_size."
    )
    assert too_small(of("conv10-tape"), 48000, 2)
