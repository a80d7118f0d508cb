"""A real sshd of our own on loopback: own host key, own user key, own configuration, a free port."""

import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

_CONFIGURATION = """
ListenAddress 127.0.0.1
Port {port}
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/user_key.pub
PidFile {folder}/sshd.pid
UsePAM no
StrictModes no
PasswordAuthentication no
PermitRootLogin yes
LogLevel ERROR
SetEnv {environment}
"""


class Sshd:
    """A server that is listening."""

    def __init__(self, folder: Path, port: int, process: "subprocess.Popen[bytes]") -> None:
        self.folder, self._port, self._process = folder, port, process

    def command(self, *remote: str) -> list[str]:
        """What runs a command at the other end, with a terminal."""
        return [*self.prefix("-tt"), *remote]

    def prefix(self, *options_first: str) -> list[str]:
        """What leads to the other end."""
        user = pwd.getpwuid(os.getuid()).pw_name
        options = [
            "StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "IdentitiesOnly=yes", "LogLevel=ERROR",
            "ControlMaster=no", "ControlPath=none",
        ]  # fmt: skip
        return [
            "ssh", *options_first, "-F", "none", "-i", str(self.folder / "user_key"), "-p", str(self._port),
            *(word for option in options for word in ("-o", option)), f"{user}@127.0.0.1",
        ]  # fmt: skip

    def processes(self, word: str) -> list[psutil.Process]:
        """What has been started at the other end with a word in its command line."""
        children = psutil.Process(self._process.pid).children(recursive=True)
        found = []
        for child in children:
            with suppress(psutil.NoSuchProcess):
                found += [child] if word in child.cmdline() else []
        return found

    def sessions(self) -> list[psutil.Process]:
        """The processes of sshd that serve connections."""
        children = psutil.Process(self._process.pid).children(recursive=True)
        return [child for child in children if child.name().startswith("sshd")]


@contextmanager
def serving(folder: Path, environment: Mapping[str, str]) -> Iterator[Sshd]:
    """An sshd for the time being; `environment` is what its sessions have. Skips where there is none."""
    sshd = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
    if not sshd or not shutil.which("ssh"):
        pytest.skip("no sshd here; install openssh-server and openssh-client")
    separation = Path("/run/sshd")  # sshd insists on it
    if os.getuid() == 0 and not separation.exists():
        separation.mkdir(mode=0o755)
    folder.mkdir(mode=0o700)
    for key in ("host_key", "user_key"):
        make = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / key)]
        subprocess.run(make, check=True, stdin=subprocess.DEVNULL)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    given = " ".join(f'"{name}={value}"' for name, value in environment.items())
    (folder / "config").write_text(_CONFIGURATION.format(port=port, folder=folder, environment=given))
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([sshd, "-D", "-e", "-f", str(folder / "config")], stderr=log, start_new_session=True)
    try:
        _wait_until_it_listens(port, process, folder / "log")
        yield Sshd(folder, port, process)
    finally:
        children = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
        process.terminate()
        process.wait(10)
        for child in children:
            with suppress(psutil.NoSuchProcess):
                child.kill()


def _wait_until_it_listens(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if process.poll() is not None:
            pytest.skip(f"sshd does not start here: {log.read_text().strip()[-300:]}")
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    pytest.skip("sshd does not listen on loopback here")
