"""Which editor a person has chosen, and how it ended."""

from pathlib import Path

import pytest

from gan_tui.errors import UserError
from gan_tui.system import editor

FILE = Path("/presets/my gan.toml")


@pytest.fixture
def there(tmp_path: Path) -> Path:
    """A folder with programs."""
    for name in ("vi", "my ed"):
        (tmp_path / name).touch(0o755)
    return tmp_path


def test_visual_goes_before_editor_and_either_may_have_words_behind_it(there: Path) -> None:
    chosen = {"VISUAL": f"'{there}/my ed' --wait -n", "EDITOR": f"{there}/vi"}
    assert editor.command(FILE, chosen) == [f"{there}/my ed", "--wait", "-n", str(FILE)]
    assert editor.command(FILE, {**chosen, "VISUAL": " "}) == [f"{there}/vi", str(FILE)]


def test_without_a_choice_it_is_the_one_that_is_there(there: Path) -> None:
    assert editor.command(FILE, {"PATH": str(there)}) == [f"{there}/vi", str(FILE)]
    (there / "nano").touch(0o755)
    assert editor.command(FILE, {"PATH": str(there)}) == [f"{there}/nano", str(FILE)]


def not_there(program: str, variable: str = "EDITOR") -> str:
    return f'The editor "{program}" ({variable}) is not there; install it, or set {variable} to another.'


REFUSED = {
    "not there": ({"EDITOR": "no-such-editor -w"}, not_there("no-such-editor")),
    "a quote": ({"VISUAL": "vi 'x"}, "VISUAL is vi 'x, where a quote is not closed; set it to an editor's command."),
    "no program": ({"VISUAL": "/etc/passwd"}, not_there("/etc/passwd", "VISUAL")),
    "a folder": ({"EDITOR": "/"}, not_there("/")),
    "nothing in quotes": ({"EDITOR": "''"}, not_there("")),
    "none": ({}, "There is no editor: set EDITOR to one that is installed, such as EDITOR=nano."),
}


@pytest.mark.parametrize(("chosen", "sentence"), REFUSED.values(), ids=REFUSED)
def test_who_has_no_editor_is_told_what_to_do(chosen: dict[str, str], sentence: str, tmp_path: Path) -> None:
    with pytest.raises(UserError) as refused:
        editor.command(FILE, {"PATH": str(tmp_path), **chosen})
    assert str(refused.value) == sentence


def test_how_it_ended_is_told_where_that_is_not_as_usual() -> None:
    assert editor.ended(0) == ""
    assert editor.ended(3 << 8) == "the editor ended with code 3"
    assert editor.ended(9) == "the editor was ended by signal 9"
