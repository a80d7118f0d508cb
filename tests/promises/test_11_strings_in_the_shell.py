"""Promise 11 in the shell: whatever presets, files, events and folders are called, only printable text is printed."""

import io
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from bounded import Ended, gan_tui
from foreign_runs import DATA, ROW, STARTED, log, metrics
from hostile_strings import BYTES, STRINGS, harm

from gan_tui import presets
from gan_tui.cli.follow import PlainFollower
from gan_tui.run.folder import RunFolder

pytestmark = pytest.mark.promise(11)

PRESET = """
{title}
about = {text}
help = {text}
task = "plane"
dataset = "xor"
[settings]
batch_size = 4
epochs = 3
[networks.classifier]
input = [2]
layers = [{{layer = "Dense", units = 2, activation = "softmax"{name}}}]
"""


def quoted(text: str) -> str:
    """A TOML string: every character that is not plain is escaped."""
    return '"' + "".join(c if c.isalnum() and c.isascii() else f"\\U{ord(c):08x}" for c in text) + '"'


def preset(text: str, name: str = "") -> str:
    return PRESET.format(title=f"title = {quoted(text)}", text=quoted(text), name=name)


def file_name(text: str) -> str:
    """What a file may be called of it."""
    return text.replace("/", "-").replace("\0", "")[:60]


def hostile_run(runs: Path, name: bytes, text: str) -> RunFolder:
    """A run whose folder and whose every event say it."""
    folder = presets.new_run(presets.find("xor"), runs, None)
    path = Path(os.fsdecode(os.path.join(os.fsencode(runs), name)))  # noqa: PTH118 (bytes: the name may be no text)
    folder = RunFolder(folder.path.rename(path))
    names = {"classifier": [{**ROW, "layer": text}]}
    data = {**DATA, "name": text, "origin": text, "names": [text]}
    started = {**STARTED, "preset": text, "title": text, "networks": names, "dataset": data, "devices": [text]}
    log(
        folder, {"type": "state", "state": "starting", "reason": text}, started, metrics([1], **{text: [0.5]}),
        {"type": "epoch", "epoch": 1, "step": 1, "values": {f"val_{text}": 0.5, text: 0.1}},
        {"type": "alert", "kind": text, "text": text, "step": 1},
        {"type": "checkpoint", "step": 1, "folder": text, "why": text},
        {"type": "setting", "name": text, "value": text, "step": 1},
        {"type": "state", "state": "failed", "reason": text}, start=False,
    )  # fmt: skip
    folder.trainer_log.write_text(text, errors="surrogateescape")
    return folder


def names() -> dict[str, bytes]:
    """Names for folders and files: each of the strings, and what is no text."""
    return {what: os.fsencode(file_name(text)) for what, text in STRINGS.items()} | BYTES


def test_a_followed_run_prints_only_text(runs: Path) -> None:
    wrong = {}
    for what, text in STRINGS.items():
        folder, printed = hostile_run(runs, names()[what], text), io.StringIO()
        PlainFollower(folder, printed).follow()
        if found := harm(printed.getvalue().encode("utf-8", "surrogateescape")):
            wrong[what] = found
    assert not wrong


@pytest.mark.prove
@pytest.mark.slow
@pytest.mark.timeout(900)
def test_no_command_prints_more_than_text(
    runs: Path, tmp_path: Path, own_presets: Path, trials: Callable[[int, int], int], proved: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    wrong: dict[str, str] = {}
    count = 0

    def said(what: str, *arguments: str | bytes | Path) -> Ended:
        nonlocal count
        ended, count = gan_tui(*arguments), count + 1
        found = harm(ended.out) or harm(ended.err)
        if b"Traceback" in ended.err or b"GAN_TUI_DEBUG" in ended.err or ended.code < 0:
            found = f"exit code {ended.code}: {ended.err[-300:]!r}"
        if found:
            wrong[f"{arguments[0]!r}: {what}"] = found
        return ended

    for number, (what, name) in enumerate(names().items()):
        hostile_run(runs, name, STRINGS.get(what, "x"))
        text = STRINGS.get(what, "x")
        (own_presets / f"mine-{number}.toml").write_text(preset(text))
        (own_presets / os.fsdecode(name[:200] + b".toml")).write_text(preset(text, f", name = {quoted(text)}"))
    for command in (("presets",), ("runs",)):
        said("all", *command)
        assert json.loads(said("all, as JSON", *command, "--json").out)
    for number, (what, name) in list(enumerate(names().items()))[:: trials(17, 1)]:
        text = STRINGS.get(what, "x").replace("\0", "")[:100_000]
        said(what, "show", f"mine-{number}")
        for command in ("show", "attach", "pause", "resume"):
            said(what, command, name)
        for command in ("show", "attach", "train"):
            said(f"unknown {what}", command, text)
        said(what, "show", own_presets / os.fsdecode(name[:200] + b".toml"))
        said(what, "train", "xor", "--detach", "--set", f"{text}=1")
        said(what, "train", "xor", "--detach", "--set", f"optimizer={text}")
        said(what, "train", "xor", "--detach", "--name", text)
        said(what, "train", "points", "--detach", "--set", f"points=/{text}")
        said(what, "runs", "--runs-dir", tmp_path / file_name(text))
        said(what, text)
    for variable in ("TERM", "SLURM_JOB_ID", "GAN_TUI_COLORS"):
        monkeypatch.setenv(variable, STRINGS["OSC 52"])
    said("the environment", "doctor")
    assert not wrong, "\n".join(f"{what}: {found}" for what, found in wrong.items())
    proved(f"{count} commands with {len(names())} strings: every byte printable")


@pytest.mark.slow
def test_a_training_of_a_hostile_preset_prints_only_text(tmp_path: Path, proved: Callable[[str], None]) -> None:
    file = tmp_path / os.fsdecode(b"mine\x1b[31m\xff.toml")
    file.write_text(preset("".join(text[:200] for text in STRINGS.values())))
    folder = tmp_path / os.fsdecode(b"runs\x1b]0;x\x07\xff")
    ended = gan_tui("train", file, "--plain", "--runs-dir", folder, patience=120)
    assert (ended.code, harm(ended.out), harm(ended.err)) == (0, "", ""), ended.text
    assert b"Finished at step 3" in ended.out
    proved("a training followed as text")
