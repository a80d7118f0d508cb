"""A run that goes on is the same run: whatever of its preset was changed since its last checkpoint is named."""

from pathlib import Path

import pytest

from files import old_run
from gan_tui import presets
from gan_tui.errors import UserError
from gan_tui.presets import made_of
from gan_tui.presets.made_of import Data
from gan_tui.presets.networks import listed
from gan_tui.run import manifests
from gan_tui.run.folder import RunFolder
from gan_tui.supervision import starting

DATA = Data("embedded", 5000, "5e1f")


def saved(preset: str, runs: Path, data: Data = DATA) -> RunFolder:
    """A run with a checkpoint, as far as its manifest."""
    run = presets.new_run(presets.find(preset), runs)
    checkpoint = run.checkpoints / "000000010"
    checkpoint.mkdir(parents=True)
    write(checkpoint, made_of.made_of(presets.of_run(run), data))
    return run


def write(checkpoint: Path, says: object) -> None:
    """A manifest as a checkpoint has it."""
    content = manifests.content_of({"format": manifests.FORMAT, made_of.MADE_OF: says})
    (checkpoint / "manifest.json").write_bytes(content)


def edit(run: RunFolder, old: str, new: str) -> None:
    text = run.preset_file.read_text()
    assert text.count(old) >= 1
    run.preset_file.write_text(text.replace(old, new, 1))


REFUSED = [
    ("fashion-cnn", "batch_size = 32", "batch_size = 17", "batch_size is 17, and was 32"),
    ("xor", 'optimizer = "rmsprop"', 'optimizer = "adam"', "optimizer is adam, and was rmsprop"),
    ("xor", "seed = 15", "seed = 43", "seed is 43, and was 15"),
    ("gan", "real_label = 0.9", "real_label = 1.0", "real_label is 1, and was 0.9"),
    ("plane", 'activation = "tanh"', 'activation = "relu"', "activation is relu, and was tanh"),
    ("fashion-cnn", "validation_split = 0.2", "validation_split = 0.1", "validation_split is 0.1, and was 0.2"),
    ("fashion-cnn", "restore_best = true", "restore_best = false", "restore_best is false, and was true"),
    ("gan", 'dataset = "mnist"', 'dataset = "fashion-mnist"', "dataset is fashion-mnist, and was mnist"),
    ("gan", "rate = 0.3", "rate = 0.25",
     "networks.discriminator, layer 3, is Dropout 0.25 (dropout), and was Dropout 0.3 (dropout)"),
    ("xor", 'activation = "sigmoid"', 'activation = "relu"',
     "networks.classifier, layer 1, is Dense 2 relu (dense), and was Dense 2 sigmoid (dense)"),
    ("xor", 'name = "dense_1"', 'name = "middle"',
     "networks.classifier, layer 2, is Dense 4 (middle), and was Dense 4 (dense_1)"),
]  # fmt: skip


@pytest.mark.parametrize(("preset", "old", "new", "sentence"), REFUSED, ids=[row[3][:40] for row in REFUSED])
def test_what_cannot_go_on_is_refused_before_anything_is_started(
    preset: str, old: str, new: str, sentence: str, runs: Path
) -> None:
    run = saved(preset, runs)
    edit(run, old, new)
    with pytest.raises(UserError) as caught:
        starting.restart(run)
    assert str(caught.value) == (
        f"The preset.toml of {preset}-1 is not what its checkpoints were made with: {sentence}. Put that back, or "
        f"start another run: gan-tui train {run.preset_file}."
    )
    edit(run, new, old)
    assert made_of.changes(run, presets.of_run(run)) == {}


def test_what_has_changed_has_since_the_checkpoint_that_is_used(runs: Path) -> None:
    run = saved("xor", runs)
    longer = presets.of_run(run).of_length("steps", 900)
    (run.checkpoints / "000000020").mkdir()
    write(run.checkpoints / "000000020", made_of.made_of(longer, DATA))
    assert made_of.changes(run, longer) == made_of.changes(run, longer, 20) == {}
    assert made_of.changes(run, longer, 10)["steps"].startswith("steps is 900, and was ")


def test_every_difference_is_named_and_many_are_counted(runs: Path) -> None:
    run = saved("fashion-cnn", runs)
    for old, new in (
        ("batch_size = 32", "batch_size = 17"),
        ("seed = 42", "seed = 1"),
        ("beta_1 = 0.9", "beta_1 = 0.5"),
        ('optimizer = "adam"', 'optimizer = "sgd"'),
        ("rate = 0.4", "rate = 0.1"),
        ("units = 100", "units = 50"),
    ):
        edit(run, old, new)
    with pytest.raises(UserError) as caught:
        made_of.changes(run, presets.of_run(run))
    told = str(caught.value)
    assert all(f"{name} is " in told for name in ("batch_size", "seed", "beta_1", "optimizer"))
    assert "layer 6, is Dense 50 relu (dense), and was Dense 100 relu (dense); and 1 more. Put" in told


def test_another_number_of_layers_is_said(runs: Path) -> None:
    run = saved("gan", runs)
    lines = run.preset_file.read_text().splitlines(keepends=True)
    lines.remove(next(line for line in lines if '"LeakyReLU"' in line))
    run.preset_file.write_text("".join(lines))
    with pytest.raises(UserError, match=r"with: networks\.generator has 6 layers, and had 7\. Put"):
        made_of.changes(run, presets.of_run(run))


def test_what_a_run_may_go_on_with_is_told(runs: Path) -> None:
    run = saved("fashion-cnn", runs)
    for old, new in (("epochs = 10", "epochs = 20"), ("patience = 2", "patience = 3"), ("0.001", "0.01")):
        edit(run, old, new)
    assert made_of.changes(run, presets.of_run(run)) == {
        "epochs": "epochs is 20, and was 10",
        "learning_rate": "learning_rate is 0.01, and was 0.001",
        "patience": "patience is 3, and was 2",
    }


def test_words_and_the_place_of_data_may_change(runs: Path) -> None:
    run = saved("gan", runs)
    for old, new in (('title = "GAN', 'title = "My GAN'), ('data_folder = ""', 'data_folder = "/moved"')):
        edit(run, old, new)
    assert made_of.changes(run, presets.of_run(run)) == {}


def test_other_data_are_refused_by_what_they_are(runs: Path) -> None:
    run = saved("gan", runs)
    made_of.refuse_other_data(run, DATA)
    made_of.refuse_other_data(run, Data("folder /moved", 5000, "5e1f"))
    made_of.refuse_other_data(run, Data("embedded", 5000))  # made by gan-tui itself
    with pytest.raises(UserError) as caught:
        made_of.refuse_other_data(run, Data("folder /mine", 5000, "07he"))
    assert str(caught.value) == (
        "gan-1 was trained on other data (5,000 examples, embedded) than are there now (5,000 examples, folder /mine); "
        "restore them, or start another run."
    )


OTHERS = [
    (
        Data("/pets", 40, "a", 7), Data("/pets", 40, "b", 7),
        "40 examples, /pets, the same ones in another order or split",
    ),
    (Data("/pets", 40, "a", 7), Data("/pets", 40, "b", 8), "40 examples, /pets, some of them changed"),
    (Data("/pets", 40, "a", 7), Data("/pets", 38, "b", 8), "38 examples, /pets, 2 fewer"),
    (Data("/pets", 40, "a", 7), Data("/pets", 1041, "b", 8), "1,041 examples, /pets, 1,001 more"),
    (Data("/pets", 40, "a", 7), Data("/pets", 40, "b"), "40 examples, /pets"),
]  # fmt: skip


@pytest.mark.parametrize(("then", "now", "differs"), OTHERS)
def test_it_is_said_how_data_differ_where_it_can_be_told(then: Data, now: Data, differs: str, runs: Path) -> None:
    run = saved("gan", runs, then)
    with pytest.raises(UserError) as caught:
        made_of.refuse_other_data(run, now)
    assert str(caught.value) == (
        f"gan-1 was trained on other data (40 examples, /pets) than are there now ({differs}); restore them, or start "
        "another run."
    )


def test_a_run_of_before_goes_on_as_it_did(runs: Path) -> None:
    run = old_run("stopped", "xor", runs)
    edit(run, "batch_size = 4", "batch_size = 2")
    assert made_of.changes(run, presets.of_run(run)) == {}
    made_of.refuse_other_data(run, DATA)


UNTRUE = [
    [],
    7,
    {"settings": [1], "networks": {"classifier": 3}, "data": "x"},
    {"networks": {"classifier": {"input": 0, "layers": [1, 2, 3]}}},
    {"networks": {"classifier": {"input": [2], "layers": [{"strides": 3}, {"strides": [1]}, {"strides": "ab"}]}}},
]


@pytest.mark.parametrize("says", UNTRUE)
def test_a_manifest_of_anybodys_raises_nothing_but_a_sentence(says: object, runs: Path) -> None:
    run = saved("xor", runs)
    write(run.checkpoints / "000000010", says)
    try:
        made_of.changes(run, presets.of_run(run))
    except UserError as error:
        assert "networks.classifier" in str(error)
    made_of.refuse_other_data(run, DATA)


@pytest.mark.parametrize("damaged", [b"", b"[]", b"\xff", None])
def test_a_damaged_manifest_says_nothing_and_the_one_before_does(damaged: bytes | None, runs: Path) -> None:
    run = saved("xor", runs)
    newer = run.checkpoints / "000000020"
    newer.mkdir()
    other = made_of.made_of(presets.of_run(run).with_settings({"seed": 7}), DATA)
    write(newer, other)
    with pytest.raises(UserError, match="seed is 15, and was 7"):
        made_of.changes(run, presets.of_run(run))
    file = newer / "manifest.json"
    file.write_bytes(file.read_bytes().replace(b'"seed": 7', b'"seed": 6') if damaged is None else damaged)
    assert made_of.changes(run, presets.of_run(run)) == {}


def test_what_an_earlier_version_did_not_know_was_as_it_is_by_default(runs: Path) -> None:
    run = saved("xor", runs)
    preset = presets.of_run(run)
    then = {name: value for name, value in preset.settings.items() if name not in ("momentum", "schedule_at")}
    write(run.checkpoints / "000000010", {"settings": {name: listed(value) for name, value in then.items()}})
    assert made_of.changes(run, preset) == {}
    with pytest.raises(UserError, match=r"made with: momentum is 0\.9, and was auto\. Put that back"):
        made_of.changes(run, preset.with_settings({"momentum": 0.9}))
    write(run.checkpoints / "000000010", {})
    assert made_of.changes(run, preset.with_settings({"momentum": 0.9})) == {}, "of which nothing is known"


def test_a_run_whose_rates_follow_its_length_keeps_it(runs: Path) -> None:
    run = presets.new_run(presets.find("xor").with_settings({"schedule": "cosine"}), runs)
    scheduled, checkpoint = presets.of_run(run), run.checkpoints / "000000010"
    checkpoint.mkdir(parents=True)
    write(checkpoint, made_of.made_of(scheduled, DATA))
    assert made_of.changes(run, scheduled) == {}
    with pytest.raises(UserError, match="made with: the run is of 2000 epochs, and was of 1000 epochs, which its"):
        made_of.changes(run, scheduled.of_length("epochs", 2000))
    with pytest.raises(
        UserError, match="made with: the run is of 50 steps, and was of 1000 epochs, which its learning"
    ):
        made_of.changes(run, scheduled.of_length("steps", 50))


def test_a_schedule_with_a_length_of_its_own_leaves_that_of_the_run_free(runs: Path) -> None:
    run = presets.new_run(presets.find("xor").with_settings({"schedule": "cosine", "schedule_steps": 50}), runs)
    checkpoint = run.checkpoints / "000000010"
    checkpoint.mkdir(parents=True)
    write(checkpoint, made_of.made_of(presets.of_run(run), DATA))
    changes = made_of.changes(run, presets.of_run(run).of_length("epochs", 2000))
    assert changes == {"epochs": "epochs is 2000, and was 1000"}
