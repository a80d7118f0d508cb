"""What the words of --on mean: commands, numbers of workers, names; and what is refused."""

import shlex
import subprocess
import sys

import pytest

from gan_tui.errors import UserError
from gan_tui.sweep import places
from gan_tui.sweep.places import HERE, Place


def one(text: str) -> Place:
    (place,) = places.read([text]).behind
    return place


def test_without_a_word_all_is_trained_here() -> None:
    assert places.read([]) == HERE


@pytest.mark.parametrize(
    ("text", "count", "name"),
    [
        ("ssh box1", 1, "box1"),
        ("ssh box2*4", 4, "box2"),
        ("ssh -p 2222 -i 'my key' ada@box3.example.org * 2", 2, "box3.example.org"),
        ("ssh -tp 2222 -4 box4", 1, "box4"),
        ("ssh -p2222 box5 nice -n 19", 1, "box5"),
        ("env A=1 /usr/bin/ssh box6 /opt/venv/bin/gan-tui*3", 3, "box6"),
        ("local*2", 2, "local"),
        ("env", 1, "env"),
        ("env nice -n 5 /opt/a/gan-tui", 1, "env nice -n 5"),
        ("env nice /usr/bin/python3 -P -m gan_tui*2", 2, "env nice"),
        ("sh -m gan_tui", 1, "gan_tui"),
        ("sh -c 'exec \"$@\"' --", 1, 'sh -c exec "$@"'),
    ],
)
def test_a_place_has_a_number_of_workers_and_a_name(text: str, count: int, name: str) -> None:
    assert (one(text).count, one(text).name) == (count, name)


def test_the_same_place_twice_is_one_and_others_have_other_names() -> None:
    read = places.read(["ssh box1", "ssh -p 1 box1*2", "ssh box1*3"]).behind
    assert [(place.name, place.count) for place in read] == [("box1", 4), ("box1 (2)", 2)]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ([""], "needs the command that leads to a machine, such as --on 'ssh box1'"),
        (["*3"], "needs the command that leads to a machine"),
        (["ssh box1*0"], "needs a number of workers from 1 to 512 behind the *"),
        (["ssh box1*1000"], "needs a number of workers from 1 to 512 behind the *"),
        (["ssh a*400", "ssh b*400"], "starts at most 512 workers in all"),
        (["ssh 'box1"], "a quotation mark that is never closed"),
        (["no-such-program-here box1"], "there is no program no-such-program-here here"),
        (["ssh"], "names no machine; write which"),
        (["ssh -p 22"], "names no machine; write which"),
        (["ray", "ssh box1"], "leave out every other --on"),
    ],
)
def test_what_leads_nowhere_is_refused_with_what_would_do(given: list[str], sentence: str) -> None:
    with pytest.raises(UserError) as caught:
        places.read(given)
    assert sentence in str(caught.value)


def test_ray_is_told_by_its_word_and_its_address() -> None:
    assert places.read(["ray"]).ray == ""
    assert places.read(["ray:10.0.0.1:6379"]).ray == "10.0.0.1:6379"


# Commands -----------------------------------------------------------------------------------------------


def test_ssh_asks_nothing_has_no_terminal_and_notices_a_link_that_is_gone() -> None:
    command = one("ssh box1").command
    assert command[:10] == [
        "ssh", "-T", "-o", "BatchMode=yes", "-o", "ServerAliveInterval=5", "-o", "ServerAliveCountMax=2",
        "-o", "ConnectTimeout=10",
    ]  # fmt: skip
    assert command[10] == "box1"


@pytest.mark.parametrize(
    "text",
    ["gcloud compute ssh box1 --", "tailscale ssh box1", "docker exec -i ssh", "kubectl exec -i ssh --", "env a ssh"],
)
def test_what_is_only_called_ssh_is_left_as_it_is(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places.shutil, "which", lambda name: name)
    place = one(text)
    assert place.ssh is None and place.name == text.removesuffix(" --")[:24].rstrip()
    assert place.command[: len(text.split())] == text.split()


@pytest.mark.parametrize(
    "before",
    ["", "env -u LANG A=1", "nice -n 5", "timeout -k 5 1h", "sshpass -f secret", "/bin/nohup nice", "taskset -c 0,1"],
)
def test_ssh_is_known_behind_words_that_only_say_how_it_is_run(before: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places.shutil, "which", lambda name: name)
    place = one(f"{before} ssh box1")
    assert place.name == "box1" and place.ssh == len(before.split())
    assert place.command[place.ssh + 1] == "-T"


def test_options_that_a_person_names_are_theirs() -> None:
    words = " ".join(one("ssh -o serveraliveinterval=60 -oConnectTimeout=99 box1").command)
    assert "ServerAliveInterval=5" not in words and "ConnectTimeout=10" not in words
    assert "BatchMode=yes" in words


def test_the_words_that_ssh_hands_on_are_one_command_again_to_the_shell_there() -> None:
    command = one("ssh box1").command
    there = shlex.split(" ".join(command[command.index("box1") + 1 :]))
    assert there[:2] == ["sh", "-c"] and there[2].endswith("exec gan-tui sweep-worker") and len(there) == 3


def test_a_prefix_may_say_which_program_is_run_there() -> None:
    assert one("ssh box1 /opt/venv/bin/gan-tui").command[-3:] == ["box1", "/opt/venv/bin/gan-tui", "sweep-worker"]
    assert one("env /opt/venv/bin/gan-tui*2").command == ["env", "/opt/venv/bin/gan-tui", "sweep-worker"]
    assert one("env python3 -m gan_tui").command == ["env", "python3", "-m", "gan_tui", "sweep-worker"]
    assert one("local").command[0] == sys.executable


def test_the_program_is_found_where_pipx_puts_it(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    program = tmp_path / ".local/bin/gan-tui"
    program.parent.mkdir(parents=True)
    program.write_text('#!/bin/sh\necho "it was asked: $*"\n')
    program.chmod(0o755)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    for text in ("env", "sh -c 'exec \"$@\"' --"):
        said = subprocess.run(one(text).command, capture_output=True, text=True, check=True)
        assert said.stdout == "it was asked: sweep-worker\n"
