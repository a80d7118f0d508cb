"""Settings as people write them: in TOML, and typed into a form or a command line."""

import pytest

from gan_tui.presets import TASKS


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
        ("gan", "latent", "uniform", "uniform"),
        ("gan", "latent", '"uniform"', "uniform"),
        ("gan", "image_range", "[-1, 1]", (-1.0, 1.0)),
        ("classifier", "restore_best", "true", True),
        ("classifier", "metrics", '["accuracy", "mae"]', ("accuracy", "mae")),
        ("gan", "data_folder", "/data/mnist full", "/data/mnist full"),
    ],
)
def test_what_a_person_types_becomes_the_value(task: str, name: str, typed: str, value: object) -> None:
    assert TASKS[task].from_text(name, typed) == value


@pytest.mark.parametrize(
    ("task", "name", "typed", "sentence"),
    [
        ("gan", "batch_size", "0", "batch_size must be a whole number from 1 to 1,000,000, not 0"),
        ("gan", "batch_size", "many", "batch_size must be a whole number from 1 to 1,000,000, not 'many'"),
        ("gan", "batch_size", "", "batch_size must be a whole number from 1 to 1,000,000, not ''"),
        ("gan", "learning_rate", "nan", "learning_rate must be a number from 1e-12 to 1000, not nan"),
        ("gan", "optimizer", "adm", "optimizer cannot be 'adm', did you mean \"adam\"?"),
        ("gan", "batchsize", "1", 'unknown setting "batchsize" for this task, did you mean "batch_size"?'),
        ("plane", "latent", "normal", 'unknown setting "latent" for this task'),
    ],
)
def test_a_wrong_setting_is_refused_by_its_name(task: str, name: str, typed: str, sentence: str) -> None:
    with pytest.raises(ValueError) as caught:
        TASKS[task].from_text(name, typed)
    assert str(caught.value).startswith(sentence)
