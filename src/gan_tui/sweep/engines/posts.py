"""What has become of a place of a sweep: what it has trained, whom it has lost, and whether it is still tried."""

from gan_tui.sweep.places import Place
from gan_tui.text import counted

MOST_FAILURES = 3
"""Failures in a row, none trained in between, after which a place is put aside."""
PAUSES = (2.0, 15.0)
"""Seconds from a failure to the next start there: who is back by then is a place again."""

MOST_GREETED = 8
"""Logins that one sshd may have under way: of more than ten it drops some, unless told otherwise."""


class Post:
    """One place."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.aside = ""
        """Why it is not tried any more."""
        self.is_told = False
        self._trained = self._lost = self._failures = 0
        self._due = 0.0
        self._differs: str | None = None

    def may_start(self, workers: int, silent: int, now: float) -> bool:
        """Whether one more may be started there, beside those that are, and those that have not said a word yet."""
        if self.aside or now < self._due or workers >= self.place.count:
            return False
        return self.place.ssh is None or silent < MOST_GREETED

    def has_trained(self) -> None:
        self._trained += 1
        self._failures = 0

    def has_lost(self, reason: str, now: float) -> bool:
        """Count a worker that is gone; whether that is news: several that go together went for one reason."""
        self._lost += 1
        if now < self._due:
            return False
        self._failures += 1
        if self._failures >= MOST_FAILURES:
            self.put_aside(reason)
        else:
            self._due = now + PAUSES[self._failures - 1]
        return not self.aside

    def put_aside(self, why: str) -> None:
        self.aside = self.aside or why

    def differs(self, other: str) -> str:
        """In what it computes otherwise than here, once."""
        before, self._differs = self._differs, other
        return other if other != before else ""

    def summary(self) -> str:
        """'box1 trained 31, and lost 1 worker'"""
        parts = [f"{self.place.name} trained {self._trained:,}"]
        if self._lost:
            parts.append(f"lost {counted(self._lost, 'worker')}")
        if self.aside:
            parts.append("was put aside")
        return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else parts[0]
