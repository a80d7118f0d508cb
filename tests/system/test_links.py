"""Paths as links: what leads to them, and where they are printed as such."""

import io
import os

import pytest

from gan_tui.system import links
from gan_tui.system.links import linked_path, uri

HOST = os.uname().nodename


class Screen(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def knows_links(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "_wanted_and_known", lambda: True)


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [
        ("/runs/gan-1", f"file://{HOST}/runs/gan-1"),
        ("/a b/ü%;\x1b\n", f"file://{HOST}/a%20b/%C3%BC%25%3B%1B%0A"),
        (os.fsdecode(b"/\xff"), f"file://{HOST}/%FF"),
        ("gan-1", ""),
        ("/\ud800", ""),
        ("/" + "x" * 3000, ""),
    ],
)
def test_what_leads_to_a_path_names_the_machine_and_has_no_character_that_acts(path: str, leads_to: str) -> None:
    assert uri(path) == leads_to


@pytest.mark.usefixtures("knows_links")
def test_a_path_is_a_link_on_a_terminal_alone() -> None:
    assert linked_path("/runs/gan-1", io.StringIO()) == "/runs/gan-1"
    shown = linked_path("/runs/a b", Screen())
    assert shown == f"\x1b]8;;file://{HOST}/runs/a%20b\x1b\\/runs/a b\x1b]8;;\x1b\\"
    assert linked_path("relative", Screen()) == "relative"


@pytest.mark.usefixtures("knows_links")
def test_a_stream_that_is_closed_is_no_terminal() -> None:
    gone = Screen()
    gone.close()
    gone.isatty = io.StringIO.isatty.__get__(gone)  # type: ignore[method-assign]  # as files do
    assert linked_path("/runs/gan-1", gone) == "/runs/gan-1"
