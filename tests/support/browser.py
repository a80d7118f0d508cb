"""Chromium without a window, driven by its own driver over HTTP (WebDriver), for tests of what others show of us."""

import base64
import json
import re
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

MISSING = "it needs Chromium and its driver: apt-get install chromium chromium-driver"
_TEXT = """
const words = [];
const visit = node => {
  if (node.nodeType === Node.TEXT_NODE) words.push(node.textContent.trim());
  if (['SCRIPT', 'STYLE', 'TEMPLATE'].includes(node.nodeName)) return;
  if (node.shadowRoot) visit(node.shadowRoot);
  node.childNodes.forEach(visit);
};
visit(document.body);
return words.filter(word => word).join('\\n');
"""
_PICTURES = """
const found = [];
const visit = node => {
  if (node.nodeName === 'IMG') found.push([node.naturalWidth, node.naturalHeight]);
  if (node.shadowRoot) visit(node.shadowRoot);
  node.childNodes.forEach(visit);
};
visit(document.body);
return found;
"""


class Browser:
    """One page at a time."""

    def __init__(self, driver: str) -> None:
        self._driver = driver
        options = {"args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1400,1000"]}
        capabilities = {"alwaysMatch": {"browserName": "chrome", "goog:chromeOptions": options}}
        self._session = self._asked("/session", capabilities=capabilities)["sessionId"]

    def _asked(self, path: str, method: str = "POST", **body: Any) -> Any:
        data = json.dumps(body).encode() if method == "POST" else None
        request = urllib.request.Request(self._driver + path, data, {"Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.loads(answer.read())["value"]

    def open(self, address: str) -> None:
        """Another page, also where only what follows # in the address differs."""
        self._asked(f"/session/{self._session}/url", url="about:blank")
        self._asked(f"/session/{self._session}/url", url=address)

    def resize(self, width: int, height: int) -> None:
        """The window, with its frame."""
        self._asked(f"/session/{self._session}/window/rect", width=width, height=height)

    def run(self, script: str) -> Any:
        return self._asked(f"/session/{self._session}/execute/sync", script=script, args=[])

    def text(self) -> str:
        """All words of the page, those of its components, too."""
        return str(self.run(_TEXT))

    def pictures(self) -> list[list[int]]:
        """[width, height] of each that was loaded."""
        return [size for size in self.run(_PICTURES) if all(size)]

    def wait_for(self, *words: str, seconds: float = 60) -> str:
        """The page's text, once all of these stand in it."""
        for word in words:
            self.wait_until(lambda word=word: word in self.text(), repr(word), seconds)  # type: ignore[misc]
        return self.text()

    def wait_until(self, condition: Callable[[], bool], what: str, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, f"{what}: never on the page"
            time.sleep(0.3)

    def screenshot(self, path: Path) -> None:
        path.write_bytes(base64.b64decode(self._asked(f"/session/{self._session}/screenshot", "GET")))

    def close(self) -> None:
        self._asked(f"/session/{self._session}", "DELETE")


@contextmanager
def browser() -> Iterator[Browser]:
    """Skips the test where there is none."""
    driver = shutil.which("chromedriver")
    if driver is None or not (shutil.which("chromium") or shutil.which("google-chrome")):
        pytest.skip(MISSING)
    with subprocess.Popen([driver, "--port=0"], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            port = next(found[1] for line in process.stdout if (found := re.search(r"on port (\d+)\.", line)))
            opened = Browser(f"http://127.0.0.1:{port}")
            try:
                yield opened
            finally:
                opened.close()
        finally:
            process.terminate()
