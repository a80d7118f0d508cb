"""Runs of a person's scripts: what a command line asks for, refused where it can be known that it cannot run; started,
and started again.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from gan_tui.errors import UserError, told
from gan_tui.run import catalog
from gan_tui.run.folder import RunFolder
from gan_tui.run.handover import Assignment
from gan_tui.run.manifests import goes_on_from
from gan_tui.run.script_command import LONGEST, ScriptCommand, checksum
from gan_tui.supervision import launching, ways_on
from gan_tui.system import untrusted_files
from gan_tui.system.paths import is_unicode, whole_path
from gan_tui.system.preset_files import files, name_of
from gan_tui.system.shell_words import shell_word
from gan_tui.text import harmless, meant, nearest, shown_path

OLDEST = (3, 9)
"""The oldest Python that can run the launcher."""
MOST_NAMED = 6
"""Scripts that lie where one was looked for, and are named."""
_ASK_SECONDS = 20.0
_ASKED = """
import importlib.util, json, sys
answer, (kind, named) = {"version": list(sys.version_info[:2])}, sys.argv[1:]
try:
    if kind == "file":
        compile(open(named, "rb").read(), named, "exec")
    elif importlib.util.find_spec(named.partition(".")[0]) is None:
        answer["missing"] = named.partition(".")[0]
except SyntaxError as error:
    answer["wrong"] = f"line {error.lineno}: {error.msg}" if error.lineno else error.msg
except ValueError as error:
    answer["wrong"] = str(error)
print(json.dumps(answer))
"""
"""What a Python is asked before it is to run a script: how old it is, and whether that is Python to it, or is there."""


# What is asked for --------------------------------------------------------------------------------------


def command_of(what: Sequence[str], python: str | None = None, restarts: int = 0) -> ScriptCommand:
    """The command of a script (or `-m` and a module) and its arguments, to be run in the current folder.

    Raises UserError where it can be known that it cannot run.
    """
    folder = whole_path(".")
    if restarts < 0:
        raise UserError("--restarts must be 0 or more.")
    for word in (*what, str(folder)):
        if not is_unicode(Path(word)):
            raise UserError(f"{shell_word(word)} is not UTF-8, so no run could keep it; write it in other letters.")
    if (length := sum(map(len, what))) > LONGEST:
        raise UserError(f"The script's arguments have {length:,} characters; use at most {LONGEST:,}: name a file.")
    file = None if what[0] == "-m" else folder / what[0]
    if file is not None:
        _refuse_what_is_no_script(what[0], file)
    interpreter = _python(python)
    _ask(interpreter, file, what, folder)
    return ScriptCommand((interpreter, *what), folder, restarts, checksum(file))


def _refuse_what_is_no_script(named: str, file: Path) -> None:
    shown = shown_path(named)
    if file.is_dir():
        inside = file / "__main__.py"
        such_as = f", such as {shell_word(Path(named) / inside.name)}" if inside.is_file() else ""
        raise UserError(f"{shown} is a folder; name a script in it{such_as}.")
    if named in files() or file.suffix in (".toml", ".keras"):
        kind = "a saved model" if file.suffix == ".keras" else "a preset"
        raise UserError(f"{shown} is {kind}, and run takes a script: gan-tui train {shell_word(named)}.")
    if not file.exists() or named.endswith("/"):
        raise UserError(f"There is no script {shown} in {shown_path(file.parent)}{_instead(file)}.")
    if not file.is_file():
        raise UserError(f"{shown} is no file that could be read twice; name a script.")
    try:
        with file.open("rb") as opened:
            begin = opened.read(256)
    except OSError as error:
        raise UserError(f"{shown} cannot be read: {told(error, 'check who may read it')}.") from None
    if file.suffix == ".ipynb":
        way = f"jupyter nbconvert --to script {shell_word(named)}"
        raise UserError(f"{shown} is a notebook; make a script of it: {way}.")
    if begin.startswith(b"#!") and b"python" not in (first := begin.splitlines()[0]):
        program = harmless(first[2:].split()[0].decode(errors="replace") if first[2:].split() else "another", 60)
        raise UserError(f"{shown} is a script for {program}, and run takes one for Python.")


def _instead(file: Path) -> str:
    """Which script beside it may have been meant, as a sentence ends."""
    beside = sorted(path.name for path in file.parent.glob("*.py"))
    if f"{file.name}.py" in beside:
        return f', did you mean "{harmless(file.name, 60)}.py"?'
    if meant(file.name, beside) or 0 < len(beside) <= MOST_NAMED:
        return f", {nearest(file.name, beside)}"
    return "; name one by its path"


def _python(named: str | None) -> str:
    """The Python that a script is run with.

    What is named; else that of an environment that is activated, as `python` would be; else gan-tui's own, unless that
    is in an environment made for gan-tui alone, where no script's libraries are: then `python` all the same.
    """
    if named is not None:
        found = shutil.which(str(whole_path(named)) if "/" in named else named)
        if not found:
            raise UserError(f'--python: there is no program "{harmless(named, 200)}"; name a Python, such as python3.')
        return found  # as it is named: the link is what makes it a venv's
    for variable in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        active = os.environ.get(variable)
        if active and (python := Path(active) / "bin" / "python").is_file():
            return str(python)
    alone = any((Path(sys.prefix) / name).is_file() for name in ("pipx_metadata.json", "uv-receipt.toml"))
    usual = (shutil.which("python") or shutil.which("python3")) if alone else None
    return usual or sys.executable


def _ask(python: str, file: Path | None, what: Sequence[str], folder: Path) -> None:
    """Raises UserError where that Python does not work, is too old, or will not run a script or a module."""
    words = ["-I", "-S", "-c", _ASKED, "file", str(file)] if file else ["-c", _ASKED, "module", what[1]]
    try:
        asked = subprocess.run(
            [python, *words], stdin=subprocess.DEVNULL, capture_output=True, timeout=_ASK_SECONDS, check=False,
            cwd=folder,
        )  # fmt: skip
        answer = json.loads(asked.stdout)
        version = tuple(answer["version"])
    except (OSError, subprocess.TimeoutExpired, ValueError, KeyError, TypeError):
        raise UserError(f"{shown_path(python)} does not work as a Python; name another with --python.") from None
    if version < OLDEST:
        raise UserError(
            f"{shown_path(python)} is Python {'.'.join(map(str, version))}, and scripts are run with "
            f"{'.'.join(map(str, OLDEST))} or later; name another with --python."
        )
    if "wrong" in answer:
        of = "" if python == sys.executable else f" ({shown_path(python)})"
        raise UserError(f"{shown_path(what[0])} is not Python that could run{of}: {harmless(answer['wrong'], 200)}.")
    if "missing" in answer:
        raise UserError(
            f"{shown_path(python)} finds no module {harmless(answer['missing'], 60)}; install it there, go to the "
            "folder that it is in, or name another Python with --python."
        )


# Starting -----------------------------------------------------------------------------------------------


def begin(command: ScriptCommand, runs: Path, name: str | None) -> RunFolder:
    """A new run of a script, already started. Leaves nothing behind when it cannot start. Raises UserError."""
    return launching.begun(made(command, runs, name))


def made(command: ScriptCommand, runs: Path, name: str | None) -> RunFolder:
    """The folder of a new run of a script: without a name, it is called as the script."""
    title = command.title
    stem = name_of(Path(title if title.endswith(".py") else f"{title}.py"))
    return catalog.create(command.as_document(name or stem), stem, runs, name)


def again(folder: RunFolder, command: ScriptCommand) -> str:
    """Start a script's run again, which is not alive; returns what a person may not expect of that, in sentences.

    Raises UserError.
    """
    untrusted_files.refuse_links(folder.path)
    launching.spawn(folder, Assignment(folder.path, "train"), None)
    return " ".join(_to_know(folder, command))


def command_of_run(folder: RunFolder) -> ScriptCommand:
    """The command that a run was made by. Raises UserError where that is not known."""
    command = ScriptCommand.of_run(folder)
    if command is None:
        raise UserError(f"{folder.name} does not say which command made it, so it cannot be started again.")
    return command


def refuse_unrepeatable(folder: RunFolder, command: ScriptCommand) -> None:
    """Raises UserError where the command of a run cannot be run again. Its Python is asked, so it must be trusted."""
    file, what = command.file, command.what
    if what in ((), ("-m",)) or what[0].startswith("-c") or (file and file.name == "ipykernel_launcher.py"):
        where = "in a notebook" if file else "by python -c"
        raise UserError(f"{folder.name} was made {where}, so no command can start it again; run it there once more.")
    if not command.folder.is_dir():
        raise UserError(f"{folder.name} ran in {shown_path(command.folder)}, which is gone; put it back, and resume.")
    if file is not None and not file.is_file():
        raise UserError(f"The script of {folder.name} is gone: {shown_path(file)}; put it back, and resume.")
    if not shutil.which(command.words[0]):
        python = shown_path(command.words[0])
        raise UserError(f"The Python of {folder.name} is gone: {python}; make it anew, or {ways_on.anew(command)}.")
    _ask(command.words[0], file, what, command.folder)


def _to_know(folder: RunFolder, command: ScriptCommand) -> list[str]:
    step, file = goes_on_from(folder.checkpoints), command.file
    words = []
    if file and command.sha256 and checksum(file) != command.sha256:
        words.append(f"{harmless(file.name, 60)} has changed since the run began, and runs as it is now.")
    if step:
        words.append(
            f"It is given its checkpoint of step {step:,}; what the script itself draws at random, and in which order "
            "it takes data, is not put back."
        )
    else:
        words.append("There is no checkpoint, so it begins from its beginning.")
    return words
