"""How a person looks at the list of runs: by which order, and which of them. The menu's list has the same."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from gan_tui.dashboard import kept_choices
from gan_tui.errors import UserError
from gan_tui.run.columns import ALIASES, BY_NAME, head_of, names_in, ordered
from gan_tui.run.conditions import asked
from gan_tui.run.listing import Listed


@dataclass
class ListLook:
    """What was chosen, and typed."""

    sort: str = ""
    """A column; empty for those that train first, then the newest."""
    usual: str = "newest first"
    """What order that is, in words."""
    turned: bool = False
    """Whether that order is the other way round."""
    wanted: str = ""
    """Words and conditions, as they are typed."""
    is_open: bool = False
    """Whether a person is in the list over the whole screen, or left it for a run: it is to be come back to."""
    chosen: str = ""
    """The key of the row that was chosen there."""
    marked: dict[str, float] = field(default_factory=dict)
    """The keys of the runs that are marked there → when each was begun: what is called so later is another run."""

    @property
    def is_usual(self) -> bool:
        """Whether all runs are listed as they come."""
        return not self.sort and not self.wanted.strip()

    @property
    def order_words(self) -> str:
        """Half a sentence."""
        return f"by {head_of(self.sort)}{', turned round' if self.turned else ''}" if self.sort else self.usual

    def of(self, rows: Sequence[Listed]) -> tuple[list[Listed], str]:
        """The rows that are wanted, in order; and what of it cannot be done, in a sentence."""
        found, problem = _wanted(rows, self.wanted)
        if self.sort in BY_NAME:
            found = ordered(found, self.sort, self.turned)
        elif self.turned:
            found.reverse()
        return found, problem


def first_look() -> ListLook:
    """What the list begins with: sorted as it was last, or as config.toml has it."""
    sort = kept_choices.chosen("sort", "")
    return ListLook(sort=sort if sort in BY_NAME else "")


def keep(look: ListLook) -> None:
    """Sort so at the next start, too."""
    kept_choices.keep("sort", look.sort)


def _wanted(rows: Sequence[Listed], text: str) -> tuple[list[Listed], str]:
    """The rows that are wanted; of a condition of which only half is typed, those that all before it asks for."""
    if not text.strip():
        return list(rows), ""
    before, _, last = text.rstrip().rpartition(" ")
    try:
        found = asked(text).of(rows)
    except UserError as error:
        return (_wanted(rows, before)[0] if last else list(rows)), str(error)
    begins = bool(last) and any(name.startswith(last) for name in (*BY_NAME, *ALIASES, *names_in(rows)))
    return (_wanted(rows, before)[0], "") if begins and not found else (found, "")
