"""Hostile strings in all that a run or a preset may hold, through every view: what reaches the terminal is harmless."""

import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import orjson
import pytest

from gan_tui.run.events import Alert, Checkpoint, Metrics, Setting, State
from gan_tui.run.folder import RunFolder
from pty_terminal import GAN_TUI, Terminal
from recorded import append, recorded_run

pytestmark = [pytest.mark.promise(11), pytest.mark.slow]

HOSTILE = {
    "clipboard": "\x1b]52;c;aGFja2Vk\x07",
    "link": "\x1b]8;;http://evil.example\x1b\\here\x1b]8;;\x1b\\",
    "title": "\x1b]0;owned\x07",
    "clear": "\x1b[2J\x1b[H",
    "device control": '\x1bP$q"p\x1b\\\x1bPpayload\x1b\\',
    "C1": "\x9b2J\x9d0;owned\x9c\x90q\x9c",
    "bidi": "\u202etxet\u202c \u2066iso\u2069",
    "zero width": "a\u200b\u200db\ufeff",
    "action": "[@click=app.leave]leave[/]",
    "markup": "[/] [bold red]x[/bold red] [link=http://evil.example]y[/link]",
    "lines": "one\ntwo\r\nthree\x0b\x0c\x08\x08",
    "answer": "\x05\x1b[c\x1b[6n\x1b[>c",
    "long": "x" * 10_000_000,
    "wide": "日本語🏳️‍🌈é",
}
ALL = " ".join(text for name, text in HOSTILE.items() if name != "long")

OURS = re.compile(
    rb"\x1b\[(?:[0-9;]*[mHC]|\?(?:7|25|1000|1002|1003|1004|1006|1015|1016|1049|2004|2026)[hl]|\?2026\$p"
    rb"|<u(?:(?:\x1b\]2;\x1b\\\x1b\[23;2t)?(?:\x1b\[c)?\x1b\[0m\x1b\[H\x1b\[J\x1b\[\?1049l)?|>[0-9]+u|=4;2u|5n)"
    rb"|\x1b\[22;2t|\x1b\]2;[^\x00-\x1f\x7f]*\x1b\\|\x1b\]11;\?\x1b\\|\r*\n"
    rb"|\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\\x1b\[>0q\x1b\[16t\x1b\[c"
)
"""Every sequence that gan-tui itself sends; what kind of terminal it is, it asks with what else it asks, and as it
leaves."""


def foreign(output: bytes) -> list[str]:
    """What is neither printable nor ours in what was sent."""
    left = OURS.sub(b"", output).decode("utf-8")
    return sorted({repr(left[max(0, at - 8) : at + 12]) for at, c in enumerate(left) if not c.isprintable()})


def rewrite(folder: RunFolder) -> None:
    """Put hostile strings into every string of what the run has said already."""

    lines = [orjson.loads(line) for line in folder.events_file.read_bytes().splitlines()]
    for line in lines:
        line.pop("crc", None)
    refused = [spoilt(line, names=True) for line in lines if line["type"] == "started"]
    written = [*refused, *map(spoilt, lines), *refused]
    folder.events_file.write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in written))


def spoilt(value: object, key: str = "", names: bool = False) -> object:
    """A value with hostile strings in it; with `names` also as names of networks and layers, which is refused."""
    if isinstance(value, str) and key not in ("type", "state", "task", "file", "kind"):
        return value + ALL
    if isinstance(value, dict):
        spoils = key == "versions" or (key == "networks" and names)
        kept = () if names or "output_shape" not in value else ("name",)
        return {
            name + (ALL if spoils else ""): item if name in kept else spoilt(item, name, names)
            for name, item in value.items()
        }
    return [spoilt(item, key, names) for item in value] if isinstance(value, list) else value


def hostile_run(runs: Path) -> RunFolder:
    folder = recorded_run(runs)
    rewrite(folder)
    append(
        folder,
        Metrics(
            [121, 122], {"loss" + ALL: [1.0, 2.0], HOSTILE["markup"] + "_accuracy": [0.1, 0.2], "d_loss": [1.0, 1.0]}
        ),
        Setting("learning_rate" + ALL, ALL, 122),
        *(Alert(ALL, text, 122) for text in HOSTILE.values()),
        Checkpoint(122, "checkpoints/" + ALL, ALL),
        State("failed", ALL + HOSTILE["long"]),
    )
    log = ALL.encode() + b"\n" + HOSTILE["long"].encode() + b"\n" + ALL.encode("utf-8") + b"\xff\xfe\n"
    folder.trainer_log.write_bytes(log)
    return folder


def test_a_run(runs: Path, proved: Callable[[str], None]) -> None:
    hostile_run(runs)
    with Terminal((*GAN_TUI, "attach")) as terminal:
        terminal.wait_for("failed  step 122")
        for key in "23gg1pPvm?":
            terminal.type(key)
            terminal.pump(0.4)
        terminal.type("\x1b")
        terminal.pump(0.3)
        terminal.type("fh")
        terminal.pump(0.5)
        for row in range(1, 38, 3):  # what looks like an action does nothing when it is clicked
            for column in range(2, 118, 9):
                terminal.type(f"\x1b[<0;{column};{row}M\x1b[<0;{column};{row}m")
            terminal.pump(0.02)
        terminal.pump(0.5)
        assert terminal.process.poll() is None, "a click on a run's own words left the program"
        for _ in range(5):  # while clicks still wait, an escape and what follows it are one key
            terminal.type("\x1b")
            terminal.pump(1)
            terminal.type("q")
            with suppress(TimeoutError):
                assert terminal.wait_for_exit(5) == 0
                break
        assert terminal.process.poll() == 0
        assert not foreign(bytes(terminal.output))
    proved(f"{len(HOSTILE)} kinds of strings in every field of a run, in every pane")


def test_presets_and_runs_in_the_menu(runs: Path, own_presets: Path, proved: Callable[[str], None]) -> None:
    hostile_run(runs)
    for number, text in enumerate(HOSTILE.values()):
        quoted = orjson.dumps(text[:100_000]).decode().replace("\x7f", "\\u007f")
        (own_presets / f"bad-{number}.toml").write_text(
            f'title = {quoted}\nabout = {quoted}\nhelp = {quoted}\ntask = "plane"\ndataset = "xor"\n'
            "[networks.classifier]\ninput = [2]\n"
            f'layers = [{{layer = "Dense", units = 2, activation = "softmax", name = {quoted}}}]\n'
        )
    (own_presets / f"name{HOSTILE['clear']}.toml").write_text("title = 1")
    strange = runs / f"run{HOSTILE['clear']}{HOSTILE['markup'].replace('/', '')}"
    strange.mkdir()
    (strange / "preset.toml").write_text("title = 1")
    with Terminal(GAN_TUI) as terminal:
        terminal.wait_for("⏎ Start")
        for _ in range(30):
            terminal.type("\x1b[B")
            terminal.pump(0.1)
        terminal.type("\t")
        for _ in range(4):
            terminal.type("\x1b[B")
            terminal.pump(0.2)
        terminal.type("q")
        assert terminal.wait_for_exit() == 0
        assert not foreign(bytes(terminal.output))
    proved(f"{len(HOSTILE)} hostile presets, hostile names of files and folders")
