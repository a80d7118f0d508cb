"""What the system refuses is said in one true sentence by every command: each error is real, made by strace."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import orjson
import pytest

from files import old_run
from gan_tui import presets
from gan_tui.sweep import folder as sweep_folder
from gan_tui.sweep import sweep
from pty_terminal import GAN_TUI

pytestmark = pytest.mark.slow  # programs of their own

LOCKS = "files cannot be locked on its file system; have it mounted with locks, or use a folder on another"
_MAY_ALL = "-dac_override,-dac_read_search"
_OBEYS_MODES = ("setpriv", f"--bounding-set={_MAY_ALL}", f"--inh-caps={_MAY_ALL}") if os.geteuid() == 0 else ()
"""What a command of root's is begun with to be refused what others are."""
DETACHED = ("train", "xor", "--detach")


def refused(arguments: Sequence[str], calls: str, error: str, *where: str) -> str:
    """What a command says when calls to the system fail with an error, its processes' too; `where`: of which files.

    The error "0": they do nothing, and say that they have succeeded.
    """
    if shutil.which("strace") is None:
        pytest.skip("strace is needed: apt install strace")
    inject = ["-e", f"trace={calls}", "-e", f"inject={calls}:{'retval' if error == '0' else 'error'}={error}"]
    command = ["strace", "-f", "--seccomp-bpf", "-qq", "-o", "/dev/null", *inject, *where, *GAN_TUI, *arguments]
    ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    if "ptrace" in ended.stderr:
        pytest.skip("processes cannot be traced here")
    assert ended.returncode, ended
    assert not ended.stdout or arguments[0] == "sweep", "which has said what it would do"
    return ended.stderr


@pytest.mark.parametrize(
    ("arguments", "calls", "error", "said"),
    [
        (
            DETACHED, "vfork,fork,clone,clone3", "EAGAIN",
            "The run cannot be started: no more processes may be started; end some of yours, or allow more "
            "(ulimit -u 4096).",
        ),
        (
            DETACHED, "mkdir,mkdirat", "EROFS",
            "Cannot create a run in {runs}: Read-only file system; have it mounted for writing, or choose another "
            "folder with --runs-dir or GAN_TUI_RUNS.",
        ),
        (
            DETACHED, "fsync", "EDQUOT",
            "Cannot create a run in {runs}: Disk quota exceeded; delete what you no longer need there, or ask for a "
            "larger quota, or choose another folder with --runs-dir or GAN_TUI_RUNS.",
        ),
        (("stop", "old"), "flock", "ENOSYS",
         "old is not running; gan-tui resume old continues from its last checkpoint."),
    ],
)  # fmt: skip
def test_an_error_of_the_system_is_one_sentence_and_leaves_nothing(
    arguments: Sequence[str], calls: str, error: str, said: str, runs: Path
) -> None:
    old_run("stopped", "xor", runs).path.rename(runs / "old")
    assert refused(arguments, calls, error) == f"gan-tui: {said.format(runs=runs)}\n"
    assert [path.name for path in runs.iterdir()] == ["old"]


def test_runs_that_cannot_be_listed_are_not_said_to_be_none(runs: Path) -> None:
    old_run("stopped", "xor", runs)
    assert refused(("runs",), "getdents64", "ESTALE", "-P", str(runs)) == (
        f"gan-tui: The runs in {runs} cannot be listed: the network file system has lost it; wait until its server is "
        "back, or have it mounted again.\n"
    )


@pytest.mark.parametrize(
    ("arguments", "what"),
    [(DETACHED, "run"), (("resume", "old"), "run"), (("sweep", "xor", "--name", "s"), "sweep s")],
    ids=["train", "resume", "sweep"],
)
@pytest.mark.parametrize("error", ["ENOSYS", "ENOLCK", "0"])
def test_where_files_cannot_be_locked_no_run_is_started(
    arguments: Sequence[str], what: str, error: str, runs: Path
) -> None:
    """As on some file systems of clusters; on others all may take the same lock."""
    old_run("stopped", "xor", runs).path.rename(runs / "old")
    assert refused(arguments, "flock", error) == f"gan-tui: The {what} cannot be started: {LOCKS}.\n"
    assert {path.name for path in runs.iterdir()} <= {"old", "sweeps"}


OPENS = (sys.executable, "-c", """
import sys
from pathlib import Path
from gan_tui.errors import UserError
from gan_tui.run.folder import RunFolder
from gan_tui.supervision import launching
try:
    launching.launch(RunFolder(Path(sys.argv[1])).held(), "inspect")
except UserError as error:
    sys.exit(f"gan-tui: {error}")
""")  # fmt: skip
"""What a screen does where another image or latent vector is asked for."""


@pytest.mark.parametrize("file", ["trainer.log", "lock"])
@pytest.mark.parametrize(
    ("command", "what"),
    [((*GAN_TUI, "resume"), "The run cannot be started"), (OPENS, "a b cannot be opened for viewing")],
    ids=["resume", "look"],
)
def test_where_a_run_may_not_be_written_the_file_is_named_and_how_the_run_is_copied(
    command: Sequence[str], what: str, file: str, runs: Path
) -> None:
    folder = old_run("stopped", "xor", runs).path.rename(runs / "a b")
    (folder / "trainer.log").touch()
    (folder / "lock").touch()
    (folder / file).unlink()
    folder.chmod(0o555)
    ended = subprocess.run([*_OBEYS_MODES, *command, str(folder)], capture_output=True, text=True, timeout=60)
    home = runs / "home"
    home.mkdir()
    way = ended.stderr.rpartition(" (")[2].rstrip(").\n")
    subprocess.run(["sh", "-c", way], env={"PATH": os.environ["PATH"], "HOME": str(home)}, check=True)
    copied = home / "a b-copy"
    assert copied.stat().st_mode & 0o200 and (copied / "preset.toml").is_file()
    folder.chmod(0o755)
    assert (ended.returncode, ended.stderr) == (1, (
        f"gan-tui: {what}: Permission denied: {folder}/{file}; check who owns it, or copy the run "
        f"(cp -r '{folder}' ~/'a b-copy' && chmod -R u+w ~/'a b-copy').\n"
    ))  # fmt: skip
    assert not (folder / file).exists()


SWEEP = ("sweep", "xor", "--epochs", "1")
ELSEWHERE = "check who owns it, or choose another folder with --runs-dir or GAN_TUI_RUNS.\n"


@pytest.mark.parametrize(
    ("closed", "arguments", "said"),
    [
        ("", SWEEP, "{closed} cannot be read: Permission denied; " + ELSEWHERE),
        ("", ("sweep", "--resume", "xor-1"), "{closed} cannot be read: Permission denied; " + ELSEWHERE),
        ("xor-1", SWEEP, "{closed} cannot be read: Permission denied; " + ELSEWHERE),
        ("xor-1/sweep.toml", SWEEP, "{closed} cannot be read: Permission denied; " + ELSEWHERE),
        ("xor-1/results.jsonl", SWEEP, "{closed}: Permission denied; check who owns it.\n"),
    ],
)
def test_sweeps_of_another_user_are_named_with_the_reason(
    closed: str, arguments: Sequence[str], said: str, runs: Path
) -> None:
    asked = sweep.made(presets.find("xor").with_settings({"epochs": 1}), [], None, 1)
    begun = sweep_folder.find_or_make(asked, runs, None)
    begun.results_file.touch()
    place = runs / "sweeps" / closed
    place.chmod(0)
    try:
        ended = subprocess.run([*_OBEYS_MODES, *GAN_TUI, *arguments], capture_output=True, text=True, timeout=60)
    finally:
        place.chmod(0o700)
    assert (ended.returncode > 0, ended.stderr) == (True, f"gan-tui: {said.format(closed=place)}")


def test_sweeps_of_another_user_are_no_run(runs: Path) -> None:
    old_run("stopped", "xor", runs)
    (runs / "sweeps").mkdir(mode=0)
    listed = subprocess.run([*_OBEYS_MODES, *GAN_TUI, "runs", "--json"], capture_output=True, text=True, timeout=60)
    (runs / "sweeps").chmod(0o700)
    assert [run["name"] for run in orjson.loads(listed.stdout)] == ["xor"]
