"""A download that survives broken connections: what is there stays, and the rest is asked for."""

from __future__ import annotations

import http.client
import os
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, NoReturn

from gan_tui.data.arrays import CHUNK
from gan_tui.errors import UserError

TIMEOUT = 30
"""Seconds without a byte after which a connection counts as broken."""

ATTEMPTS = 5
"""Requests for one file before the user is asked to run the command again."""

FAILED = 1
"""Exit status of a download that failed: the user did nothing wrong."""

OnBytes = Callable[[int, int | None], None]
"""Told the bytes so far and the bytes in all, or None where the server does not say how many there are."""


@dataclass(frozen=True)
class Transfer:
    """From an address into a file open for appending and reading, whatever it holds already.

    `most` bounds the bytes that are taken: beyond it the server is sending something else.
    """

    url: str
    file: IO[bytes]
    progress: OnBytes
    most: int

    def run(self) -> bool:
        """Fill the file up. Returns whether it is pieced together from the answers to several requests.

        Raises UserError where the server cannot be reached, refuses, or breaks off again and again, and OSError where
        the file cannot be written.
        """
        resumed = self._size() > 0
        for attempt in range(ATTEMPTS):
            if self._ask_for_the_rest():
                return resumed or attempt > 0
        raise UserError(
            f"The connection to {self._host} broke {ATTEMPTS} times, last after {self._size() / 1e6:.1f} MB "
            f"of {self.url.rpartition('/')[2]}: run the command again to continue from there.",
            FAILED,
        )

    def _ask_for_the_rest(self) -> bool:
        """One request for what the file lacks; whether its end was reached."""
        start = self._size()
        response = self._request(start)
        if response is None:
            return True  # there is nothing beyond `start`: whether that is the file, a checksum must tell
        with response:
            if start and not response.headers.get("Content-Range", "").startswith(f"bytes {start}-"):
                self.file.truncate(0)
                if response.status == http.client.PARTIAL_CONTENT:
                    return False  # another part than we asked for
                start = 0  # the server knows no ranges and sends the whole
            length = response.headers.get("Content-Length", "")
            total = start + int(length) if length.isdigit() else None
            return self._append(response, total)

    def _request(self, start: int) -> http.client.HTTPResponse | None:
        request = urllib.request.Request(self.url, headers={"Range": f"bytes={start}-"} if start else {})
        try:
            response: http.client.HTTPResponse = urllib.request.urlopen(request, timeout=TIMEOUT)
        except urllib.error.HTTPError as error:
            error.close()
            if start and error.code == http.client.REQUESTED_RANGE_NOT_SATISFIABLE:
                return None
            self._give_up(f"it answers {error.code} {error.reason}", error)
        except urllib.error.URLError as error:
            self._give_up(str(getattr(error.reason, "strerror", None) or error.reason), error)
        except (OSError, http.client.HTTPException) as error:
            self._give_up(str(error) or type(error).__name__, error)
        return response

    def _append(self, response: http.client.HTTPResponse, total: int | None) -> bool:
        try:
            for chunk in _chunks(response):
                self.file.write(chunk)
                self.file.flush()
                self.progress(self._size(), total)
                if self._size() > self.most:
                    return True
        except _Broken:
            return False
        return total is None or self._size() >= total

    def _size(self) -> int:
        return self.file.seek(0, os.SEEK_END)

    @property
    def _host(self) -> str:
        return urllib.request.Request(self.url).host

    def _give_up(self, why: str, error: Exception) -> NoReturn:
        raise UserError(
            f"{self._host} cannot be reached ({why}): check the network and try again, "
            "or use the images that you have.",
            FAILED,
        ) from error


class _Broken(Exception):  # noqa: N818 - the state of a connection
    """The connection ended in an error."""


def _chunks(response: http.client.HTTPResponse) -> Iterator[bytes]:
    """What the server sends until it stops, which may be before its end: the length tells."""
    try:
        while chunk := response.read1(CHUNK):
            yield chunk
    except (OSError, http.client.HTTPException) as error:
        raise _Broken from error
