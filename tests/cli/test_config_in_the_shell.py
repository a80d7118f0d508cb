"""`gan-tui config`: a file with every key, opened in the person's editor; what each key is, and why."""

import json
import tomllib
from pathlib import Path

import pytest

from gan_tui.cli import config_commands
from gan_tui.dashboard import kept_choices
from gan_tui.system import config
from gan_tui.system.config_keys import KEYS
from shell import said


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    kept_choices.begin()
    return tmp_path / "gan-tui" / "config.toml"


def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, does: str) -> None:
    script = tmp_path / "editor"
    script.write_text(f'#!/bin/sh\n{does} "$1"\n')
    script.chmod(0o700)
    monkeypatch.setenv("VISUAL", str(script))


def test_the_file_is_made_private_with_every_key_and_opened(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    editor(tmp_path, monkeypatch, "cat >/dev/null")
    assert said(capsys, "config") == (0, f"{file}\n", "")
    assert file.stat().st_mode & 0o777 == 0o600 and file.parent.stat().st_mode & 0o777 == 0o700
    written = file.read_text()
    assert not any(tomllib.loads(written).values()), "nothing of it counts yet"
    assert all(f"#{key.name.rpartition('.')[2]} = {json.dumps(key.default)}\n" in written for key in KEYS)
    assert '#next_view = "p"  # Show the next view of the networks\n' in written
    file.write_text("smoothing = 0.5\n")
    assert said(capsys, "config")[0] == 0 and file.read_text() == "smoothing = 0.5\n", "it is theirs"


def test_every_line_of_it_is_right_without_its_sign(file: Path) -> None:
    lines = [line.removeprefix("#") for line in config_commands.text().split("\n") if not line.startswith("# ")]
    file.parent.mkdir()
    file.write_text("\n".join(lines))
    assert config_commands._problems() == []
    assert set(config.written().values) == {key.name for key in KEYS} and config.written().themes["mine"]


def test_what_is_wrong_after_the_editor_is_said(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    editor(tmp_path, monkeypatch, "echo 'smoothing = 7' >")
    code, out, err = said(capsys, "config")
    assert (code, out) == (2, "")
    assert err == f"gan-tui: {file}: smoothing takes 0 to 0.99, not 7.\n"


def test_each_key_is_printed_with_where_it_comes_from(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept_choices.keep("pane", "log")
    file.write_text('smoothing = 0.5\n[keys]\nstep = "f5"\n')
    code, out, err = said(capsys, "config", "--print")
    assert (code, err) == (0, "")
    rows = {words[0]: words for line in out.splitlines() if (words := line.split())}
    assert rows["smoothing"][1:3] == ["0.5", "config.toml"]
    assert rows["pane"][1:4] == ['"log"', "kept", "choice"]
    assert rows["wide"][1:3] == ["false", "default"]
    assert rows["keys.step"][1:3] == ['["f5"]', "config.toml"]
    code, out, err = said(capsys, "config", "--print", "--json")
    found = {row["key"]: row for row in json.loads(out)["keys"]}
    assert found["smoothing"] | {"about": ""} == {
        "key": "smoothing", "value": 0.5, "source": "config.toml", "default": 0.9, "takes": "0 to 0.99", "about": ""
    }  # fmt: skip


def test_what_is_wrong_is_printed_and_ends_with_2(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.parent.mkdir()
    file.write_text('pane = "lag"\n[keys]\nstep = "p"\n')
    code, out, err = said(capsys, "config", "--print", "--json")
    assert code == 2 and "pane takes" in err and 'keys.step: "p" is next_view' in err
    assert len(json.loads(out)["problems"]) == 2


def test_a_key_that_is_refused_is_not_in_force(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_text('[keys]\nmark = "d"\nstep = "f5"\n')
    code, out, err = said(capsys, "config", "--print")
    rows = {words[0]: words for line in out.splitlines() if (words := line.split())}
    assert code == 2 and 'keys.mark: "d" is delete in the list of runs' in err
    assert rows["keys.mark"][1:4] == ['["space",', '"m"]', "default"] and rows["keys.delete"][1] == '["d"]'
    assert rows["keys.step"][1:3] == ['["f5"]', "config.toml"]


def test_who_has_no_editor_is_told_how_to_have_one(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VISUAL", "no-such-editor")
    code, _, err = said(capsys, "config")
    assert code == 2 and 'The editor "no-such-editor" (VISUAL) is not there' in err and not file.exists()
    code, _, err = said(capsys, "config", "--json")
    assert code == 2 and "config --print --json" in err
