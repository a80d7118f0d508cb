"""A script as its supervisor has it: stopped whatever it does, explained, and nothing is left of it."""

import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gan_tui.run import lock as run_lock
from gan_tui.run.commands import Command, Reply
from gan_tui.run.folder import RunFolder
from gan_tui.run.follower import state_of
from gan_tui.run.script_command import ScriptCommand
from gan_tui.supervision import script_process, script_runs
from gan_tui.supervision.script_process import ScriptProcess


class Begun:
    """A script that a test's own loop looks after, as a supervisor's does."""

    def __init__(self, text: str, runs: Path) -> None:
        runs.parent.mkdir(parents=True, exist_ok=True)
        script = runs.parent / "script.py"
        script.write_text(text)
        command = ScriptCommand((sys.executable, "script.py"), runs.parent)
        self.folder = script_runs.made(command, runs, "night")
        self.log = os.open(self.folder.trainer_log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self.selector, self.replies = selectors.DefaultSelector(), list[Reply]()
        self.lock = run_lock.taken(self.folder.lock_file)
        assert self.lock is not None
        run_lock.describe(self.lock, {"pid": os.getpid()})
        kept = [os.dup(number) for number in (1, 2)]
        try:
            for number in (1, 2):
                os.dup2(self.log, number)
            self.process = ScriptProcess(self.folder, self.lock, self.selector, self.replies.append)
        finally:
            for number, own in zip((1, 2), kept, strict=True):
                os.dup2(own, number)
                os.close(own)

    def wait_for(self, happens: Callable[[], object], seconds: float = 90.0) -> None:
        deadline = time.monotonic() + seconds
        while not happens():
            assert time.monotonic() < deadline, f"not within {seconds} s; {self.printed()}"
            for key, _ in self.selector.select(0.02) if self.selector.get_map() else []:
                key.data()
            if self.process.is_running:
                self.process.look()

    def wait_for_end(self) -> int:
        self.wait_for(lambda: not self.process.is_running)
        return self.process.exit_code()

    def printed(self) -> str:
        return self.folder.trainer_log.read_text(errors="replace")

    def wait_for_words(self, words: str) -> None:
        self.wait_for(lambda: words in self.printed())

    def number(self, name: str) -> int:
        """What it has printed as NAME=…"""
        self.wait_for_words(f"{name}=")
        self.wait_for(lambda: self.printed().partition(f"{name}=")[2].partition("\n")[1])
        return int(self.printed().partition(f"{name}=")[2].split()[0])

    def end(self) -> None:
        if self.process.is_running:
            self.process.end()
            self.process.exit_code()
        for descriptor in (self.lock, self.log):
            os.close(descriptor)
        self.selector.close()


Begins = Callable[[str], Begun]


@pytest.fixture
def begins(runs: Path) -> Iterator[Begins]:
    begun: list[Begun] = []

    def begin(text: str) -> Begun:
        begun.append(Begun(text, runs))
        return begun[-1]

    yield begin
    for each in begun:
        each.end()


def is_there(pid: int) -> bool:
    """Whether a process is alive: one that waits for whoever asks how it ended is not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


SLEEPS = "import time\nprint('begun')\ntime.sleep(60)"
CHILD = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(f"child={child.pid}")
"""


def test_its_output_is_in_the_log_below_what_runs_and_its_input_is_at_its_end(begins: Begins, runs: Path) -> None:
    script = begins("import sys\nprint(repr(sys.stdin.read()))\nprint('\\x1b[31mred\\x1b[0m', file=sys.stderr)")
    assert script.wait_for_end() == 0
    first = f"[gan-tui] {sys.executable} script.py (in {runs.parent})"
    assert script.printed() == f"{first}\n''\n\x1b[31mred\x1b[0m\n"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("def f():\n    raise ValueError('no such layer\\nreally')\nf()",
         'ended with exit code 1; its last exception: "ValueError: no such layer"'),
        ("input('Continue? ')", 'ended with exit code 1; its last exception: "EOFError: EOF when reading a line", as '
         "it asked for input, which nobody can give it here"),
        ("import sys; sys.exit('give it --data')",
         'ended with exit code 1; the last line of trainer.log: "give it --data"'),
        ("import os; os._exit(3)", "ended with exit code 3; it printed nothing"),
        ("import ctypes; ctypes.string_at(0)", "crashed (SIGSEGV)"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "was killed (SIGKILL) by someone"),
        ("import sys; sys.stdout.buffer.write(b'\\xff\\xfe caf\\xe9\\n'); sys.exit(4)",
         'ended with exit code 4; the last line of trainer.log: "�� caf�"'),
    ],
)  # fmt: skip
def test_its_end_is_explained(begins: Begins, text: str, reason: str) -> None:
    script = begins(text)
    assert script.wait_for_end() != 0
    assert script.process.exit_reason().startswith(f"The script {reason}")


# Stopping -----------------------------------------------------------------------------------------------


def test_a_script_that_knows_nothing_of_gan_tui_can_be_stopped_and_no_more(begins: Begins) -> None:
    script = begins(SLEEPS)
    script.wait_for_words("begun")
    refusal = "The script takes no commands but stop, as long as no gan_tui.Run or Watch in it has begun."
    assert {script.process.send(Command(name)) for name in ("pause", "resume", "step", "save", "set")} == {refusal}
    assert script.process.send(Command("stop")) == ""
    assert script.wait_for_end() == -signal.SIGTERM


def test_to_stop_it_is_to_stop_all_that_it_has_started(begins: Begins) -> None:
    script = begins(CHILD + "child.wait()")
    child = script.number("child")
    script.process.send(Command("stop"))
    script.wait_for_end()
    assert not is_there(child)


@pytest.mark.parametrize("ignores", ["", "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)"])
def test_what_it_has_left_behind_ends_with_it(begins: Begins, ignores: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script_process, "LEFT_SECONDS", 0.2)
    script = begins(CHILD.replace('"import time;', f'"{ignores or "pass"}; import time;') + "import os; os._exit(0)")
    child = script.number("child")
    assert script.wait_for_end() == 0
    script.wait_for(lambda: not is_there(child))


def test_one_that_does_not_end_is_killed_in_time_and_that_is_said_before(
    begins: Begins, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(script_process, "KILL_SECONDS", 0.7)
    monkeypatch.setattr(script_process, "SAY_SECONDS", 0.1)
    script = begins("import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + SLEEPS)
    script.wait_for_words("begun")
    script.process.send(Command("stop"))
    script.wait_for(script.folder.trouble)
    assert script.folder.trouble() == "It was sent SIGTERM, and has not ended; in 1 s it is killed (SIGKILL)."
    assert script.wait_for_end() == -signal.SIGKILL
    assert script.process.was_killed and script.folder.trouble() == ""


LISTENS = """
import gan_tui, time
run = gan_tui.Run()
print("begun")
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("last_lines", "code", "ends", "reason"),
    [
        ("raise SystemExit(3)", 3, "failed", "The script has ended itself: its exit code was 3."),
        ("raise SystemExit", 0, "finished", ""),
        ("import sys\ntry: sys.exit(3)\nexcept SystemExit: pass", 0, "finished", ""),
        ("import sys\ntry: sys.exit(3)\nexcept SystemExit: raise ValueError('b')", 1, "failed", "ValueError: b."),
        ("import sys\ntry: 1 / 0\nexcept ZeroDivisionError: sys.exit('no data')", 1, "failed",
         "The script has ended itself: no data."),
    ],
)  # fmt: skip
def test_how_it_ends_itself_is_how_its_run_does(
    begins: Begins, last_lines: str, code: int, ends: str, reason: str
) -> None:
    script = begins(f"{LISTENS}\n{last_lines}")
    assert script.wait_for_end() == code
    run = state_of(script.folder)
    assert (run.state, run.reason) == (ends, reason)


def test_one_that_listens_is_asked_and_a_second_stop_ends_one_that_does_not_hear(
    begins: Begins, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(script_process, "STUCK_SECONDS", 0.1)
    script = begins(LISTENS + "time.sleep(60)")
    script.wait_for_words("begun")
    script.wait_for(lambda: script.replies)
    assert script.process.send(Command("stop", 1)) == ""
    script.wait_for(script.folder.trouble)
    assert script.folder.trouble() == "It was asked to stop, and has not yet; a second stop sends it SIGTERM."
    assert script.process.is_running
    script.process.send(Command("stop", 2))
    assert script.wait_for_end() == -signal.SIGTERM


def test_one_that_listens_obeys_and_answers(begins: Begins) -> None:
    script = begins(LISTENS + "for step in run.steps(1_000_000): time.sleep(0.01)")
    script.wait_for(lambda: script.replies)
    for number, name in enumerate(("pause", "resume", "save", "stop"), start=1):
        assert script.process.send(Command(name, number)) == ""
    assert script.wait_for_end() == 0
    assert [(reply.id, reply.ok) for reply in script.replies[1:]] == [(1, True), (2, True), (3, False), (4, True)]


def test_one_of_several_processes_that_may_not_stop_alone_is_ended_with_them(begins: Begins) -> None:
    script = begins(
        f"import os; os.environ['WORLD_SIZE'] = '2'\n{LISTENS}for step in run.steps(10**6): time.sleep(0.01)"
    )
    script.wait_for(lambda: script.replies)
    assert script.process.send(Command("stop", 1)) == ""
    assert script.wait_for_end() == -signal.SIGTERM
    assert len(script.replies) == 1, "whoever has asked is told once it has ended"


# What it starts, and what is left of it -----------------------------------------------------------------


def test_what_it_forks_or_starts_does_not_keep_the_run_alive(begins: Begins) -> None:
    script = begins(
        "import os, subprocess, sys, time\n"
        "if (daemon := os.fork()) == 0:\n    os.setsid(); time.sleep(60)\n"
        "other = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'], start_new_session=True)\n"
        "print(f'daemon={daemon}'); print(f'other={other.pid}')\n"
        "sys.stdin.read(); os._exit(0)"
    )
    own = [script.number("daemon"), script.number("other")]
    try:
        assert script.wait_for_end() == 0
        os.close(script.lock)
        assert all(map(is_there, own)) and not script.folder.is_held()
        script.lock = os.open(os.devnull, os.O_RDONLY)
    finally:
        for process in own:
            os.kill(process, signal.SIGKILL)


def test_a_process_that_it_starts_makes_no_claim_to_its_run(begins: Begins, runs: Path) -> None:
    script = begins(
        "import subprocess, sys\n"
        "subprocess.run([sys.executable, '-c', 'import gan_tui; gan_tui.Run(\"other\").log(loss=1.0)'])\n"
        "import gan_tui; gan_tui.Run('first').log(loss=1.0); gan_tui.Run('second').log(loss=1.0)"
    )
    assert script.wait_for_end() == 0, script.printed()
    assert sorted(path.name for path in runs.iterdir()) == ["night", "other", "second"]
    assert RunFolder(runs / "night").reader().read()


def test_one_that_starts_itself_anew_is_recorded_and_nothing_is_written_into_its_own_files(begins: Begins) -> None:
    script = begins(
        "import os, sys\n"
        "if 'AGAIN' not in os.environ:\n"
        "    os.environ['AGAIN'] = '1'\n"
        "    os.execv(sys.executable, [sys.executable, *sys.argv])\n"
        "files = [open(f'own{number}', 'w+') for number in range(12)]\n"
        "import gan_tui\n"
        "run = gan_tui.Run()\n"
        "for step in run.steps(3): run.log(loss=1 / step)\n"
        "run.close()\n"
        "print([os.fstat(file.fileno()).st_size for file in files])"
    )
    assert script.wait_for_end() == 0, script.printed()
    assert script.printed().endswith(f"\n{[0] * 12}\n")
    run = state_of(script.folder)
    assert (run.state, run.step, run.started.commands if run.started else None) == ("finished", 3, ["stop"])
    assert [alert.text for alert in run.alerts] == [
        "This run cannot be paused from here: the script has closed the pipes that commands come by, as one does that "
        "starts itself anew (os.exec); to stop it is to send it SIGTERM."
    ]


def test_its_environment_is_that_of_the_shell(begins: Begins, monkeypatch: pytest.MonkeyPatch) -> None:
    from gan_tui.system import inherited

    monkeypatch.setenv("PYTHONHASHSEED", "7")
    monkeypatch.setenv("TOKEN", "a b")
    inherited.leave_out_debugging()
    assert "PYTHONHASHSEED" not in os.environ
    script = begins("import os\nprint(os.environ['PYTHONHASHSEED'], os.environ['TOKEN'], hash('night'))")
    assert script.wait_for_end() == 0
    ask = [sys.executable, "-c", "print(hash('night'))"]
    seeded = subprocess.check_output(ask, env={**os.environ, "PYTHONHASHSEED": "7"}, text=True)
    assert f"7 a b {seeded}" in script.printed()
