"""Whether a worker is there, asked at its address: real sockets."""

import socket
import threading
from collections.abc import Iterator

import pytest

from gan_tui.errors import UserError
from gan_tui.system.listening import OTHER, SILENT, free_ports, refuse_taken, trouble, troubles


@pytest.fixture
def server() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as own:
        yield own


def address(of: socket.socket) -> str:
    return f"127.0.0.1:{of.getsockname()[1]}"


def greet(own: socket.socket, words: bytes = b"\0") -> None:
    connection, _ = own.accept()
    connection.sendall(words)
    connection.close()


def test_a_server_that_speaks_is_there(server: socket.socket) -> None:
    threading.Thread(target=greet, args=(server,), daemon=True).start()
    assert trouble(address(server)) == ""


def test_a_frozen_one_takes_connections_and_says_nothing(server: socket.socket) -> None:
    assert trouble(address(server), 0.05) == SILENT


def test_who_speaks_otherwise_is_another_program(server: socket.socket) -> None:
    threading.Thread(target=greet, args=(server, b"SSH-2.0-OpenSSH_9.9\r\n"), daemon=True).start()
    assert trouble(address(server)) == OTHER and "another program" in OTHER and "another program" in SILENT


def test_nobody_listens() -> None:
    (port,) = free_ports(1)
    assert trouble(f"127.0.0.1:{port}") == "has nobody who listens"


def test_names_that_nobody_knows() -> None:
    assert "not known here" in trouble("no-such-box.invalid:7")
    assert "cannot be reached" in trouble(f"{'x' * 300}:7")


def test_all_at_once(server: socket.socket) -> None:
    threading.Thread(target=greet, args=(server,), daemon=True).start()
    (port,) = free_ports(1)
    assert list(troubles([address(server), f"127.0.0.1:{port}"])) == [f"127.0.0.1:{port}"]
    assert troubles([]) == {}


def test_ports_differ() -> None:
    assert len(set(free_ports(5))) == 5


def test_a_port_that_another_program_has_is_refused(server: socket.socket) -> None:
    with pytest.raises(UserError, match="Another program of this machine listens at port"):
        refuse_taken(address(server), 0.05)
    refuse_taken(f"127.0.0.1:{free_ports(1)[0]}")
