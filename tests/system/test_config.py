"""config.toml: what a person has written for gan-tui to begin with."""

from pathlib import Path

import pytest

from gan_tui.errors import UserError
from gan_tui.system import config


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "gan-tui").mkdir()
    config.written.cache_clear()
    return tmp_path / "gan-tui" / "config.toml"


def test_what_is_written_counts_and_what_is_not_is_as_by_default(file: Path) -> None:
    assert config.value("signs.title") is True
    config.written.cache_clear()
    file.write_text("[signs]\ntitle = false\n")
    assert config.value("signs.title") is False and config.value("signs.notify") is True


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[signs]\ntitel = true\n", 'there is no "signs.titel", did you mean "signs.title"?'),
        ("[signs]\ntitle = 1\n", "signs.title takes true or false, not 1"),
        ("signs = 3\n", 'there is no "signs"'),
        ("[signs\n", "is no TOML"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_key(file: Path, text: str, said: str) -> None:
    file.write_text(text)
    with pytest.raises(UserError) as refused:
        config.value("signs.title")
    assert said in str(refused.value) and "config.toml" in str(refused.value)
