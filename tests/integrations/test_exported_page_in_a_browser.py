"""The page of a run in Chromium: its words, pictures and charts, and that it asks nobody for anything."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from PIL import Image

from browser import browser
from files import old_run
from gan_tui.run.events import Alert, Metrics, State
from gan_tui.run.folder import RunFolder
from recorded import append, picture
from shell import said

pytestmark = pytest.mark.slow
_TROUBLES = "return window.performance.getEntriesByType('resource').map(one => one.name)"
_STYLED = "return getComputedStyle(document.querySelector('.line.c0')).stroke"
_HEADINGS = "return [...document.querySelectorAll('h1, h2')].map(one => one.textContent)"


class Served:
    """A server for one page, which keeps what it is asked for."""

    def __init__(self, page: str) -> None:
        asked = self.asked = list[str]()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                self.send_response(200 if self.path == "/run.html" else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(page.encode() if self.path == "/run.html" else b"")

            def log_message(self, *_: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}/run.html"
        Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def served(runs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Served]:
    folder = old_run("finished", "shapes", runs)
    hostile = "<img src=/stolen onerror=fetch('/stolen')><script src=/stolen></script>"
    append(folder, Metrics([1000], {hostile: [1.0]}), Alert("odd", hostile, 1000), State("finished", hostile))
    append(folder, picture(RunFolder(folder.path), 1000, "digits"))
    assert said(capsys, "export", "shapes", "--html", str(tmp_path / "run.html"))[0] == 0
    server = Served((tmp_path / "run.html").read_text())
    yield server
    server.close()


def test_the_page_is_seen_whole_and_asks_for_nothing(served: Served, tmp_path: Path) -> None:
    with browser() as opened:
        opened.open(served.address)
        text = opened.wait_for("shapes", "Versions")
        assert opened.run(_HEADINGS)[:4] == ["shapes", "Results", "Charts", "Pictures"]
        assert "<script src=/stolen>" in text, "as words"
        assert [58, 58] in opened.pictures(), "four digits and what is between them"
        assert opened.run(_STYLED) == "rgb(22, 104, 176)", "the policy lets its own styles through"
        assert opened.run("return [...document.images].every(one => one.alt && one.complete && one.naturalWidth)")
        assert opened.run("return document.documentElement.scrollWidth <= window.innerWidth"), "nothing is cut off"
        opened.screenshot(tmp_path / "page.png")
        assert opened.run(_TROUBLES) == []
    with Image.open(tmp_path / "page.png") as seen:
        assert len(seen.convert("RGB").getcolors(1 << 24) or ()) > 50
    assert {*served.asked} <= {"/run.html", "/favicon.ico"}, "a browser asks for the icon of whatever it shows"
