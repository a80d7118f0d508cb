"""How much may be on its way to the terminal at once: as much as the link carries while a person notices no delay.

Buffers on the way (a pty, ssh, a router) take bytes long before they are seen. So after each piece the terminal is
asked for its status (ECMA-48's DSR), and the next piece is sent when it has answered: what a key changes never waits
behind more than one piece. A piece grows while answers come as soon as to the smallest, and shrinks when they are late.
"""

import time
from collections import deque
from collections.abc import Callable
from statistics import median

ASK, ANSWER = "\x1b[5n", "\x1b[0n"
LEAST, MOST = 512, 1 << 16
"""Characters of a piece."""
FIRST = 2048
SMALL = 300
"""Pieces whose time is the way there and back, and whatever else the machines at both ends are busy with."""
SOON, LATE = 0.05, 0.12
"""Seconds that a piece may take beyond the way there and back: below SOON they grow, above LATE they shrink."""
PATIENCE_SECONDS, FIRST_PATIENCE_SECONDS = 2.0, 0.3
"""How long an answer is waited for, and how long one of a terminal that has never answered."""
MOST_UNANSWERED = 4
"""A terminal that has not answered by then never does. It is sent everything as it takes it from the first time on."""


class Link:
    """Measures the way to the terminal."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self.piece = FIRST
        """Characters that may be sent now."""
        self.answers = True
        """Whether the terminal answers, as far as is known."""
        self._has_answered, self._unanswered = False, 0
        self._asked_at = 0.0
        self._size = 0
        self._small: deque[float] = deque(maxlen=15)
        self._large: deque[float] = deque(maxlen=64)

    @property
    def waits(self) -> bool:
        """Whether an answer is still to come."""
        return self._size > 0

    def sent(self, size: int) -> None:
        """So many characters were sent, and an answer asked for."""
        self._asked_at, self._size = self._clock(), size

    def answered(self) -> None:
        """The terminal has shown what was sent."""
        if not self._has_answered:
            self._has_answered, self.piece = True, min(self.piece, FIRST)
        if not self._size:
            return  # it came too late
        took, size, self._size = self._clock() - self._asked_at, self._size, 0
        (self._small if size <= SMALL else self._large).append(took)
        beyond = took - (median(self._small) if self._small else min(self._large))
        if beyond > LATE:
            self.piece = max(LEAST, min(size, self.piece) // 2)
        elif beyond < SOON and 2 * size >= self.piece:
            self.piece = min(MOST, 2 * self.piece)

    @property
    def patience(self) -> float:
        """Seconds after which `is_lost` should be asked."""
        return PATIENCE_SECONDS if self._has_answered else FIRST_PATIENCE_SECONDS

    def is_lost(self) -> bool:
        """Whether to go on without the answer that is waited for."""
        if not self._size or self._clock() - self._asked_at < self.patience:
            return False
        self._unanswered += 1
        if not self._has_answered:
            self.piece, self.answers = MOST, self._unanswered < MOST_UNANSWERED
        self._size = 0
        return True
