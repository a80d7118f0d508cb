"""What docs/programs.md says is so: its examples print what it shows, and every field that is printed stands there."""

import json
import re
import shlex
from pathlib import Path

import pytest

from files import old_run
from gan_tui.run.event_schema import shapes_of
from gan_tui.run.events import EVENTS
from shell import said

PAGE = (Path(__file__).parents[2] / "docs" / "programs.md").read_text()
CONSOLE = "".join(re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL))
EXAMPLES = re.findall(r"^\$ gan-tui (.*)\n((?:(?!\$ ).*\n)*)", CONSOLE, re.MULTILINE)


@pytest.mark.parametrize(("command", "shown"), EXAMPLES, ids=[command for command, _ in EXAMPLES])
def test_an_example_prints_what_is_shown(
    command: str,
    shown: str,
    runs: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    old_run("finished", "shapes", runs)
    if command.startswith("compare"):
        slower(runs)
    monkeypatch.chdir(tmp_path)
    code, out, err = said(capsys, *shlex.split(command))
    pattern = re.escape(shown).replace("…", ".*")
    assert (code, err) == (0, "")
    assert re.fullmatch(pattern, out), out


def slower(runs: Path) -> None:
    """Another run, which was to learn more slowly, and was stopped."""
    slow = old_run("stopped", "shapes", runs / "elsewhere").path.rename(runs / "shapes-slow")
    text = (slow / "preset.toml").read_text()
    changed = text.replace("rate = 0.005", "rate = 0.001").replace('"adam"', '"sgd"').replace("beta_1 = 0.9\n", "")
    (slow / "preset.toml").write_text(changed)


def test_there_are_examples_of_each_query() -> None:
    queries = {"status", "metrics", "events", "wait", "compare", "export", "runs", "note"}
    assert {command.split()[0] for command, _ in EXAMPLES} == queries


def keys(document: object) -> set[str]:
    """The names of fields, but not those of metrics, networks and settings, which are a run's own."""
    if isinstance(document, list):
        return set().union(*map(keys, document)) if document else set()
    return set(document) if isinstance(document, dict) else set()


@pytest.mark.parametrize(
    "command",
    [
        "status shapes --json",
        "metrics shapes --json",
        "runs --json",
        "presets --json",
        "data --json",
        "show shapes --json",
        "config --print --json",
        "compare shapes shapes-slow --json",
    ],
)
def test_every_field_stands_on_the_page(command: str, runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old_run("finished", "shapes", runs)
    if command.startswith("compare"):
        slower(runs)
    document = json.loads(said(capsys, *command.split())[1])
    found = keys(document)
    for part in ("settings", "runs", "seeds") if isinstance(document, dict) else ():
        found |= keys(document.get(part))
    assert found
    assert {name for name in found if f"`{name}`" not in PAGE} == set()


def test_every_kind_of_event_stands_on_the_page() -> None:
    table = PAGE[PAGE.index("| `type` | its fields |") :].partition("\n\n")[0].splitlines()
    for name, kind in EVENTS.items():
        rows = [line for line in table if line.startswith("| `") and f"`{name}`" in line.split("|")[1]]
        assert len(rows) == 1, name
        if name not in ("prediction", "answers", "confusion"):
            assert {field for field in shapes_of(kind) if f"`{field}`" not in rows[0]} == set(), name
