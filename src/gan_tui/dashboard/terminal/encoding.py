"""Images become bytes in a thread of their own: that takes longer than a person notices."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Generic, TypeVar

Coded = TypeVar("Coded")
Key = TypeVar("Key")

Soon = Callable[[Callable[[], object]], object]
"""Has the interface's thread do something."""


class Encoder(Generic[Key, Coded]):
    """Encodes one after another, and hands over what is still wanted when it is done."""

    def __init__(self, soon: Soon, take: Callable[[int, Key, Coded], object]) -> None:
        """`take` is called, in the interface's thread, with a number, its key, and the code."""
        self._soon, self._take = soon, take
        self._keys: dict[int, Key] = {}
        self._thread: ThreadPoolExecutor | None = None

    def start(self, number: int, key: Key, encode: Callable[[], Coded]) -> None:
        """Encode for a number, instead of what was begun for it before; `key` says what."""
        self._keys[number] = key
        self._thread = self._thread or ThreadPoolExecutor(1, "images")
        self._thread.submit(encode).add_done_callback(lambda done: self._soon(partial(self._done, number, key, done)))

    def key(self, number: int) -> Key | None:
        """What was begun last for a number; None where that was forgotten."""
        return self._keys.get(number)

    def forget(self, number: int) -> None:
        self._keys.pop(number, None)

    def _done(self, number: int, key: Key, encoding: Future[Coded]) -> None:
        if self._keys.get(number) is key:
            self._take(number, key, encoding.result())
