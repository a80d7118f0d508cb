"""The control socket: a command is answered once it has taken effect, and nothing a client does harms the server."""

import fcntl
import os
import re
import resource
import select
import selectors
import socket
import stat
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import orjson
import pytest

from gan_tui import presets
from gan_tui.errors import TRAINING_FAILED, WRONG_USE, UserError
from gan_tui.run import control_server
from gan_tui.run.commands import LONGEST_COMMAND, Command, Reply
from gan_tui.run.folder import RunFolder
from gan_tui.run.socket_address import socket_address
from gan_tui.supervision import control_client
from product import open_files
from serving import Serving
from shell import said


def _turn(selector: selectors.BaseSelector) -> int:
    """One turn of a loop that serves: how much there was to do."""
    found = selector.select(0)
    for key, _ in found:
        key.data()
    return len(found)


@contextmanager
def _no_descriptor_left() -> Iterator[None]:
    """This process can open nothing more."""
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    held = [os.open(os.devnull, os.O_RDONLY)]
    resource.setrlimit(resource.RLIMIT_NOFILE, (held[0] + 32, limits[1]))
    try:
        with suppress(OSError):
            while True:
                held.append(os.open(os.devnull, os.O_RDONLY))
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
        for descriptor in held:
            os.close(descriptor)


@pytest.fixture
def folder(runs: Path) -> RunFolder:
    return presets.new_run(presets.find("xor"), runs)


def test_a_command_is_answered_once_it_has_taken_effect(serving: Serving, folder: RunFolder) -> None:
    waiting: list[Command] = []
    serving.behave = waiting.append
    answers: list[Reply] = []
    asker = threading.Thread(target=lambda: answers.append(control_client.ask(folder, Command("save", id=41))))
    asker.start()
    while not waiting:
        pass
    assert asker.is_alive() and not answers
    serving.soon(lambda: serving.server.answer(Reply(waiting[0].id, True, "checkpoints/000000007", 7)))
    asker.join(5)
    assert answers == [Reply(41, True, "checkpoints/000000007", 7)]


def test_commands_keep_what_they_say(serving: Serving, folder: RunFolder) -> None:
    assert control_client.ask(folder, Command("step", steps=12)).text == "step done"
    assert [(command.name, command.steps) for command in serving.commands] == [("step", 12)]


def test_each_of_many_askers_gets_its_own_answer(serving: Serving, folder: RunFolder) -> None:
    serving.behave = lambda command: serving.server.answer(Reply(command.id, True, str(command.steps), 0))
    answers: dict[int, Reply] = {}

    def ask(number: int) -> None:
        answers[number] = control_client.ask(folder, Command("step", id=5, steps=number), timeout=10)

    askers = [threading.Thread(target=ask, args=(number,)) for number in range(1, 21)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert {number: (answer.id, answer.text) for number, answer in answers.items()} == {
        number: (5, str(number)) for number in range(1, 21)
    }


def test_several_commands_on_one_connection_are_answered_in_turn(serving: Serving) -> None:
    with serving.connect() as client, client.makefile("rb") as answers:
        client.sendall(Command("pause", 1).to_line() + Command("step", 2).to_line()[:9])
        assert Reply.from_line(answers.readline()) == Reply(1, True, "pause done", 7)
        client.sendall(Command("step", 2).to_line()[9:])
        assert Reply.from_line(answers.readline()) == Reply(2, True, "step done", 7)


# Clients that misbehave ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "garbage", [b"\n", b"hello\n", b"\xff\xfe\n", b"[]\n", b'{"name":"dance"}\n', b'{"name":"step","steps":0}\n']
)
def test_what_is_no_command_is_refused_and_the_next_one_heard(garbage: bytes, serving: Serving) -> None:
    with serving.connect() as client, client.makefile("rb") as answers:
        client.sendall(garbage)
        refusal = Reply.from_line(answers.readline())
        assert not refusal.ok and refusal.text.startswith("Invalid command: ")
        client.sendall(Command("pause", 3).to_line())
        assert Reply.from_line(answers.readline()).ok
    assert [command.name for command in serving.commands] == ["pause"]


@pytest.mark.parametrize("length", [LONGEST_COMMAND, 3 * LONGEST_COMMAND])
def test_a_line_without_end_is_cut_off(length: int, serving: Serving, folder: RunFolder) -> None:
    with serving.connect() as client:
        try:
            client.sendall(b"x" * length)
            assert client.recv(1) == b""
        except (BrokenPipeError, ConnectionResetError):
            pass  # hung up on while still talking
    assert serving.commands == []
    assert control_client.ask(folder, Command("pause")).ok


def test_a_client_that_leaves_before_its_answer_does_no_harm(serving: Serving, folder: RunFolder) -> None:
    asked = threading.Event()
    held: list[Command] = []

    def hold(command: Command) -> None:
        held.append(command)
        asked.set()

    serving.behave = hold
    with serving.connect() as client:
        client.sendall(Command("save").to_line())
        asked.wait(5)
    serving.behave = serving.do_it
    assert control_client.ask(folder, Command("pause")).ok
    serving.server.answer(Reply(held[0].id, True, "too late", 0))
    assert control_client.ask(folder, Command("resume")).ok


def test_a_client_found_gone_while_it_is_answered_does_no_harm(folder: RunFolder) -> None:
    selector = selectors.DefaultSelector()
    commands: list[Command] = []
    server = control_server.ControlServer(folder, selector, commands.append)
    client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    client.connect(str(server.address))
    client.sendall(Command("save").to_line())
    while not commands:
        for key, _ in selector.select(5):
            key.data()
    client.close()
    ready = selector.select(5)  # its hanging up is noticed in the same turn as …
    server.answer(Reply(commands[0].id, True, "done", 0))  # … the trainer's answer, which finds it gone
    for key, _ in ready:
        key.data()
    server.close()


def test_without_a_descriptor_left_a_client_waits_and_nothing_spins(folder: RunFolder) -> None:
    selector, commands, now = selectors.DefaultSelector(), list[Command](), 0.0
    server = control_server.ControlServer(folder, selector, commands.append, lambda: now)
    client = socket.socket(socket.AF_UNIX)
    with _no_descriptor_left():
        client.connect(str(server.address))
        client.sendall(Command("pause", 1).to_line())
        turns = [_turn(selector) for _ in range(5)]
    assert turns == [1, 0, 0, 0, 0]
    server.end_throttling()
    assert _turn(selector) == 0, "it is not its time yet"
    now = control_server.THROTTLE_SECONDS
    server.end_throttling()
    assert (_turn(selector), _turn(selector)) == (1, 1)
    assert [command.name for command in commands] == ["pause"]
    late = socket.socket(socket.AF_UNIX)
    with _no_descriptor_left():
        late.connect(str(server.address))
        _turn(selector)
        server.close()
    client.close()
    late.close()
    selector.close()


def test_whoever_is_silent_for_longest_makes_room_for_another(serving: Serving, folder: RunFolder) -> None:
    clients = [serving.connect() for _ in range(control_server.MOST_CLIENTS)]
    for client in clients:
        client.sendall(Command("pause").to_line())
        assert client.recv(1000)
    clients[0].sendall(b"half a command")
    assert control_client.ask(folder, Command("pause"), timeout=5).ok, "32 silent clients keep nobody out"
    gone = [client for client in clients if select.select([client], [], [], 0)[0]]
    assert gone == [clients[1]] and clients[1].recv(1) == b""
    for client in clients:
        client.close()


def test_whoever_waits_for_an_answer_is_not_turned_out(serving: Serving) -> None:
    held: list[Command] = []
    serving.behave = held.append
    clients = [serving.connect() for _ in range(control_server.MOST_CLIENTS)]
    for client in clients:
        client.sendall(Command("save").to_line())
    while len(held) < len(clients):
        time.sleep(0.01)
    with serving.connect() as one_too_many:
        assert one_too_many.recv(1) == b""
    for command in held:
        serving.server.answer(Reply(command.id, True, "saved", 0))
    for client in clients:
        assert Reply.from_line(client.makefile("rb").readline()).ok
        client.close()


def test_whoever_asks_too_fast_is_refused_and_the_others_are_served(serving: Serving, folder: RunFolder) -> None:
    now = [100.0]
    serving.clock = lambda: now[0]
    with serving.connect() as client, client.makefile("rb") as answers:
        client.sendall(Command("pause", 1).to_line() * 1000)
        said = [Reply.from_line(answers.readline()) for _ in range(1000)]
        assert control_client.ask(folder, Command("pause"), timeout=60).ok
        assert [answer.ok for answer in said] == [True] * control_server.RATE + [False] * (1000 - control_server.RATE)
        assert {answer.text for answer in said if not answer.ok} == {
            "More than 200 commands a second: this one was ignored."
        }
        now[0] += control_server.THROTTLE_SECONDS
        client.sendall(Command("pause", 1).to_line())
        assert Reply.from_line(answers.readline()).ok, "it may go on later"


def test_commands_that_wait_are_bounded(serving: Serving) -> None:
    serving.behave = lambda command: None
    with serving.connect() as client, client.makefile("rb") as answers:
        client.sendall(Command("save", 5).to_line() * (control_server.MOST_PENDING + 1))
        assert Reply.from_line(answers.readline()) == Reply(
            5, False, "64 commands are already waiting for answers; try again."
        )
    assert len(serving.commands) == control_server.MOST_PENDING


def test_a_client_that_never_reads_is_hung_up_on(serving: Serving, folder: RunFolder) -> None:
    serving.behave = lambda command: serving.server.answer(Reply(command.id, True, "x" * 2000, 0))
    with serving.connect() as client:
        with pytest.raises((BrokenPipeError, ConnectionResetError)):
            while True:
                client.sendall(Command("pause").to_line())
                time.sleep(0.001)
        assert control_client.ask(folder, Command("pause"), timeout=5).ok


def test_a_socket_that_was_cleaned_away_is_made_again(serving: Serving, folder: RunFolder) -> None:
    serving.server.address.unlink()
    assert control_client.ask(folder, Command("pause"), timeout=5).ok
    assert serving.rebound == 1


def test_a_socket_that_cannot_be_made_again_at_once_is_once_it_can(
    folder: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    selector = selectors.DefaultSelector()
    server = control_server.ControlServer(folder, selector, lambda command: None)
    server.address.unlink()
    with monkeypatch.context() as patch:
        patch.setattr(control_server.socket.socket, "bind", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
        for _ in range(3):
            with pytest.raises(OSError, match="full"):
                server.rebind()
    assert server.rebind() and not server.rebind()
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(server.address))
        assert selector.select(1)
    server.close()


# The address ---------------------------------------------------------------------------------------------


def test_only_the_owner_may_reach_the_socket(serving: Serving) -> None:
    address = serving.server.address
    assert stat.S_IMODE(address.stat().st_mode) == 0o600
    assert stat.S_IMODE(address.parent.stat().st_mode) == 0o700


def test_the_address_is_short_however_deep_the_run_lies(tmp_path: Path) -> None:
    deep = tmp_path / "/".join(["a-rather-long-folder-name"] * 30)
    (deep / "other").mkdir(parents=True)
    address = socket_address(RunFolder(deep))
    assert len(os.fsencode(address)) < 100
    assert address != socket_address(RunFolder(deep / "other"))
    assert address == socket_address(RunFolder(deep))


@pytest.mark.parametrize("mode", [0o755, 0o770, 0o701])
def test_a_folder_for_sockets_that_others_may_enter_is_passed_over(
    mode: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: RunFolder
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / f"gan-tui-{os.getuid()}").mkdir()
    (tmp_path / f"gan-tui-{os.getuid()}").chmod(mode)
    address = socket_address(folder)
    assert tmp_path not in address.parents and stat.S_IMODE(address.parent.stat().st_mode) == 0o700


def test_a_temporary_folder_that_cannot_be_used_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: RunFolder
) -> None:
    """One whose name is no UTF-8, and the current one, which Python takes where no other can be written."""
    monkeypatch.chdir(tmp_path)
    for useless in (tmp_path / "caf\udce9", tmp_path):
        monkeypatch.setattr(tempfile, "tempdir", str(useless))
        assert not socket_address(folder).is_relative_to(useless)
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setenv("TMPDIR", str(tmp_path / "none"))
    monkeypatch.setattr(tempfile, "_candidate_tempdir_list", lambda: [str(tmp_path / "none")])
    assert socket_address(folder).parent == Path(f"/tmp/gan-tui-{os.getuid()}")


def test_without_any_private_folder_it_is_said_what_to_do(monkeypatch: pytest.MonkeyPatch, folder: RunFolder) -> None:
    monkeypatch.setattr("gan_tui.run.socket_address._is_ours_alone", lambda private: False)
    with pytest.raises(PermissionError, match="no private folder with a short name"):
        socket_address(folder)


def test_a_stale_socket_is_healed(folder: RunFolder) -> None:
    stale = socket_address(folder)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as left_behind:
        left_behind.bind(str(stale))
    assert stale.exists()
    serving = Serving(folder)
    assert control_client.ask(folder, Command("pause"), timeout=5).ok
    serving.close()
    assert not stale.exists(), "nothing is left behind"
    assert serving.broken is None


# The viewers' end ----------------------------------------------------------------------------------------


def test_a_run_that_is_not_alive_says_how_to_go_on(folder: RunFolder) -> None:
    os.utime(folder.preset_file, (1e9, 1e9))  # it was made long ago
    with pytest.raises(UserError) as caught:
        control_client.ask(folder, Command("pause"))
    assert str(caught.value) == (
        "xor-1 is not running; gan-tui resume xor-1 restarts it from the first step: it has no checkpoint yet."
    )
    assert caught.value.code == WRONG_USE


def test_a_run_that_ends_before_it_answers_is_said_so(serving: Serving, folder: RunFolder) -> None:
    serving.behave = serving.end
    with pytest.raises(UserError) as caught:
        control_client.ask(folder, Command("save"))
    assert str(caught.value) == "xor-1 ended before it could answer; gan-tui attach xor-1 shows why."
    assert caught.value.code == TRAINING_FAILED


def test_what_still_waits_when_a_run_ends_is_refused_with_the_reason(serving: Serving, folder: RunFolder) -> None:
    serving.behave = lambda command: serving.server.refuse_all("The trainer was killed (SIGKILL).", False)
    assert control_client.ask(folder, Command("save")) == Reply(0, False, "The trainer was killed (SIGKILL).")


def test_a_run_that_does_not_answer_in_time_is_said_so(serving: Serving, folder: RunFolder) -> None:
    serving.behave = lambda command: None
    with pytest.raises(UserError, match=r"xor-1 did not answer within 0\.2 s; try again\."):
        control_client.ask(folder, Command("pause"), timeout=0.2)


def test_who_waits_long_for_an_answer_is_told_why_and_gets_it(
    serving: Serving, folder: RunFolder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(control_client, "LATE_SECONDS", 0.1)
    serving.behave = lambda command: threading.Timer(0.3, serving.do_it, [command]).start()
    code, out, err = said(capsys, "pause", "xor-1")
    assert (code, out) == (0, "xor-1: pause done\n")
    assert err == (
        "xor-1 has not answered for 0.1 s: its trainer is busy or stopped. "
        "It does what was asked as soon as it can; Ctrl-C leaves.\n"
    )
    serving.behave = serving.do_it
    assert said(capsys, "pause", "xor-1") == (0, "xor-1: pause done\n", "")


@pytest.mark.slow
def test_who_waits_for_a_run_that_stands_still_is_told_soon_what_is_in_its_way(
    serving: Serving, folder: RunFolder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(control_client, "TROUBLE_SECONDS", 0.1)
    serving.describe()
    folder.tell_trouble("The disk is full: the last checkpoint is waiting; free some space.", "disk full")
    serving.behave = lambda command: threading.Timer(0.3, serving.do_it, [command]).start()
    assert re.fullmatch(
        r"xor-1 has not answered for 0\.\d s: the disk is full: the last checkpoint is waiting; free some space\. "
        r"It does what was asked as soon as it can; Ctrl-C leaves\.\n",
        said(capsys, "stop", "xor-1")[2],
    )
    assert "waiting: disk full" in said(capsys, "runs")[1]
    assert orjson.loads(said(capsys, "runs", "--json")[1])[0]["waits"] == "waiting: disk full"


def test_a_lock_without_a_listener_is_said_so(folder: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control_client, "CONNECT_SECONDS", 0.2)
    with folder.lock_file.open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.write(orjson.dumps({"pid": 1, "socket": str(socket_address(folder))}))
        lock.flush()
        with pytest.raises(UserError, match="has lost its supervisor, so it is saving and stopping; try again"):
            control_client.ask(folder, Command("pause"))


def test_an_address_that_is_not_ours_is_refused_and_leaves_nothing_open(folder: RunFolder) -> None:
    with folder.lock_file.open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.write(orjson.dumps({"pid": 1, "socket": "/etc/passwd"}))
        lock.flush()
        before = open_files()
        for _ in range(3):
            with pytest.raises(UserError, match="xor-1 is not yours"):
                control_client._connected(folder)
        assert open_files() == before
