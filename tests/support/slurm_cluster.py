"""A real SLURM for tests: a controller and two nodes of two processors each, all on this machine and in one folder.

    if why := slurm_cluster.missing():
        pytest.skip(why)
    with slurm_cluster.with_slurm(tmp_path) as slurm:
        slurm.run("srun", "-n2", "-N2", "hostname")

Nodes are called n1 and n2, and find each other by these names, at 127.0.0.1 and 127.0.0.2: what they start has an
/etc/hosts that says so. Needs root, and Debian's packages slurmctld, slurmd, slurm-client and munge.
"""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

PROGRAMS = ("munged", "slurmctld", "slurmd", "srun", "unshare")
NODES = {"n1": "127.0.0.1", "n2": "127.0.0.2"}
WAIT_SECONDS = 120
_PATH = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"

_CONFIGURATION = """\
ClusterName=own
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort={controller}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={munge}
CredType=cred/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerType=sched/builtin
ReturnToService=2
KillWait=20
SlurmdParameters=config_overrides
{nodes}
PartitionName=all Nodes=n1,n2 Default=YES State=UP OverSubscribe=FORCE:4
"""


def missing() -> str:
    """Why there can be no SLURM here, in a sentence; empty where there can."""
    if os.geteuid():
        return "only root may start a SLURM"
    if lacking := [name for name in PROGRAMS if shutil.which(name, path=_PATH) is None]:
        return f"{', '.join(lacking)} not found: apt install slurmctld slurmd slurm-client munge"
    return "" if _user_of_munge() else "munge has no user of its own: apt install munge"


@dataclass(frozen=True)
class Slurm:
    """One that runs."""

    folder: Path
    environment: dict[str, str]
    """For whatever talks to it: SLURM_CONF is set."""

    def run(self, *words: str, seconds: float = WAIT_SECONDS) -> subprocess.CompletedProcess[str]:
        """One of its commands, to its end."""
        return subprocess.run(words, env=self.environment, capture_output=True, text=True, timeout=seconds)

    def start(self, *words: str) -> subprocess.Popen[str]:
        """One of its commands, with all it prints as a pipe of text."""
        return subprocess.Popen(
            words, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def jobs(self) -> list[str]:
        """The numbers of the jobs that are there."""
        return self.run("squeue", "--noheader", "--format=%A").stdout.split()


@contextmanager
def with_slurm(folder: Path) -> Iterator[Slurm]:
    """Start one in a folder that is there, and end it, with all that it has started."""
    environment = {**os.environ, "PATH": _PATH, "SLURM_CONF": str(folder / "slurm.conf")}
    environment = {name: value for name, value in environment.items() if name == "SLURM_CONF" or name[:5] != "SLURM"}
    with _munge(folder) as munge:
        ports = [_free_port() for _ in range(3)]
        _configure(folder, munge, ports)
        slurm, daemons = Slurm(folder, environment), [_daemon(folder, environment, ["slurmctld", "-D", "-i"])]
        try:
            daemons += [_daemon(folder, environment, _as_node(folder, name)) for name in NODES]
            _wait_for(lambda: slurm.run("sinfo", "-h", "-o", "%T").stdout.split() == ["idle"], slurm, daemons)
            yield slurm
        finally:
            with suppress(subprocess.SubprocessError):
                slurm.run("scancel", "--signal=KILL", "--full", "--user=root")
            _end(reversed(daemons))


def _configure(folder: Path, munge: Path, ports: Sequence[int]) -> None:
    node = "NodeName={} NodeHostname=localhost NodeAddr={} Port={} CPUs=2 Boards=1 SocketsPerBoard=1 CoresPerSocket=2"
    nodes = [node.format(*each, port) for each, port in zip(NODES.items(), ports[1:], strict=True)]
    words = _CONFIGURATION.format(folder=folder, munge=munge, controller=ports[0], nodes="\n".join(nodes))
    (folder / "slurm.conf").write_text(words)
    (folder / "state").mkdir()
    names = "".join(f"{address} {name}\n" for name, address in NODES.items())
    (folder / "hosts").write_text(f"{Path('/etc/hosts').read_text()}\n{names}")


def _as_node(folder: Path, name: str) -> list[str]:
    """A slurmd whose tasks find the nodes by name."""
    (folder / name).mkdir()
    hosts = f'mount --bind "{folder}/hosts" /etc/hosts && exec slurmd -D -N {name}'
    return ["unshare", "--mount", "sh", "-c", hosts]


@contextmanager
def _munge(folder: Path) -> Iterator[Path]:
    """The socket of a munged of its own: it will not run as root, nor where others may write."""
    own = folder / "munge"
    own.mkdir(mode=0o755)
    key = own / "key"
    key.write_bytes(os.urandom(128))
    key.chmod(0o400)
    for parent in (folder, *folder.parents):  # munged is another user, and must reach its folder
        if parent.stat().st_uid == os.geteuid() and not parent.stat().st_mode & 0o001:
            parent.chmod(parent.stat().st_mode | 0o011)
    for path in (own, key):
        shutil.chown(path, "munge", "munge")
    places = [f"--{name}={own / name}" for name in ("socket", "pid-file", "log-file", "seed-file")]
    command = ["munged", "--foreground", f"--key-file={key}", *places, "--force"]
    environment = {"PATH": _PATH}
    daemon = subprocess.Popen(
        command, user="munge", group="munge", extra_groups=[], env=environment, cwd="/", start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=(folder / "munged.err").open("wb"),
    )  # fmt: skip
    try:
        deadline = time.monotonic() + WAIT_SECONDS
        while not (own / "socket").exists():
            if daemon.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"munged does not start: {(folder / 'munged.err').read_text()}")
            time.sleep(0.05)
        yield own / "socket"
    finally:
        _end([daemon])


def _user_of_munge() -> bool:
    with suppress(OSError):
        return any(line.startswith("munge:") for line in Path("/etc/passwd").read_text().splitlines())
    return False


def _daemon(folder: Path, environment: dict[str, str], command: list[str]) -> subprocess.Popen[bytes]:
    with (folder / "daemons.err").open("ab") as errors:
        return subprocess.Popen(command, env=environment, cwd="/", stdout=errors, stderr=errors, start_new_session=True)


def _wait_for(is_so: Callable[[], bool], slurm: Slurm, daemons: Sequence[subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not is_so():
        if time.monotonic() > deadline or any(daemon.poll() is not None for daemon in daemons):
            logs = "\n".join(file.read_text(errors="replace")[-2000:] for file in slurm.folder.glob("*.[le][or][gr]"))
            raise RuntimeError(f"SLURM does not start: {logs}")
        time.sleep(0.2)


def _end(daemons: Iterable[subprocess.Popen[bytes]]) -> None:
    for daemon in daemons:
        daemon.terminate()
        try:
            daemon.wait(20)
        except subprocess.TimeoutExpired:
            daemon.kill()
            daemon.wait()


def _free_port() -> int:
    with socket.socket() as own:
        own.bind(("127.0.0.1", 0))
        return int(own.getsockname()[1])
