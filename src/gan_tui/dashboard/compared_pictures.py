"""Which pictures of several runs stand beside each other: those of one view, as near to one step as each run has."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from gan_tui.dashboard.compared_run import ComparedRun
from gan_tui.dashboard.views.available import Views
from gan_tui.dashboard.views.base import View
from gan_tui.run.events import Picture
from gan_tui.run.state import RunState


@dataclass(frozen=True)
class Pane:
    """One run's place."""

    run: ComparedRun
    view: View | None
    """None where the run has no such view."""
    state: RunState
    """As it was at the step on show."""

    @property
    def needs(self) -> list[Picture]:
        return self.view.needs(self.state) if self.view else []


class SideBySide:
    """The views of all runs, and which of them is on show."""

    def __init__(self) -> None:
        self._views: dict[int, Views] = {}
        self.name = ""
        """Of the view on show."""
        self.step: int | None = None
        """The step on show; None for the one that it opens with."""

    def _of(self, run: ComparedRun) -> dict[str, View]:
        views = self._views.setdefault(run.laid.number, Views()).of(run.laid.state)
        return {view.name: view for view in views if view.needs(run.laid.state)}

    def names(self, runs: Sequence[ComparedRun]) -> list[str]:
        """What the views are called that any of the runs has."""
        return list(dict.fromkeys(name for run in runs for name in self._of(run)))

    def shown_name(self, runs: Sequence[ComparedRun]) -> str:
        names = self.names(runs)
        return self.name if self.name in names else next(iter(names), "")

    def steps(self, runs: Sequence[ComparedRun]) -> list[int]:
        """The steps that most of the runs have pictures of, and the newest, at which each run shows its own newest;
        where no two have one in common, those of all.
        """
        having = self._having(runs)
        counts = Counter(picture.step for shown in having for picture in shown)
        least = max(2, (len(having) + 1) // 2) if len(having) > 1 else 1
        common = {step for step, count in counts.items() if count >= least}
        return sorted(common | {max(counts)}) if common else sorted(counts)

    def _having(self, runs: Sequence[ComparedRun]) -> list[tuple[Picture, ...]]:
        """The pictures of each run that has any."""
        return [one for run in runs if (one := self._pictures(run, self.shown_name(runs)))]

    def _first(self, runs: Sequence[ComparedRun], steps: Sequence[int]) -> int:
        """The newest step of which all have a picture; each run's newest, where all have the beginning alone."""
        having = self._having(runs)
        common = set.intersection(*({picture.step for picture in shown} for shown in having))
        shortest = min(max(picture.step for picture in shown) for shown in having)
        newest = max(common.intersection(steps), default=-1)
        return newest if newest >= shortest / 2 else steps[-1]

    def _pictures(self, run: ComparedRun, name: str) -> tuple[Picture, ...]:
        view, state = self._of(run).get(name), run.laid.state
        return state.pictures.get(view.needs(state)[-1].tag, ()) if view else ()

    def is_newest_of_each(self, runs: Sequence[ComparedRun]) -> bool:
        """Whether each run shows its newest, and these are not of one step."""
        shown = self.shown_step(runs)
        newest = {max(picture.step for picture in one) for one in self._having(runs)}
        return len(newest) > 1 and shown == max(newest)

    def shown_step(self, runs: Sequence[ComparedRun]) -> int | None:
        """The step on show; None where there is none."""
        steps = self.steps(runs)
        if not steps or self.step is None:
            return self._first(runs, steps) if steps else None
        wanted = self.step
        return min(steps, key=lambda step: abs(step - wanted))

    def move(self, places: int, runs: Sequence[ComparedRun]) -> bool:
        """So many steps on, of those that are turned to; False where there is none."""
        steps, shown = self.steps(runs), self.shown_step(runs)
        if shown is None or not 0 <= (place := steps.index(shown) + places) < len(steps):
            return False
        self.step = steps[place]
        return True

    def turn(self, places: int, runs: Sequence[ComparedRun]) -> bool:
        """To another view; False where there is none."""
        names = self.names(runs)
        if len(names) < 2:
            return False
        self.name = names[(names.index(self.shown_name(runs)) + places) % len(names)]
        return True

    def panes(self, runs: Sequence[ComparedRun]) -> list[Pane]:
        """Each run with its picture that is nearest to the step."""
        name, step = self.shown_name(runs), self.shown_step(runs)
        found = list[Pane]()
        for run in runs:
            shown = self._pictures(run, name)
            if step is None or not shown:
                found.append(Pane(run, None, run.laid.state))
            else:
                nearest = min(shown, key=lambda picture: abs(picture.step - step))
                found.append(Pane(run, self._of(run)[name], _until(run.laid.state, nearest.step)))
        return found


def _until(state: RunState, step: int) -> RunState:
    """The pictures up to a step; of what was drawn later alone, the first."""
    pictures = {
        tag: tuple(picture for picture in shown if picture.step <= step) or shown[:1]
        for tag, shown in state.pictures.items()
    }
    return replace(state, pictures=MappingProxyType(pictures))
