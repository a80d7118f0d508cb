"""How much may be on its way to the terminal at once: as much as the link carries while a person notices no delay.

Buffers on the way (a pty, ssh, a router) take bytes long before they are seen. So after each piece the terminal is
asked for its status (ECMA-48's DSR), and the next piece is sent when it has answered: what a key changes never waits
behind more than one piece. A piece grows while answers come as soon as to the smallest, and shrinks when they are late.

A key's effect waits for one piece at most, 70 to 140 ms at 56 kbit/s. An answer belongs to the oldest question that has
none, also when that was given up: a late answer taken for a quick one makes pieces grow on the slowest of links.
"""

import time
from collections import deque
from collections.abc import Callable
from statistics import median

ASK, ANSWER = "\x1b[5n", "\x1b[0n"
GOODBYE = "\x1b[c"
"""What is asked last (ECMA-48's DA): its answer is no other's, however many of those were lost."""
LEAST, MOST = 512, 1 << 16
"""Characters of a piece."""
FIRST = 2048
SMALL = 300
"""Pieces whose time is the way there and back, and whatever else the machines at both ends are busy with."""
TELLING = 1000
"""Characters of a piece from which on its time says how fast the link is."""
SOON, LATE = 0.05, 0.12
"""Seconds that a piece may take beyond the way there and back: below SOON they grow, above LATE they shrink."""
PATIENCE_SECONDS, FIRST_PATIENCE_SECONDS, MOST_PATIENCE_SECONDS = 2.0, 0.3, 5.0
"""How long an answer is waited for, one of a terminal that has never answered, and one that is known to come late."""
MOST_UNANSWERED = 5
"""A terminal that has not answered by then never does. It is sent everything as it takes it from then on."""


class FlowControl:
    """Measures the way to the terminal."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self.piece = FIRST
        """Characters that may be sent now."""
        self.answers = True
        """Whether the terminal answers, as far as is known."""
        self.waits = False
        """Whether the answer to what was sent last is still to come and waited for."""
        self.patience = FIRST_PATIENCE_SECONDS
        """Seconds after which `is_lost` should be asked."""
        self.way = 0.0
        """Seconds there and back, as far as is known."""
        self._has_answered = False
        self._asked: deque[tuple[float, int]] = deque()
        """When questions were sent that have no answer yet, each with how much: the oldest is answered first, even
        where it was waited for in vain. A late answer must not be taken for a quick one."""
        self._heard_late = False
        """Whether an answer to an older question has come since the last one was sent."""
        self._small: deque[float] = deque(maxlen=15)
        self._large: deque[float] = deque(maxlen=64)
        self._rates: deque[float] = deque(maxlen=8)

    @property
    def rate(self) -> float:
        """Characters a second that the link carried lately, at its best: both ends may be busy. 0 if not known."""
        return max(self._rates, default=0.0)

    def asked(self) -> None:
        """A question was sent alone, so that the way there and back is known; its answer is not waited for."""
        self._asked.append((self._clock(), 0))

    def sent(self, size: int) -> None:
        """So many characters were sent, and a question behind them."""
        self._asked.append((self._clock(), size))
        self.waits, self._heard_late = True, False

    def answered(self) -> None:
        """An answer has come: the terminal has shown what was sent before that question."""
        if not self._asked:
            return
        while len(self._asked) > 1 and self._clock() - self._asked[0][0] > MOST_PATIENCE_SECONDS:
            self._asked.popleft()  # nobody was there to answer it: a session was left and come back to, say
        if not self._has_answered:
            self._has_answered, self.piece, self.patience = True, min(self.piece, FIRST), PATIENCE_SECONDS
        asked_at, size = self._asked.popleft()
        took = self._clock() - asked_at
        self._learn(took, size)
        if self._asked:
            self._heard_late = True
            self.patience = min(max(self.patience, 2 * took), MOST_PATIENCE_SECONDS)
        else:
            self.waits, self.patience = False, PATIENCE_SECONDS

    def _learn(self, took: float, size: int) -> None:
        (self._small if size <= SMALL else self._large).append(took)
        self.way = median(self._small) if self._small else min(self._large)
        beyond = took - self.way
        if size >= TELLING:
            self._rates.append(size / max(beyond, 0.001))
        if beyond > LATE:
            self.piece = max(LEAST, min(size, self.piece) // 2)
        elif beyond < SOON and 2 * size >= self.piece:
            self.piece = min(MOST, 2 * self.piece)

    def is_lost(self) -> bool:
        """Whether to go on without the answer that is waited for."""
        if not self.waits or self._clock() - self._asked[-1][0] < self.patience:
            return False
        self.waits = False
        if self._heard_late:  # or it was this one's answer, and others never come
            self._asked.clear()
        if self._has_answered:
            self.piece = LEAST
        else:
            self.answers = len(self._asked) < MOST_UNANSWERED
            self.piece = 2 * self.piece if self.answers else MOST
        return True
