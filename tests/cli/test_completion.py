"""What is offered at the cursor of a command line, as the scripts of shells ask for it."""

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import tomli_w

from gan_tui.cli import parser
from gan_tui.cli.completion import ASKED, SHELLS, typed
from gan_tui.cli.completion.answer import answered
from gan_tui.cli.completion.scripts import script
from gan_tui.cli.completion.typed import Typed
from gan_tui.presets.optimizers import OPTIMIZERS
from pty_terminal import GAN_TUI
from shell import said

BREAKS = " \t\n\"'@><=;|&(:"
"""What bash has in COMP_WORDBREAKS."""


def offered(*words: str) -> list[str]:
    """The words that zsh is told for a line that ends amid its last one."""
    return [line.partition("\t")[0] for line in answered("zsh", Typed(("gan-tui", *words)))[1:]]


def told(*words: str) -> str:
    """What the shell is to do beside offering words."""
    return answered("zsh", Typed(("gan-tui", *words)))[0]


def make_run(runs: Path, name: str) -> Path:
    folder = runs / name
    folder.mkdir(parents=True)
    (folder / "preset.toml").write_text(tomli_w.dumps({"name": "xor", "task": "plane"}))
    return folder


Command = tuple[tuple[str, ...], argparse.ArgumentParser]


def commands(tree: argparse.ArgumentParser, before: tuple[str, ...] = ()) -> Iterator[Command]:
    """Each command's words, and what reads the rest of its line."""
    yield before, tree
    for action in tree._get_positional_actions():
        if isinstance(action, argparse._SubParsersAction):
            for word, inner in action.choices.items():
                yield from commands(inner, (*before, word))


EVERY = list(commands(parser.tree()))


@pytest.mark.parametrize(("words", "tree"), EVERY, ids=lambda of: " ".join(of) if isinstance(of, tuple) else "")
def test_every_option_of_the_parser_is_offered(words: tuple[str, ...], tree: argparse.ArgumentParser) -> None:
    options = {name for name in tree._option_string_actions if name.startswith("--")}
    assert set(offered(*words, "--")) == options


def test_every_command_is_offered_with_what_it_does() -> None:
    (known,) = (action for action in parser.tree()._get_positional_actions() if action.choices)
    assert offered("") == list(known.choices)
    assert offered("st") == ["stop", "status"]
    (line,) = answered("zsh", Typed(("gan-tui", "doc")))[1:]
    assert line.startswith("doctor\tdoctor  check this machine")
    shown = [line.partition("\t")[2] for line in answered("zsh", Typed(("gan-tui", "")))[1:]]
    assert max(map(len, shown)) < 80


def test_commands_of_a_command_are_offered() -> None:
    assert offered("data", "") == ["fetch", "clear", "show"]
    assert offered("data", "fetch", "mn") == ["mnist"]
    assert offered("presets", "copy", "dcgan-s") == ["dcgan-small"]


def test_machines_are_those_that_ssh_knows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    others = ["srun -n1", "kubectl exec -i ", "ray"]
    assert offered("sweep", "xor", "--on", "") == ["local", *others]
    (tmp_path / ".ssh").mkdir()
    (tmp_path / ".ssh/config").write_text("Host box1 box2\n  User ada\nhost=box3\nHost *.org !no ?\n\nMatch all\n")
    assert offered("sweep", "xor", "--on", "") == ["local", "ssh box1", "ssh box2", "ssh box3", *others]
    assert offered("sweep", "xor", "--on", "ssh box3") == ["ssh box3"]


def test_an_option_is_offered_once_and_not_beside_one_that_excludes_it() -> None:
    assert "--seed" not in offered("train", "gan", "--seed", "3", "--")
    assert "--set" in offered("train", "gan", "--set", "steps=3", "--")
    assert "--epochs" not in offered("train", "gan", "--steps=3", "--")
    assert offered("train", "--steps", "") == []


def test_options_are_offered_where_nothing_else_may_stand() -> None:
    assert "--json" in offered("doctor", "")
    assert not any(word.startswith("-") for word in offered("train", ""))


def test_presets_are_offered_and_files_where_none_is_called_so() -> None:
    assert {"xor", "gan", "dcgan"} <= set(offered("train", ""))
    assert offered("train", "wgan") == ["wgan-gp"]
    assert told("train", "wgan").startswith("words space")
    assert (offered("train", "./my"), told("train", "./my")) == ([], "files space 0")


def test_own_presets_are_offered(own_presets: Path) -> None:
    (own_presets / "clouds.toml").write_text("title = 'Clouds'\n")
    assert offered("train", "clo") == ["clouds"]


def test_runs_are_offered_the_newest_first(runs: Path) -> None:
    for age, name in enumerate(["gan-2", "gan-1", "xor-1"]):
        folder = make_run(runs, name)
        os.utime(folder / "preset.toml", (1e9 - age, 1e9 - age))
    (runs / "no-run").mkdir()
    assert offered("attach", "") == ["gan-2", "gan-1", "xor-1"]
    assert offered("stop", "x") == ["xor-1"]
    assert offered("show", "xor") == ["xor", "xor-1"]


def test_runs_of_another_folder_are_offered(tmp_path: Path) -> None:
    make_run(tmp_path / "others", "theirs")
    assert offered("--runs-dir", str(tmp_path / "others"), "attach", "") == ["theirs"]
    assert offered("attach", f"--runs-dir={tmp_path / 'others'}", "") == ["theirs"]


def test_checkpoints_are_offered_once_there_is_an_at(runs: Path) -> None:
    checkpoints = make_run(runs, "night") / "checkpoints"
    for step in (100, 200):
        (checkpoints / f"{step:09d}").mkdir(parents=True)
    assert offered("train", "xor", "--from", "nig") == ["night"]
    assert offered("train", "xor", "--from", "night@") == ["night@200", "night@100"]
    assert offered("train", "xor", "--from=night@1") == ["--from=night@100"]


def test_settings_and_their_values_are_offered() -> None:
    assert "learning_rate=" in offered("train", "gan", "--set", "learn")
    assert told("train", "gan", "--set", "learning_rate").startswith("words nospace")
    assert set(offered("train", "gan", "--set", "optimizer=")) == {f"optimizer={name}" for name in OPTIMIZERS}
    assert offered("train", "gan", "--set", "loss=w") == ["loss=wasserstein"]
    assert offered("train", "--set", "activation=rel", ) == ["activation=relu", "activation=relu6"]
    assert "latent=" not in offered("train", "xor", "--set", "")
    assert offered("sweep", "xor", "--set", "optimizer=adam,rms") == ["optimizer=adam,rmsprop"]


def test_files_are_asked_for_where_a_path_is_meant() -> None:
    assert told("train", "xor", "--data", "./") == "files space 0"
    assert told("train", "xor", "--data=./") == "files space 7"
    assert told("train", "gan", "--set", "data=./") == "files space 5"
    assert told("attach", "--runs-dir", "") == "folders space 0"
    assert told("export", "night", "--tensorboard", "") == "folders space 0"
    assert told("run", "") == told("run", "--name", "x", "train.py", "--lr") == "files space 0"


def test_data_sets_and_shells_are_offered() -> None:
    assert offered("train", "gan", "--data", "cif") == ["cifar10", "cifar100"]
    assert offered("data", "show", "fash") == ["fashion-mnist"]
    assert offered("completion", "") == list(SHELLS)


def test_changes_of_images_are_offered_each_once() -> None:
    assert offered("data", "show", "photos", "--augment", "")[:2] == ["flip", "rotate"]
    assert offered("data", "show", "photos", "--augment", "flip,zo") == ["flip,zoom"]
    assert "flip,flip" not in offered("data", "show", "photos", "--augment", "flip,")


def test_names_that_would_act_are_offered_as_they_are(runs: Path) -> None:
    for name in ("$(touch pwned)", "it's", "two words"):
        make_run(runs, name)
    make_run(runs, "esc\x1b[31m")
    assert set(offered("attach", "")) == {"$(touch pwned)", "it's", "two words"}


# As bash has it ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("gan-tui ", ("gan-tui", "")),
        ("gan-tui att", ("gan-tui", "att")),
        (r"gan-tui attach two\ wo", ("gan-tui", "attach", "two wo")),
        ("gan-tui attach 'two wo", ("gan-tui", "attach", "two wo")),
        ('gan-tui attach "a\\"b $(x)', ("gan-tui", "attach", 'a"b $(x)')),
        ("gan-tui attach 'a'\\''b' ", ("gan-tui", "attach", "a'b", "")),
        ("gan-tui attach '' x", ("gan-tui", "attach", "", "x")),
    ],
)  # fmt: skip
def test_a_line_is_read_as_the_shell_will_read_it(line: str, words: tuple[str, ...]) -> None:
    assert typed.of_line(line).words == words


@pytest.mark.parametrize(
    ("line", "word", "put"),
    [
        ("gan-tui attach ", "two words", r"two\ words"),
        ("gan-tui attach ", "$(touch x)`y`", r"\$\(touch\ x\)\`y\`"),
        ("gan-tui attach 'tw", "two words", "two words"),
        ("gan-tui attach '", "it's", "it'\\''s"),
        ('gan-tui attach "', 'say "$x"', 'say \\"\\$x\\"'),
        ("gan-tui train gan --set optimizer=a", "optimizer=adam", "adam"),
        ("gan-tui train gan --from night@1", "night@100", "@100"),
        ("gan-tui train gan --set 'optimizer=a", "optimizer=adam", "optimizer=adam"),
        ("gan-tui attach grö", "größe", "größe"),
    ],
)  # fmt: skip
def test_a_word_is_put_in_so_that_the_shell_takes_it_literally(line: str, word: str, put: str) -> None:
    assert typed.of_line(line, BREAKS).inserted(word) == put


def test_what_double_quotes_cannot_hold_is_not_offered() -> None:
    assert typed.of_line('gan-tui attach "', BREAKS).inserted("wow!") is None


# The hidden command, and the scripts ------------------------------------------------------------------------


def asked(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*GAN_TUI, ASKED, *words], capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.slow
def test_nothing_is_said_of_what_goes_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("GAN_TUI_RUNS", str(tmp_path / "file"))
    fish, bash = ["fish", "gan-tui", "stop", "ru"], ["bash", "gan-tui train --set x=", BREAKS]
    for words in (fish, bash, ["zsh", "gan-tui", "nothing", "x"], ["zsh"], []):
        done = asked(*words)
        assert (done.returncode, done.stdout, done.stderr) == (0, "words space 0\n", "")


def test_a_completion_loads_little() -> None:
    """What it costs at each TAB: neither numpy nor Textual, and of presets only where there are some to offer."""
    code = (
        "import sys; from gan_tui.cli.arguments import main; main(sys.argv[1:]);"
        "print([name for name in ('numpy', 'textual', 'tensorflow', 'gan_tui.presets') if name in sys.modules])"
    )
    for words in (["att"], ["attach", ""], ["train", ""], ["train", "x", "--se"]):
        command = [sys.executable, "-c", code, ASKED, "zsh", "gan-tui", *words]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_of_a_shell_is_printed(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "completion", shell) == (0, script(shell), "")
    assert "@PROGRAM@" not in script(shell)
    assert sys.executable in script(shell)


def test_an_unknown_shell_is_refused_with_those_that_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = said(capsys, "completion", "tcsh")
    assert (code, out) == (2, "")
    no_such = 'gan-tui: there is no completion for "tcsh", choose from bash, zsh, fish'
    assert err == f"{no_such}; see gan-tui completion --help.\n"
