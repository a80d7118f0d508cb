"""The two lines that say how the run stands."""

from textual.geometry import Size
from textual.strip import Strip
from textual.timer import Timer

from gan_tui.dashboard.linking import begins_with_link
from gan_tui.dashboard.themes import Inks, inks
from gan_tui.dashboard.widgets.refusing import RefusingLines
from gan_tui.dashboard.widgets.state_mark import state_mark
from gan_tui.drawing.cells import Cells, blank
from gan_tui.drawing.words import Piece, width, write_pieces
from gan_tui.run import group
from gan_tui.run.events import LOG, NETWORK, SCRIPT, Started, Usage
from gan_tui.run.folder import RunFolder
from gan_tui.run.holder import DELETED, ENDED, READING
from gan_tui.run.state import RunState
from gan_tui.text import clipped, duration, percent, short_name, size

LATE_SECONDS = 10.0
"""After which it is said that what was asked for has not happened yet."""
_PERCENT = len(" 100 %")
_LEAST_BAR = 6
_DATA_COLUMNS = 24
_OPEN = "open to its network"
"""Of a group, whose servers ask nobody who they are; the log has the whole sentence."""


class StatusLines(RefusingLines):
    """Name, machine and data above; state, step, epoch, speed, time left and a bar of progress below."""

    DEFAULT_CSS = """
    StatusLines { height: 2; padding: 0 1; background: $surface; }
    """

    def __init__(self, folder: RunFolder) -> None:
        super().__init__()
        self._folder = folder
        self._state = RunState()
        self._shown_state = READING
        self._pending = ""
        self._late: Timer | None = None

    def show(self, state: RunState, shown_state: str) -> None:
        """`shown_state` is the run's state as a person should see it."""
        if shown_state != self._shown_state:
            self.show_pending("")
        self._state, self._shown_state = state, shown_state
        self.redraw()

    def show_pending(self, text: str, late: str = "") -> None:
        """Say what was asked for, until it has happened; `late` is what is said once that takes long."""
        if self._late:
            self._late.stop()
        self._late = self.set_timer(LATE_SECONDS, lambda: self.show_pending(late)) if late else None
        self._pending = text
        self.redraw()

    def draw(self, size: Size) -> Cells:
        ink = inks(self.app.current_theme)
        cells = blank(2, size.width)
        self._draw_name(cells, ink)
        column = write_pieces(cells, 1, 0, self._state_pieces(size.width, ink))
        self._draw_bar(cells, column + 2, ink)
        return cells

    def render_line(self, y: int) -> Strip:
        """The run's name leads to its folder."""
        strip = super().render_line(y)
        return begins_with_link(strip, self._folder.name, self._folder.path) if y == 0 else strip

    def _draw_name(self, cells: Cells, ink: Inks) -> None:
        state, name = self._state, self._folder.name  # as it is called now
        title = state.started.title if state.started and state.started.title != name else ""
        named: list[Piece] = [(name, ink.accent), (f"  {title}", ink.text)]
        used = state.usage if self._shown_state in ("training", "paused", "saving") else None
        machine = [f"CPU {used.cpu:.0f} %", size(used.memory)] if used else []
        if state.workers:  # of which worker 0 alone is told of here
            machine = []
        if state.started:
            machine += state.started.devices
            machine += _gpu_use(used) if used else []
            if cells.columns >= 100 and (data := _data(state.started)):
                machine.append(data)
        if any(alert.kind == NETWORK for alert in state.alerts):
            machine.insert(0, _OPEN)
        right = [*_group(state, ink), *((f"  {words}", ink.dim) for words in machine)]
        while right and width(right) + width(named[:1]) + 2 > cells.columns:
            right.pop()
        room = cells.columns - width(named[:1]) - width(right) - 2  # which begins with two blanks
        write_pieces(cells, 0, 0, [named[0], (f"  {clipped(title, room)}", ink.text)] if room > 3 else named[:1])
        write_pieces(cells, 0, cells.columns - width(right), right)

    def _state_pieces(self, columns: int, ink: Inks) -> list[Piece]:
        state = self._state
        color = {
            "training": ink.good,
            "finished": ink.good,
            "failed": ink.bad,
            ENDED: ink.bad,
            DELETED: ink.bad,
        }.get(self._shown_state, ink.warning)
        pieces: list[Piece] = [(f"{state_mark(self._shown_state)} {self._shown_state}", color)]
        if self._pending:
            pieces.append((f" ({self._pending} …)", ink.warning))
        if self._refused:
            return [*pieces, (f"  {self._refused}", ink.warning)]
        if not state.steps_total and not state.step:
            return pieces
        progress = self._progress(" of ", ink)
        if width([*pieces, *progress]) + _PERCENT > columns:
            progress = self._progress("/", ink)
        while len(progress) > 1 and width([*pieces, *progress]) + _PERCENT > columns:
            del progress[1]  # the epoch first: it follows from the step
        return [*pieces, *progress]

    def _progress(self, of: str, ink: Inks) -> list[Piece]:
        """Step, epoch, speed and time left, as far as they are known."""
        state, of_all = self._state, f"{of}{self._state.steps_total:,}" if self._steps_total else ""
        pieces: list[Piece] = [(f"  step {state.step:,}{of_all}", ink.text)]
        if words := self._epoch(of):
            pieces.append((f"  {words}", ink.text))
        if self._shown_state == "training" and state.speed:
            pieces.append((f"  {state.speed:,.{1 if state.speed < 1000 else 0}f} steps/s", ink.text))
            if state.seconds_left is not None:
                pieces.append((f"  {duration(state.seconds_left)} left", ink.dim))
        return pieces

    def _epoch(self, of: str) -> str:
        """The epoch, and how many there are, as far as either is known and is not the step itself."""
        state, (epoch, epochs) = self._state, self._state.current_epoch()
        if state.started and state.started.steps_per_epoch > 1:
            of_all = f"{of}{epochs:,}" if self._steps_total else ""
            return f"epoch {epoch:,}{of_all}" if epochs > 1 or not state.steps_total else ""
        return f"epoch {state.epoch:,}" if state.is_of_others and state.epoch else ""

    @property
    def _steps_total(self) -> int:
        """How long it trains; 0 where that is not known: what starts at its end is trained longer than it was told."""
        state = self._state
        return 0 if self._shown_state == "starting" and state.step >= state.steps_total else state.steps_total

    def _draw_bar(self, cells: Cells, column: int, ink: Inks) -> None:
        """What is done of the whole, in the room that is left."""
        if not self._steps_total:
            return
        percentage = f" {percent(self._state.step, self._state.steps_total)}"
        long = cells.columns - column - len(percentage)
        if long < _LEAST_BAR:
            write_pieces(cells, 1, cells.columns - len(percentage), [(percentage, ink.dim)])
            return
        done = min(self._state.step * long // self._state.steps_total, long)
        pieces = [("━" * done, ink.good), ("─" * (long - done), ink.dim), (percentage, ink.dim)]
        write_pieces(cells, 1, column, pieces)


def _group(state: RunState, ink: Inks) -> list[Piece]:
    """'2 workers · 3,400 examples/s · ≤ 12 % reducing', in the colour of alarm where one is not there."""
    if not state.workers:
        return []
    gone, batch = group.advice(state.workers), state.started.batch_size if state.started else 0
    words = group.headline(state.workers, state.speed if state.state == "training" else None, batch)
    return [(f"  {words[0]}", ink.bad if gone else ink.text), *((f" · {each}", ink.text) for each in words[1:])]


def _data(started: Started) -> str:
    """What it learns from, and of how many examples, as far as it tells: names of files may be long."""
    name = short_name(str(started.dataset.get("name", "")), _DATA_COLUMNS)
    count = started.dataset.get("train", 0)
    return f"{name} {count:,}".strip() if count or started.task not in (SCRIPT, LOG) else ""


def _gpu_use(usage: Usage) -> list[str]:
    """'87 %' and '3.2 GB of 79.6 GB', as far as they are known."""
    if not usage.gpu:
        return []
    busy = [] if usage.gpu["busy"] is None else [f"{usage.gpu['busy']:.0f} %"]
    return [*busy, f"{size(usage.gpu['used'])} of {size(usage.gpu['memory'])}"]
