"""Copies of presets among a person's own, and where in a text something stands."""

import stat
from pathlib import Path

import pytest

from gan_tui import presets
from gan_tui.errors import UserError
from gan_tui.presets import copies
from gan_tui.presets.toml_text import line_of, with_settings
from gan_tui.system import untrusted_files
from shell import said

BUNDLED = presets.bundled_folder()


# The copy ----------------------------------------------------------


def test_a_copy_is_the_preset_to_the_last_comment_and_only_its_path_is_printed(
    own_presets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = said(capsys, "presets", "copy", "plane")
    mine = own_presets / "my-plane.toml"
    assert (code, out) == (0, f"{mine}\n")
    assert err == "Change it with any editor; gan-tui train my-plane trains it.\n"
    assert mine.read_text() == (BUNDLED / "plane.toml").read_text()
    assert stat.S_IMODE(mine.stat().st_mode) == 0o600
    assert [each.name for each in own_presets.iterdir()] == ["my-plane.toml"]
    assert presets.find("my-plane").settings == presets.find("plane").settings


def test_copies_of_one_preset_have_names_of_their_own(own_presets: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("xor", "xor", "my-xor"):
        assert said(capsys, "presets", "copy", name)[0] == 0
    assert sorted(each.stem for each in own_presets.iterdir()) == ["my-xor", "my-xor-2", "my-xor-3"]
    assert said(capsys, "presets", "copy", "xor", "tiny")[1] == f"{own_presets}/tiny.toml\n"


def test_the_folder_is_made_with_the_first_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GAN_TUI_PRESETS", str(tmp_path / "new" / "presets"))
    assert copies.copy("xor").parent == tmp_path / "new" / "presets"


REFUSED = {
    ("gan", "xor"): "There is a preset xor already; choose another name, such as my-xor.",
    ("gan", "taken"): "There is a preset taken already; choose another name, such as my-taken.",
    ("gan", "link"): "There is a preset link already; choose another name, such as my-link.",
    ("gan", "My GAN"): '"My GAN" is not a valid preset name: it has "M"; use the letters a to z, digits, "_" and "-".',
    ("gan", "-x"): '"-x" is not a valid preset name: it begins with "-"; begin with a letter or a digit.',
    ("gan", "../x"): '"../x" is not a valid preset name: it has "."; use the letters a to z, digits, "_" and "-".',
    ("gan", ""): '"" is not a valid preset name: it is empty.',
    ("gan", "x" * 42): f'"{"x" * 42}" is not a valid preset name: it has 42 characters; use at most 41.',
    ("gna", "x"): 'There is no preset "gna", did you mean "gan"?',
    ("no/such.toml", "x"): "Cannot read the preset no/such.toml: No such file or directory; check the path.",
}


@pytest.mark.parametrize(("words", "sentence"), REFUSED.items(), ids=map(" ".join, REFUSED))
def test_what_cannot_be_copied_is_refused_and_nothing_is_made(
    words: tuple[str, str], sentence: str, own_presets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (own_presets / "taken.toml").write_text("no preset")
    (own_presets / "link.toml").symlink_to("nowhere")
    code, out, err = said(capsys, "presets", "copy", *(("--", *words) if words[1].startswith("-") else words))
    assert (code, out) == (2, "") and err.startswith(f"gan-tui: {sentence}")
    assert sorted(each.name for each in own_presets.iterdir()) == ["link.toml", "taken.toml"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("presets", "copy"), "the following arguments are required: NAME; see gan-tui presets copy --help."),
        (("presets", "cpy", "gan"), 'unknown word "cpy", did you mean "copy"? See gan-tui presets --help.'),
        (("presets", "--json", "copy", "gan"), "presets copy prints a path; leave out --json."),
    ],
)
def test_the_shell_says_how_it_is_used(
    words: tuple[str, ...], sentence: str, own_presets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said(capsys, *words) == (2, "", f"gan-tui: {sentence}\n")


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("GAN_TUI_PRESETS", str(tmp_path / "file"))
    with pytest.raises(UserError, match=r"^Cannot write .*/file/my-xor\.toml: "):
        copies.copy("xor")


def test_paths_that_were_relative_to_the_presets_folder_still_lead_there(own_presets: Path, tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text("x,y,class\n0,0,0\n1,1,1\n1,0,1\n")
    text = (BUNDLED / "plane.toml").read_text().replace('points = "smiley"', 'points = "points.csv" # mine')
    (tmp_path / "drawn.toml").write_text(text)
    copied = copies.copy(str(tmp_path / "drawn.toml"), "drawn")
    assert presets.find("drawn").settings["points"] == str(tmp_path / "points.csv")
    assert f'points = "{tmp_path}/points.csv" # mine\n' in copied.read_text()


def test_a_copy_holds_what_was_changed_before_and_nothing_else_is_written_anew(own_presets: Path) -> None:
    changed = presets.find("gan").with_settings({"epochs": 3, "save_epochs": [1, 2], "restarts": 2})
    before, after = (BUNDLED / "gan.toml").read_text(), copies.text_of(changed, BUNDLED / "gan.toml")
    copies.keep(after, "mine")
    assert presets.find("mine").settings == changed.settings
    lines = before.splitlines()
    assert [line for line in after.splitlines() if line not in lines] == [
        "epochs = 3",
        "save_epochs = [1, 2]",
        "restarts = 2",
    ]


@pytest.mark.parametrize("name", sorted(presets.files()))
def test_every_bundled_preset_is_copied_as_it_is_written(name: str, own_presets: Path) -> None:
    assert copies.text_of(presets.find(name), BUNDLED / f"{name}.toml") == (BUNDLED / f"{name}.toml").read_text()


# Its text ----------------------------------------------------------

XOR = (BUNDLED / "xor.toml").read_text()
EDITS = {
    "[settings]\nepochs = 1 # few\nlist = [\n  1, # one\n  2,\n]\n": "[settings]\nepochs = 5 # few\nlist = [3]\n",
    "[settings] # here\n": "[settings] # here\nepochs = 5\nlist = [3]\n",
    "[settings]\nother = 1\n\n[networks.a]\n": "[settings]\nother = 1\nepochs = 5\nlist = [3]\n\n[networks.a]\n",
    'title = "x"\n[networks.a]\n': 'title = "x"\n\n[settings]\nepochs = 5\nlist = [3]\n\n[networks.a]\n',
    "settings.epochs = 1\n": "settings.epochs = 5\nsettings.list = [3]\n",
    'title = """\n[settings]\nepochs = 1\n"""\n[settings]\nepochs=1': 'title = """\n[settings]\nepochs = 1\n"""\n'
    "[settings]\nepochs=5\nlist = [3]",
}


@pytest.mark.parametrize(("text", "edited"), EDITS.items())
def test_a_setting_is_written_where_it_stands_or_behind_the_others(text: str, edited: str) -> None:
    assert with_settings(text, {"epochs": 5, "list": (3,)}) == edited
    settings = untrusted_files.toml(edited)["settings"]
    assert (settings["epochs"], settings["list"]) == (5, [3])


MAE, NUMBERS = 'metrics = ["mae"]', 'loss = "sparse_categorical_crossentropy"'
MISTAKES = {
    "no value": ("epochs = 1000", "epochs = ", "epochs = "),
    "no end": ('task = "plane"', 'task = "plane', 'task = "plane'),
    "unknown key": ('task = "plane"', 'tsk = "plane"', 'tsk = "plane"'),
    "missing key": ('task = "plane"', "", None),
    "unknown setting": ("[settings]", "[settings]\n# next\nepoch = 3", "epoch = 3"),
    "wrong value": ("seed = 15", "seed = -1", "seed = -1"),
    "a key twice": ("seed = 15", "seed = 15\nseed = 16", "seed = 16"),
    "wrong word": ('optimizer = "rmsprop"', 'optimizer = "rmsprob" # quick', 'optimizer = "rmsprob" # quick'),
    "wrong task": ('task = "plane"', 'task = "plan"', 'task = "plan"'),
    "unknown key of a network": ("[networks.classifier]", "[networks.classifier]\nsize = 1", "size = 1"),
    "unknown network": ("[networks.classifier]", "[networks.clasifier]", "[networks.clasifier]"),
    "wrong input": ("input = [2]", "input = 2", "input = 2"),
    "input that does not fit": ("input = [2]", "input = [3]", "input = [3]"),
    "settings that do not fit": ("[settings]", f"[settings]\n{MAE}\n{NUMBERS}", MAE),
}  # fmt: skip


def mistake_in(text: str) -> str:
    try:
        presets.from_document(untrusted_files.toml(text), "mine")
    except ValueError as error:
        return str(error)
    raise AssertionError("it is right")


@pytest.mark.parametrize(("right", "wrong", "line"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_found_at_its_line(right: str, wrong: str, line: str | None) -> None:
    text = XOR
    for name in ("loss", "metrics") if NUMBERS in wrong else ():
        text = "\n".join(each for each in text.splitlines() if not each.startswith(name))
    assert right in text
    text = text.replace(right, wrong, 1)
    found = line_of(text, mistake_in(text))
    assert (text.splitlines()[found - 1] if found else None) == line


@pytest.mark.parametrize("number", [1, 3])
def test_a_layer_is_found_in_a_list_and_as_tables(number: int) -> None:
    listed = (
        'x = 1\n[networks.a]\nlayers = [{layer = "A"}, # {\n  {layer = "B", sizes = [1, 2]},\n\n  {layer = "C"},\n]\n'
    )
    tables = "".join(f'[[networks.a.layers]]\nlayer = "{name}"\n' for name in "ABC")
    problem = f"networks.a, layer {number}: unknown layer"
    assert line_of(listed, problem) == {1: 3, 3: 6}[number]
    assert line_of(tables, problem) == {1: 1, 3: 5}[number]


def test_what_speaks_of_no_line_has_none() -> None:
    for problem in ("title is missing; add title", "mine needs about 3 GB of memory", "", "???"):
        assert line_of(XOR.replace("title", "titel"), problem) is None
