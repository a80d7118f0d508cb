"""How a person looks at charts: which steps, where the cursor is, what is smoothed. Immutable, and knows no screen."""

from dataclasses import dataclass, replace

from gan_tui.system.config_keys import UNITS

SMOOTHINGS = (0.0, 0.3, 0.6, 0.8, 0.9, 0.95, 0.98, 0.99)
"""How much of the past stays in each point, 0…1."""
LEAST_STEPS = 4
"""Between the ends of a range."""


@dataclass(frozen=True)
class Look:
    """What of the charts is shown, and how."""

    smoothing: float = 0.9
    log_y: bool = False
    all_values: bool = True
    """Whether the scales hold outliers, too."""
    unit: str = "step"
    ends: tuple[int, int] | None = None
    """The first and the last step on show; None for all of them, also those to come."""
    cursor: int | None = None
    """A step."""
    chosen: str = ""
    """The group of metrics that is enlarged by a key."""
    first: int = 0
    """The place of a chart that is on show, where not all are."""
    wanted: str = ""
    """Words that the names of all metrics on show have; without any, all are."""
    enlarged: bool = False

    @property
    def is_nested(self) -> bool:
        """Whether there is something to go back from."""
        return self.enlarged or self.cursor is not None or self.ends is not None or bool(self.wanted)

    @property
    def least_smoothed(self) -> int:
        """So many values a series has at least if it is smoothed: as many as the average reaches over, about.

        Of fewer it would make the first ones weigh as much as the newest, and say 2.89 where 5 and 1 were measured.
        """
        return round(1 / (1 - self.smoothing))

    @property
    def values_at(self) -> int | None:
        """The step that values are told of: the cursor's, the last one on show, or None for the newest."""
        return self.cursor if self.cursor is not None or self.ends is None else self.ends[1]

    def back(self) -> "Look":
        """One step back from what was chosen: the enlarged chart first, then the cursor, the range, the names."""
        if self.enlarged:
            return replace(self, enlarged=False)
        if self.cursor is not None:
            return replace(self, cursor=None)
        return replace(self, ends=None) if self.ends else replace(self, wanted="", first=0, chosen="")

    def wanting(self, words: str) -> "Look":
        """Only metrics with these words in their names."""
        return replace(self, wanted=words, first=0, chosen="", enlarged=False)

    def wants(self, *names: str) -> bool:
        """Whether a metric with these names is among those that were asked for."""
        known = " ".join(names).casefold()
        return all(word in known for word in self.wanted.casefold().split())

    def range_of(self, last: int) -> tuple[int, int]:
        """The steps on show in a run that has come to `last`."""
        return self.ends or (0, max(last, 1))

    def zoomed(self, factor: float, last: int, around: float | None = None) -> "Look":
        """So many times as few steps, around a step (by default the cursor, else the middle), which stays in place."""
        low, high = self.range_of(last)
        if around is None:
            around = self.cursor if self.cursor is not None and low <= self.cursor <= high else (low + high) / 2
        span = round(min(max((high - low) / factor, LEAST_STEPS), last))
        share = (around - low) / max(1, high - low)
        first = max(0, min(round(around - share * span), last - span))
        return self.showing(first, first + span, last)

    def showing(self, low: int, high: int, last: int) -> "Look":
        """The steps from `low` to `high`, as far as there are any; all of them where that is all."""
        low, high = max(0, low), min(high, last)
        span = min(max(high - low, LEAST_STEPS), last)
        low = max(0, min(low, last - span))
        return replace(self, ends=None if span >= last else (low, low + span))._with_cursor_in_sight()

    def panned(self, share: float, last: int) -> "Look":
        """The range moved by a share of itself."""
        if self.ends is None:
            return self
        low, high = self.ends
        by = round(share * (high - low))
        by = max(-low, min(by, last - high)) if high <= last else min(by, 0)
        return replace(self, ends=(low + by, high + by))._with_cursor_in_sight()

    def _with_cursor_in_sight(self) -> "Look":
        """Values are told of where it is: of a step that nobody sees they would be taken for those of one on show."""
        if self.cursor is None or self.ends is None:
            return self
        return replace(self, cursor=max(self.ends[0], min(self.cursor, self.ends[1])))

    def at(self, step: float, last: int) -> "Look":
        """The cursor at a step, and in sight: the range follows it."""
        cursor = max(0, min(round(step), last))
        moved = replace(self, cursor=cursor)
        low, high = self.range_of(last)
        if self.ends and not low <= cursor <= high:
            by = cursor - low if cursor < low else cursor - high
            moved = replace(moved, ends=(low + by, high + by))
        return moved

    def smoother(self, places: int) -> "Look":
        """More or less smoothing, and round again."""
        steps = sorted({*SMOOTHINGS, self.smoothing})  # config.toml may name another
        return replace(self, smoothing=steps[(steps.index(self.smoothing) + places) % len(steps)])

    def counting(self, has_epochs: bool) -> "Look":
        """With steps on the x axis instead of epochs, where nobody knows how long one is."""
        return self if has_epochs or self.unit != "epoch" else replace(self, unit="step")

    def next_unit(self, has_epochs: bool = True) -> "Look":
        """What the x axis counts next; not epochs, where nobody knows how long one is."""
        units = [unit for unit in UNITS if has_epochs or unit != "epoch"]
        return replace(self, unit=units[(units.index(self.counting(has_epochs).unit) + 1) % len(units)])
