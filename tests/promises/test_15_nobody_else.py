"""Promise 15: nobody else gets in; stale sockets and locks heal; no process is ever signalled by a number."""

import ast
import os
import random
import re
import selectors
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import orjson
import pytest
from processes import ENDLESS, resumed, started, supervisor_of, wait_for_a_trainer, wait_until_it_is_gone, workers

import gan_tui
from files import old_run
from gan_tui import presets
from gan_tui.cli import commands
from gan_tui.errors import UserError
from gan_tui.run import catalog, control_server
from gan_tui.run import lock as run_lock
from gan_tui.run.commands import Command
from gan_tui.run.events import Resumed, State
from gan_tui.run.folder import RunFolder
from gan_tui.run.socket_address import socket_address
from gan_tui.supervision import control_client, launching, supervisor
from product import events_of, last, state, step, wait_for, wait_until_it_trains
from product import gan_tui as shell
from pty_terminal import GAN_TUI, Terminal, end_runs

pytestmark = [pytest.mark.promise(15), pytest.mark.timeout(3600)]

Trials = Callable[[int, int], int]
Proved = Callable[[str], None]
NOBODY = 65534


# Files ------------------------------------------------------------------------------------------------------


@pytest.mark.prove
@pytest.mark.slow
def test_everything_a_run_or_a_sweep_leaves_is_its_owners_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, proved: Proved
) -> None:
    monkeypatch.setenv("GAN_TUI_RUNS", str(tmp_path / "a" / "new" / "folder"))
    before = os.umask(0)  # whatever the user's own is
    try:
        folder = started("xor", "--steps", ENDLESS)
        wait_until_it_trains(folder)
        socket_file = folder.socket_path()
        assert socket_file is not None
        assert control_client.ask(folder, Command("save")).ok
        modes = {path: stat.S_IMODE(path.lstat().st_mode) for path in [socket_file, socket_file.parent]}
        assert control_client.ask(folder, Command("stop")).ok
        wait_until_it_is_gone(folder)
        swept = shell("sweep", "xor", "--set", "batch_size=4", "--steps", "20")
        assert swept.returncode == 0, swept.stderr
    finally:
        os.umask(before)
    everything = [tmp_path / "a" / "new" / "folder", *(tmp_path / "a" / "new" / "folder").rglob("*")]
    modes |= {path: stat.S_IMODE(path.lstat().st_mode) for path in everything}
    open_to_others = {str(path): oct(mode) for path, mode in modes.items() if mode & 0o077}
    assert open_to_others == {}
    assert not socket_file.exists()
    proved(f"{len(modes)} files, folders and the socket, under umask 0: none open to others")


# Another user -----------------------------------------------------------------------------------------------

INTRUDER = """
import os, socket, sys
os.setgroups([]); os.setgid({nobody}); os.setuid({nobody})
def tried(what):
    try:
        what()
        print("got in")
    except OSError as error:
        print(type(error).__name__)
folder, address = sys.argv[1:]
tried(lambda: os.listdir(folder))
tried(lambda: open(folder + "/events.jsonl").read(1))
tried(lambda: open(folder + "/lock", "r+"))
tried(lambda: socket.socket(socket.AF_UNIX).connect(address))
"""


@pytest.fixture
def place_for_all() -> Iterator[Path]:
    """A folder like /tmp: everybody may go through it."""
    if os.getuid() != 0:
        pytest.skip("another user is needed; run as root")
    place = Path(tempfile.mkdtemp(prefix="gan-tui-shared-"))
    place.chmod(0o1777)
    yield place
    end_runs(place)
    shutil.rmtree(place)


@pytest.mark.slow
def test_another_user_can_neither_read_a_run_nor_speak_to_it(
    place_for_all: Path, monkeypatch: pytest.MonkeyPatch, proved: Proved
) -> None:
    monkeypatch.setenv("GAN_TUI_RUNS", str(place_for_all / "runs"))
    folder = started("xor", "--steps", ENDLESS)
    wait_for_a_trainer(folder)
    tries = [sys.executable, "-c", INTRUDER.format(nobody=NOBODY), str(folder.path), str(folder.socket_path())]
    tried = subprocess.run(tries, capture_output=True, text=True, cwd="/", check=True)
    assert tried.stdout.split() == ["PermissionError"] * 4, tried.stdout + tried.stderr
    assert control_client.ask(folder, Command("stop"), timeout=30).ok
    wait_until_it_is_gone(folder)
    proved("another user: list, read, write, connect: refused")


def test_a_peer_of_another_user_is_hung_up_on(place_for_all: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where permissions fail: the socket is opened to all here, on purpose."""
    monkeypatch.setattr(tempfile, "tempdir", str(place_for_all))
    folder = presets.new_run(presets.find("xor"), place_for_all / "runs")
    selector = selectors.DefaultSelector()
    server = control_server.ControlServer(folder, selector, lambda command: pytest.fail("was let in"))
    server.address.parent.chmod(0o777)
    server.address.chmod(0o777)
    says = (
        f"import os, socket, sys; os.setgroups([]); os.setgid({NOBODY}); os.setuid({NOBODY})\n"
        "s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1])\n"
        """try: s.sendall(b'{"name":"stop"}\\n'); print(s.recv(100))\nexcept OSError: print(b'')"""
    )
    intruder = subprocess.Popen([sys.executable, "-c", says, str(server.address)], stdout=subprocess.PIPE, cwd="/")
    while intruder.poll() is None:
        for key, _ in selector.select(0.05):
            key.data()
    assert intruder.stdout is not None and intruder.stdout.read() == b"b''\n"
    server.close()


def test_another_user_cannot_stop_runs_by_taking_the_sockets_folder(
    place_for_all: Path, monkeypatch: pytest.MonkeyPatch, runs: Path
) -> None:
    (runs / "xor-1").mkdir(parents=True)
    taken = place_for_all / f"gan-tui-{os.getuid()}"
    taken.mkdir()
    os.chown(taken, NOBODY, NOBODY)
    link = place_for_all / "elsewhere"
    for step_back in (lambda: None, lambda: (taken.rmdir(), link.mkdir(), taken.symlink_to(link))):
        step_back()
        monkeypatch.setattr(tempfile, "tempdir", str(place_for_all))
        address = socket_address(RunFolder(runs / "xor-1"))
        assert place_for_all not in address.parents
        assert stat.S_IMODE(address.parent.lstat().st_mode) == 0o700 and address.parent.lstat().st_uid == os.getuid()


# Healing ----------------------------------------------------------------------------------------------------


@pytest.mark.prove
@pytest.mark.slow
def test_a_supervisor_killed_at_any_instant_leaves_nothing_in_the_way(
    runs: Path, trials: Trials, proved: Proved
) -> None:
    many, chance = trials(1, 100), random.Random(15)
    folder = started("xor", "--steps", ENDLESS)
    address = folder.socket_path()
    gone = []
    for nth in range(many):
        if nth:
            resumed(folder)
        assert folder.socket_path() == address
        if nth % 4 == 0:
            wait_until_it_trains(folder)
            before = step(folder)
            answer = control_client.ask(folder, Command("pause"), timeout=30)
            assert answer.ok and answer.step >= before, "control works"
            assert control_client.ask(folder, Command("resume"), timeout=30).ok
        time.sleep(chance.random() * (1.5 if nth % 2 else 0.5))
        supervisor_of(folder).kill()
        gone.append(wait_until_it_is_gone(folder, 30))
        assert state(folder) in ("stopped", "starting"), (nth, last(folder, State))
    assert address is not None
    resumed(folder)
    wait_until_it_trains(folder)
    assert control_client.ask(folder, Command("stop"), timeout=30).ok
    wait_until_it_is_gone(folder)
    assert not address.exists()
    proved(
        f"{many} kills of the supervisor: the trainer gone within {max(gone):.1f} s, resumed and controlled each time"
    )


@pytest.mark.slow
def test_a_socket_that_vanishes_is_made_again(runs: Path, proved: Proved) -> None:
    folder = started("xor", "--steps", ENDLESS)
    address = folder.socket_path()
    assert address is not None
    address.unlink()
    began = time.monotonic()
    assert control_client.ask(folder, Command("stop"), timeout=60).ok
    took = time.monotonic() - began
    proved(f"a socket that was cleaned away: back, and obeyed, within {took:.1f} s")


# Numbers of processes ------------------------------------------------------------------------------------------


def test_a_number_that_another_process_has_now_is_never_signalled(runs: Path) -> None:
    folder = presets.new_run(presets.find("xor"), runs)
    bystander = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        facts = {"pid": bystander.pid, "socket": str(runs / "nobody.sock"), "mode": "train"}
        folder.lock_file.write_bytes(orjson.dumps(facts))
        for command in ("pause", "save", "stop"):
            with pytest.raises(UserError, match="is not running"):
                commands.command_run(folder, command)
        launching.release(folder)
        catalog.delete(folder)
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


def test_the_product_has_no_way_to_signal_a_process_by_its_number() -> None:
    """Its own children it may end: their numbers cannot be used again before it has waited for them.

    `os.kill(0, …)` is for its own process group, whatever number that has. The group of a child (a script's process,
    ssh, Ray's) is ended as one: its number is no other's while anybody is in it.
    """
    forbidden = ("os.kill", "os.killpg", "signal.pidfd_send_signal")
    ended_as_groups = ("script_process.py", "processes.py", "placed_worker.py", "on_ray.py")
    of_a_childs_group = {(name, "os.killpg") for name in ended_as_groups}
    found = []
    for file in Path(gan_tui.__file__).parent.rglob("*.py"):
        source = file.read_text()
        if not re.search("kill|send_signal|psutil", source):
            continue  # to take every file apart takes a second
        nodes = list(ast.walk(ast.parse(source)))
        own_group = {
            node.func for node in nodes if isinstance(node, ast.Call) and ast.unparse(node).startswith("os.kill(0, ")
        }
        for node in nodes:
            called = ast.unparse(node) if isinstance(node, ast.Attribute) else ""
            if called in forbidden and node not in own_group and (file.name, called) not in of_a_childs_group:
                found.append((file.name, node.lineno, called))
            if isinstance(node, ast.ImportFrom) and node.module in ("os", "signal"):
                found += [(file.name, node.lineno, name.name) for name in node.names if "kill" in name.name]
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "psutil.Process" and node.args:
                found.append((file.name, node.lineno, "psutil.Process of a number"))
    assert found == []


# Several at once ------------------------------------------------------------------------------------------------


def at_once(*commands_: tuple[str, ...]) -> list["subprocess.CompletedProcess[str]"]:
    """Run commands of the shell at the same instant."""
    pipe = subprocess.PIPE
    begun = [
        subprocess.Popen([*GAN_TUI, *each], stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, text=True)
        for each in commands_
    ]
    return [subprocess.CompletedProcess(each.args, each.wait(120), *each.communicate()) for each in begun]


def is_one_sentence(words: str) -> bool:
    return words.startswith("gan-tui: ") and words.count("\n") == 1 and "Error" not in words


@pytest.mark.slow
def test_of_two_starts_under_one_name_one_wins(runs: Path, trials: Trials, proved: Proved) -> None:
    many = trials(1, 20)
    for nth in range(many):
        command = ("train", "xor", "--steps", ENDLESS, "--detach", "--name", f"same-{nth}")
        ended = sorted(at_once(command, command), key=lambda each: each.returncode)
        assert [each.returncode for each in ended] == [0, 2], ended
        assert ended[1].stderr.startswith(f'gan-tui: A run "same-{nth}" already exists; ')
        assert is_one_sentence(ended[1].stderr)
        folder = RunFolder(runs / f"same-{nth}")
        assert len(workers(folder, supervisor.__name__)) == 1
        supervisor_of(folder).terminate()
        wait_until_it_is_gone(folder)
    proved(f"{many} times two starts under one name: one run each time, one sentence for the other")


@pytest.mark.slow
def test_of_two_resumes_at_once_one_wins(runs: Path, trials: Trials, proved: Proved) -> None:
    many = trials(1, 20)
    folder = presets.new_run(presets.find("xor").with_settings({"steps": int(ENDLESS)}), runs)
    for nth in range(many):
        ended = at_once(("resume", folder.name), ("resume", folder.name))
        started_it = [each for each in ended if "continues in the background" in each.stdout]
        assert len(started_it) == 1, ended
        (other,) = (each for each in ended if each is not started_it[0])
        assert "training from step" in other.stdout or "is already running" in other.stderr, other
        assert (other.stdout + other.stderr).count("\n") == 1
        assert len(workers(folder, "gan_tui.supervision.supervisor")) == 1
        wait_until_it_trains(folder)
        wait_for(lambda: len(events_of(folder, Resumed)) == nth, 10)  # noqa: B023
        assert control_client.ask(folder, Command("stop"), timeout=30).ok
        wait_until_it_is_gone(folder)
    proved(f"{many} times two resumes at once: one trainer each time, one sentence for the other")


@pytest.mark.slow
def test_of_deleting_and_resuming_one_wins(runs: Path, trials: Trials, proved: Proved) -> None:
    many, chance, deleted = trials(3, 60), random.Random(1), 0
    for nth in range(many):
        folder = presets.new_run(presets.find("xor"), runs, f"contested-{nth}")
        folder.checkpoints.mkdir()
        for number in range(200):
            (folder.checkpoints / str(number)).write_bytes(b"x" * 1000)
        problems: list[str] = []

        def tried(what: Callable[[RunFolder], object], wait: float) -> None:
            time.sleep(wait)
            try:
                what(folder)  # noqa: B023
            except UserError as error:
                problems.append(str(error))  # noqa: B023

        threads = [
            threading.Thread(target=tried, args=(catalog.delete, chance.random() * 0.3)),
            threading.Thread(target=tried, args=(launching.launch, 0)),
            threading.Thread(target=tried, args=(launching.launch, chance.random() * 0.3)),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if folder.path.exists():
            assert len(problems) == 2 and any("is still running" in each for each in problems), problems
            assert len(workers(folder, "gan_tui.supervision.supervisor")) == 1
            supervisor_of(folder).terminate()
            wait_until_it_is_gone(folder)
        else:
            deleted += 1
            assert len(problems) == 2 and all("deleted" in each for each in problems), problems
            assert workers(folder) == []
        assert list(runs.glob(".*")) == [], "nothing half-deleted"
    proved(
        f"{many} times a delete against two resumes: {deleted} deleted, {many - deleted} resumed, never half of each"
    )


def test_a_lock_taken_in_a_folder_that_was_deleted_meanwhile_is_worth_nothing(runs: Path) -> None:
    folder = presets.new_run(presets.find("xor"), runs)
    held = run_lock.taken(folder.lock_file)
    assert held is not None
    caught: list[BaseException] = []

    def wait_for_it() -> None:
        try:
            run_lock.taken(folder.lock_file, 5)
        except FileNotFoundError as error:
            caught.append(error)

    waiting = threading.Thread(target=wait_for_it)
    waiting.start()
    time.sleep(0.2)
    folder.path.rename(runs / "gone")
    os.close(held)
    waiting.join()
    assert caught


@pytest.mark.slow
def test_a_run_deleted_while_it_is_looked_at_ends_no_dashboard(runs: Path) -> None:
    folder = old_run("finished", "xor", runs)
    with Terminal((*GAN_TUI, "attach", folder.name)) as terminal:
        terminal.wait_for("✓ finished")
        catalog.delete(folder)
        terminal.pump(2)
        terminal.type("n")  # asks the networks, which are gone
        terminal.pump(1)
        terminal.type("\x1b")
        terminal.wait_for("No runs yet")
        terminal.type("q")
        assert terminal.wait_for_exit() == 0
    gone = shell("attach", folder.name)
    assert gone.returncode == 2 and is_one_sentence(gone.stderr)


# Floods ------------------------------------------------------------------------------------------------


@pytest.mark.prove
@pytest.mark.slow
def test_clients_that_flood_stall_or_never_read_cost_nobody_else(runs: Path, proved: Proved) -> None:
    folder = started("xor", "--steps", ENDLESS)
    wait_until_it_trains(folder)
    address = str(folder.socket_path())
    quiet = slowest_answer(folder)
    stop = threading.Event()
    clients = [threading.Thread(target=each, args=(address, stop)) for each in (flood, flood, stall, never_read)]
    for client in clients:
        client.start()
    process = supervisor_of(folder)
    process.cpu_percent()
    time.sleep(1)
    flooded = slowest_answer(folder)
    share, memory = process.cpu_percent(), process.memory_info().rss
    stop.set()
    for client in clients:
        client.join()
    assert flooded < 1.0, "others are answered while it lasts"
    assert memory < 100_000_000
    assert control_client.ask(folder, Command("stop"), timeout=30).ok
    proved(
        f"four clients that flood, stall or never read: another is answered within {flooded * 1000:.0f} ms "
        f"({quiet * 1000:.0f} ms without them), supervisor at {share:.0f} % of a core"
    )


def slowest_answer(folder: RunFolder) -> float:
    times = []
    for name in ("pause", "resume") * 5:
        began = time.monotonic()
        assert control_client.ask(folder, Command(name), timeout=20).ok
        times.append(time.monotonic() - began)
    return max(times)


def connected(address: str) -> socket.socket:
    client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    client.settimeout(0.2)
    client.connect(address)
    return client


def flood(address: str, stop: threading.Event) -> None:
    line = b'{"name":"dance","id":1}\n' * 1000
    while not stop.is_set():
        try:
            with connected(address) as client:
                while not stop.is_set():
                    client.sendall(line)
                    client.recv(1 << 20)
        except OSError:
            continue


def stall(address: str, stop: threading.Event) -> None:
    """Half a line, and a byte now and then."""
    with connected(address) as client:
        client.sendall(b"x" * 900_000)
        while not stop.is_set():
            client.sendall(b"x")
            time.sleep(0.001)


def never_read(address: str, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            with connected(address) as client:
                while not stop.is_set():
                    client.sendall(Command("resume").to_line())
        except OSError:
            time.sleep(0.01)
