"""config.toml: what a person has written for gan-tui to begin with."""

from pathlib import Path

import pytest

from gan_tui.system import config


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "gan-tui").mkdir()
    config.written.cache_clear()
    return tmp_path / "gan-tui" / "config.toml"


def test_what_is_written_counts_and_what_is_not_is_as_by_default(file: Path) -> None:
    assert config.value("signs.title") is True and not config.is_written("signs.title")
    config.written.cache_clear()
    file.write_text('smoothing = 0.5\n[signs]\ntitle = false\n[keys]\nstep = "f5"\nfull = ["w", "f6"]\n')
    assert config.value("signs.title") is False and config.value("signs.notify") is True
    assert config.value("smoothing") == 0.5 and config.is_written("smoothing")
    assert config.written().keys == {"step": ("f5",), "full": ("w", "f6")}
    assert not config.problems()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[signs]\ntitel = true\n", 'there is no "signs.titel", did you mean "signs.title"?'),
        ("[signs]\ntitle = 1\n", "signs.title takes true or false, not 1."),
        ("signs = 3\n", 'there is no "signs"'),
        ("[signs\n", "is no TOML"),
        ("smoothing = 0.995\n", "smoothing takes 0 to 0.99, not 0.995."),
        ("smoothing = true\n", "smoothing takes 0 to 0.99, not True."),
        ('pane = "layer"\n', "pane takes picture or layers or log, not 'layer'."),
        ('theme = "gan-drak"\n', 'there is no theme "gan-drak", did you mean "gan-dark"?'),
        ('[themes.mine]\ntext = "red"\n', "themes.mine.text takes a colour, as \"#7aa2f7\", not 'red'."),
        ('[themes.mine]\ntxet = "#ffffff"\n', 'there is no "themes.mine.txet", did you mean "themes.mine.text"?'),
        ("[themes.gan-dark]\n", "a theme cannot be called themes.gan-dark"),
        ("[themes]\nmine = 3\n", "themes.mine is a table"),
        ("keys = 3\n", 'there is no "keys"'),
        ("[keys]\nstep = 5\n", 'keys.step takes a key, as "f5", or several in a list, not 5.'),
        ("a." * 40 + "a = 1", "is no TOML"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_key_and_counts_as_not_written(file: Path, text: str, said: str) -> None:
    file.write_text(text)
    assert config.value("signs.title") is True and config.value("smoothing") == 0.9
    assert config.value("pane") == "picture" and config.value("theme") == "auto"
    (problem,) = config.problems()
    assert said in problem and problem.startswith(str(file))


def test_what_is_right_beside_it_counts(file: Path) -> None:
    file.write_text('theme = "mine"\nsort = 7\n[themes.mine]\ntext = "#ffffff"\ndim = "grey"\n')
    assert config.value("theme") == "mine" and config.written().themes == {"mine": {"text": "#ffffff"}}
    assert [problem.split(": ")[1].split()[0] for problem in config.problems()] == ["sort", "themes.mine.dim"]


def test_a_file_that_cannot_be_read_says_so(file: Path) -> None:
    file.mkdir()
    assert "cannot be read" in config.problems()[0] and config.value("pane") == "picture"
