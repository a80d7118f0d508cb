"""Words completed in the real shells: a beginning typed, TAB pressed, and what the program was then given."""

import shlex
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import tomli_w

from files import tree
from gan_tui.cli.completion.scripts import script
from pty_terminal import Terminal

pytestmark = pytest.mark.slow
EVIL = "$(touch pwned) it's"
"""What a run's folder may be called that somebody else has sent."""


@dataclass(frozen=True)
class Shell:
    """How one is started, in a home of its own where it completes gan-tui's words."""

    name: str
    command: tuple[str, ...]
    script: str
    """The file in that home that it reads the script from."""
    settings: tuple[str, str]
    """What it reads before, and what that says: how it asks for a line."""


FISH = ".config/fish"
PROMPT_OF_FISH = """set -U __fish_initialized 9999  # else it reads all manual pages, minutes beyond the test
function fish_prompt
  echo '> '
end
"""
SHELLS = [
    Shell("bash", ("bash", "--noprofile", "-i"), "script", (".bashrc", "PS1='> '; . ~/script\n")),
    Shell("zsh", ("zsh", "-i"), "script", (".zshrc", "PS1='> '; . ~/script\n")),
    Shell("fish", ("fish", "-i"), f"{FISH}/completions/gan-tui.fish", (f"{FISH}/config.fish", PROMPT_OF_FISH)),
]
PROGRAM = """#!/bin/sh
case $1 in
  __complete) exec {python} -P -m gan_tui "$@" ;;
  *) printf 'given:'; printf '<%s>' "$@"; echo '.' ;;
esac
"""


class InShell:
    """A shell in a terminal, with a program called gan-tui that says what it is given."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal, self._lines = terminal, 0

    def given(self, keys: str) -> str:
        """What the program is given after these keys, among them TABs."""
        self._lines += 1
        for part in keys.split("\t")[:-1]:
            self._terminal.type(part)
            self._terminal.pump(0.2)
            self._complete()
        self._terminal.type(keys.rpartition("\t")[2] + "\r")
        self._terminal.wait_for(lambda: self._terminal.text().count(">.\n") == self._lines)  # the program's last word
        return self._terminal.text().rpartition("given:")[2].splitlines()[0].removesuffix(".")

    def _complete(self) -> None:
        """Press TAB, and wait until the shell has done with it."""
        line = self._terminal.text()
        self._terminal.type("\t")
        self._terminal.wait_for(lambda: self._terminal.text() != line)
        self._terminal.pump(0.3)


@pytest.fixture
def work(tmp_path: Path, runs: Path) -> Path:
    """A folder to work in, with some runs to name."""
    for name in ("night", EVIL):
        (runs / name).mkdir(parents=True)
        (runs / name / "preset.toml").write_text(tomli_w.dumps({"name": "xor", "task": "plane"}))
    (runs / "night" / "checkpoints" / "000000100").mkdir(parents=True)
    (tmp_path / "work" / "two words").mkdir(parents=True)
    return tmp_path / "work"


@pytest.fixture(params=SHELLS, ids=lambda shell: shell.name)
def shell(
    request: pytest.FixtureRequest, tmp_path: Path, work: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[InShell]:
    kind: Shell = request.param
    if shutil.which(kind.name) is None:
        pytest.skip(f"{kind.name} isn't here")
    home, program = tmp_path / "home", tmp_path / "bin" / "gan-tui"
    tree(home, {kind.script: script(kind.name), kind.settings[0]: kind.settings[1]})
    program.parent.mkdir()
    program.write_text(PROGRAM.format(python=shlex.quote(sys.executable)))
    program.chmod(0o755)
    monkeypatch.chdir(work)
    env = {
        "HOME": str(home), "ZDOTDIR": str(home), "XDG_CONFIG_HOME": str(home / ".config"), "HISTFILE": "/dev/null",
        "XDG_DATA_HOME": str(home / "data"), "PATH": f"{program.parent}:/usr/bin:/bin", "LANG": "C.UTF-8",
    }  # fmt: skip
    with Terminal(kind.command, 100, 50, env=env) as terminal:
        terminal.pump(1.0)
        terminal.wait_for(">")
        yield InShell(terminal)


def test_words_are_completed_and_reach_the_program_as_they_are(shell: InShell, work: Path) -> None:
    assert shell.given("gan-tui att\tni\t") == "<attach><night>"
    assert shell.given("gan-tui train wga\t--det\t") == "<train><wgan-gp><--detach>"
    assert shell.given("gan-tui train gan --set optimizer=rms\t") == "<train><gan><--set><optimizer=rmsprop>"
    assert shell.given("gan-tui train xor --set learning_rate_d\t0.5") == "<train><xor><--set><learning_rate_decay=0.5>"
    assert shell.given("gan-tui train xor --from night@\t--see\t1") == "<train><xor><--from><night@100><--seed><1>"
    assert shell.given("gan-tui train xor --data ./tw\tx") == "<train><xor><--data><./two words/x>"
    assert shell.given("gan-tui train xor --data=./tw\tx") == "<train><xor><--data=./two words/x>"
    assert shell.given("gan-tui attach \\$\t") == f"<attach><{EVIL}>"
    assert shell.given("gan-tui attach '$(to\t") == f"<attach><{EVIL}>"
    assert not (work / "pwned").exists()
