"""Settings as people write them: in TOML, and typed into a form or a command line."""

from pathlib import Path

import pytest

from gan_tui import presets
from gan_tui.presets import TASKS, keras_names
from gan_tui.presets.settings import value_words


@pytest.mark.parametrize("task", TASKS)
def test_every_default_is_a_value_its_own_setting_allows(task: str) -> None:
    for name, setting in TASKS[task].settings_for().items():
        assert TASKS[task].checked(name, setting.default) == setting.default, name


def test_settings_left_out_take_their_defaults() -> None:
    values = TASKS["gan"].complete({"batch_size": 128, "learning_rate": 1})
    assert values["batch_size"] == 128
    assert values["learning_rate"] == 1.0
    assert values["latent"] == "normal"
    assert list(values) == list(TASKS["gan"].settings_for())


@pytest.mark.parametrize(
    ("task", "name", "typed", "value"),
    [
        ("gan", "batch_size", " 64 ", 64),
        ("gan", "learning_rate", "2e-4", 2e-4),
        ("gan", "learning_rate", "1", 1.0),
        ("gan", "learning_rate", ".001", 0.001),
        ("gan", "learning_rate", "1.", 1.0),
        ("gan", "learning_rate", ".5e-3", 0.0005),
        ("gan", "latent", "uniform", "uniform"),
        ("gan", "latent", '"uniform"', "uniform"),
        ("gan", "image_range", "[-1, 1]", (-1.0, 1.0)),
        ("classifier", "restore_best", "true", True),
        ("classifier", "metrics", '["accuracy", "mae"]', ("accuracy", "mae")),
        ("classifier", "metrics", "mae", ("mae",)),
        ("classifier", "metrics", "[accuracy, mae]", ("accuracy", "mae")),
        ("classifier", "metrics", "[]", ()),
        ("plane", "hidden", "[16,16]", (16, 16)),
        ("gan", "data_folder", "/data/mnist full", "/data/mnist full"),
        ("gan", "data_folder", '"/data/mnist full"', "/data/mnist full"),
        ("plane", "points", "2026/11.csv", str(Path("2026/11.csv").absolute())),
        *(
            ("gan", "data_folder", word, str(Path(word).absolute()))
            for word in ("2026-11-27", "07:30", "2024", "1_1_1", "0x10", "1e5", ".5", "1.", "true", "inf", "[a]", "{}")
        ),
    ],
)
def test_what_a_person_types_becomes_the_value(task: str, name: str, typed: str, value: object) -> None:
    assert TASKS[task].from_text(name, typed) == value


@pytest.mark.parametrize(
    ("task", "name", "typed", "sentence"),
    [
        ("plane", "points", "1e5", 'points cannot be "1e5", choose from '),
        ("gan", "batch_size", "2026-11-27", "batch_size must be a whole number from 1 to 1,000,000, not 2026-11-27"),
        ("gan", "batch_size", "true", "batch_size must be a whole number from 1 to 1,000,000, not true"),
        ("gan", "batch_size", "0", "batch_size must be a whole number from 1 to 1,000,000, not 0"),
        ("gan", "batch_size", "many", 'batch_size must be a whole number from 1 to 1,000,000, not "many"'),
        ("gan", "batch_size", "", 'batch_size must be a whole number from 1 to 1,000,000, not ""'),
        ("gan", "learning_rate", "nan", "learning_rate must be a number from 1e-12 to 1000, not nan"),
        ("gan", "optimizer", "adm", 'optimizer cannot be "adm", did you mean "adam"?'),
        ("gan", "batchsize", "1", 'unknown setting "batchsize" for this task, did you mean "batch_size"?'),
        ("plane", "hidden", "16,16", 'hidden must be a list of 0 to 8 whole numbers, such as [16, 16], not "16,16"'),
        ("classifier", "metrics", "[accurcy]", 'metrics cannot be "accurcy", did you mean "accuracy"?'),
        ("classifier", "metrics", "[[mae]", 'metrics cannot be "[mae", did you mean "mae"?'),
        ("plane", "latent", "normal", 'unknown setting "latent" for this task'),
    ],
)
def test_a_wrong_setting_is_refused_by_its_name(task: str, name: str, typed: str, sentence: str) -> None:
    with pytest.raises(ValueError) as caught:
        TASKS[task].from_text(name, typed)
    assert str(caught.value).startswith(sentence)


def test_words_to_choose_from_are_those_of_the_data_set() -> None:
    with pytest.raises(ValueError) as caught:
        TASKS["plane"].from_text("foo", "1", "xor")
    assert str(caught.value).startswith('unknown setting "foo" for this task, choose from epochs, steps, batch_size, ')
    assert not {"points", "hidden", "activation"} & set(str(caught.value).replace(",", "").split())
    with pytest.raises(ValueError, match=r'unknown setting "hidden" for this data set, choose from '):
        TASKS["plane"].from_text("hidden", "[2]", "xor")


@pytest.mark.parametrize("name", sorted(presets.files()))
def test_settings_are_shown_as_they_may_be_typed(name: str) -> None:
    preset = presets.find(name)
    for setting, value in preset.settings.items():
        typed = preset.rules.from_text(setting, value_words(value), preset.dataset)
        assert typed == value, setting


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ((), "[]"), ((16, 8), "[16,8]"), (("accuracy", "mae"), "[accuracy,mae]"), ((-1.0, 1.0), "[-1,1]"),
        (True, "true"), (5.0, "5"), (2e-4, "0.0002"), (1e-12, "1e-12"), (0.123456789, "0.123456789"),
        ("a\x1bb", "a b"), ("x" * 80, "x" * 59 + "…"),
    ],
)  # fmt: skip
def test_a_setting_in_words(value: object, shown: str) -> None:
    assert value_words(value) == shown


@pytest.mark.parametrize(
    ("task", "name", "takes", "choices"),
    [
        ("gan", "batch_size", "a whole number from 1 to 1,000,000", ()),
        ("plane", "batch_size", "a whole number from 1 to 1,000,000, or 0", ()),
        ("gan", "learning_rate", "a number from 1e-12 to 1000", ()),
        (
            "gan",
            "optimizer",
            "adam, rmsprop, sgd, adamw, adamax, nadam, adagrad, adadelta, adafactor, lion, lamb, ftrl or muon",
            keras_names.OPTIMIZERS,
        ),
        ("classifier", "restore_best", "true or false", ("true", "false")),
        (
            "classifier",
            "metrics",
            'a list of words from accuracy, mae, top_k, precision, recall, f1, auc, such as ["accuracy", "mae"]',
            (),
        ),
        ("plane", "hidden", "a list of 0 to 8 whole numbers, such as [16, 16]; each from 1 to 1,000", ()),
        ("gan", "augment", 'a list such as ["flip"]; of flip', ()),
        ("classifier", "augment", 'a list such as ["flip", "rotate 0.1"]; of flip, rotate, zoom, shift, contrast', ()),
        ("gan", "image_range", "a range such as [0, 1]", ()),
        ("gan", "image_size", "a side from 1 to 2,048, or [height, width]; 0 leaves it to the data", ()),
    ],
)
def test_a_setting_says_what_it_takes_as_it_may_be_typed(
    task: str, name: str, takes: str, choices: tuple[str, ...]
) -> None:
    setting = TASKS[task].settings_for()[name]
    assert (setting.takes, setting.choices) == (takes, choices)


@pytest.mark.parametrize("task", TASKS)
def test_every_setting_says_what_it_takes_and_its_choices_are_taken(task: str) -> None:
    for name, setting in TASKS[task].settings_for().items():
        assert setting.takes and setting.about, name
        for word in setting.choices:
            TASKS[task].from_text(name, word)
