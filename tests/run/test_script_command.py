"""The command of a script's run: what of it is Python's, what the script's, and how preset.toml keeps it."""

from pathlib import Path

import pytest

from gan_tui.run import catalog
from gan_tui.run.script_command import LONGEST, ScriptCommand


@pytest.mark.parametrize(
    ("words", "options", "what", "title"),
    [
        ("train.py --lr 0.1", [], "train.py --lr 0.1", "train.py"),
        ("-u -X dev -W error ../train.py -m x", ["-u", "-X", "dev", "-W", "error"], "../train.py -m x", "train.py"),
        ("-Xdev -m package.module --lr", ["-Xdev"], "-m package.module --lr", "package.module"),
        ("-mpackage.module x", [], "-m package.module x", "package.module"),
        ("-um package.module x", ["-u"], "-m package.module x", "package.module"),
        ("-uIm package.module", ["-uI"], "-m package.module", "package.module"),
        ("-umpackage.module -c x", ["-u"], "-m package.module -c x", "package.module"),
        ("-uW error train.py x", ["-uW", "error"], "train.py x", "train.py"),
        ("-uWerror -bXdev train.py", ["-uWerror", "-bXdev"], "train.py", "train.py"),
        ("--check-hash-based-pycs never train.py", ["--check-hash-based-pycs", "never"], "train.py", "train.py"),
        ("-c pass", [], "-c pass", "-cpass"),
        ("-uc pass x", ["-u"], "-c pass x", "-cpass"),
        ("-cpass -m", [], "-c pass -m", "-cpass"),
        ("-u - x", ["-u", "-", "x"], "", "script"),
        ("-m", [], "-m", "script"),
        ("", [], "", "script"),
    ],
)  # fmt: skip
def test_options_of_python_end_where_the_script_is_named(words: str, options: list[str], what: str, title: str) -> None:
    command = ScriptCommand(("/usr/bin/python", *words.split()), Path("/project"))
    assert (list(command.options), " ".join(command.what), command.title) == (options, what, title)
    assert command.file == (Path("/project") / command.what[0] if what and not what.startswith("-") else None)


def test_a_run_keeps_it_to_the_letter(runs: Path) -> None:
    words = ("/usr/bin/python", "my script.py", "two  blanks", "line\nend", "é\t\x1b", "'\"\\")
    command = ScriptCommand(words, Path("/a project"), 3, "ab12")
    folder = catalog.create(command.as_document("night"), "night", runs)
    kept = ScriptCommand.of_run(folder)
    assert kept and (kept.words, kept.folder, kept.restarts, kept.sha256) == (words, Path("/a project"), 3, "ab12")
    assert kept.is_own and not ScriptCommand(words[:-1], Path("/a project"), mark=kept.mark).is_own


@pytest.mark.parametrize("word", ["caf\udce9", "x" * (LONGEST + 1)])
def test_what_cannot_be_kept_is_left_out(word: str, runs: Path) -> None:
    document = ScriptCommand(("python", "train.py", word), Path("/project")).as_document("night")
    assert ScriptCommand.of_run(catalog.create(document, "night", runs)) is None


@pytest.mark.parametrize(
    "text", ["", "task = 'plane'\ncommand = ['python', 'a.py']", "task = 'script'\ncommand = 'python a.py'",
             "task = 'script'\ncommand = ['python', 1]", "task = 'script'\ncommand = ['python']"]
)  # fmt: skip
def test_what_is_none_is_none(text: str, runs: Path) -> None:
    folder = catalog.create({"task": "script"}, "night", runs)
    folder.preset_file.write_text(text)
    assert ScriptCommand.of_run(folder) is None
