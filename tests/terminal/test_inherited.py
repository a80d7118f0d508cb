"""What whoever started the program has left it: a terminal or a pipe that does not wait, a thousand open files."""

import fcntl
import os
import pty
import subprocess
import sys
import threading
import time
import tty
from contextlib import suppress

import pytest

from gan_tui.dashboard.terminal.output import TerminalOutput
from product import done
from pty_terminal import GAN_TUI, Terminal


def test_a_terminal_that_does_not_wait_is_waited_for() -> None:
    """Another program has set O_NONBLOCK and left it so: that the terminal takes nothing now says nothing of it."""
    ours, slave = pty.openpty()
    tty.setraw(slave)
    os.set_blocking(slave, False)
    output, data = TerminalOutput(slave, "utf-8"), "0123456789" * 50_000
    output.write(data)
    writes = threading.Thread(target=output.flush)
    writes.start()
    time.sleep(0.1)  # until it takes no more
    taken = b""
    while len(taken) < len(data) and not output.gone:
        taken += os.read(ours, 1 << 16)
    writes.join(5)
    assert taken.decode() == data
    assert output.taken.is_set() and not output.gone
    os.close(ours)
    os.close(slave)


def test_a_terminal_that_takes_nothing_can_still_be_given_back() -> None:
    ours, slave = pty.openpty()
    os.set_blocking(slave, False)
    output = TerminalOutput(slave, "utf-8")
    output.write("0123456789" * 50_000)
    writes = threading.Thread(target=output.flush)
    writes.start()
    time.sleep(0.1)
    output.ended = True
    writes.join(2)
    assert not writes.is_alive()
    os.close(ours)
    os.close(slave)


def test_a_pipe_that_does_not_wait_gets_all_of_the_output() -> None:
    full, (read, write) = b"x" * 4096, os.pipe()
    fcntl.fcntl(write, fcntl.F_SETPIPE_SZ, len(full))
    os.set_blocking(write, False)
    os.write(write, full)
    process = subprocess.Popen((*GAN_TUI, "presets"), stdout=write, stderr=subprocess.PIPE, text=True)
    os.close(write)
    with process, open(read) as pipe:  # noqa: PTH123 (a descriptor)
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.5)
        assert pipe.read() == full.decode() + done("presets") + "\n"
        assert process.stderr is not None and process.stderr.read() == ""
    assert process.returncode == 0


@pytest.mark.slow
def test_files_that_were_left_open_do_not_matter() -> None:
    """`select` knows no more than 1,024 of them."""
    many = (
        "import os, resource, sys\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (2000, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))\n"
        "for number in range(3, 1100):\n"
        "    os.dup2(0, number)\n"
        "os.execv(sys.executable, [sys.executable, '-m', 'gan_tui'])\n"
    )
    with Terminal((sys.executable, "-c", many), 80, 24) as terminal:
        terminal.wait_for("q Quit")
        terminal.type("q")
        assert terminal.wait_for_exit() == 0
