"""Another tool's log as lines of text: what it has, and then what is added while it grows."""

from gan_tui.cli.follow import PlainFollower
from gan_tui.errors import DONE, INTERRUPTED, TRAINING_FAILED
from gan_tui.integrations.logs.log_folder import LogFolder
from gan_tui.run.events import Event, Resumed, Started, Text
from gan_tui.run.follower import News
from gan_tui.system.links import linked_path


class LogFollower(PlainFollower):
    """Follows a log until it has not grown for a while."""

    folder: LogFolder

    def _say(self, event: Event) -> None:
        if isinstance(event, Text):
            lines = event.text.splitlines()
            self._print(f"{event.tag} (step {event.step:,}): {lines[0] if len(lines) == 1 else ''}".rstrip())
            for line in lines if len(lines) > 1 else ():
                self._print(f"  {line}")
        elif isinstance(event, Resumed):
            self._print(f"resumed from step {max(0, event.from_step):,}: {', '.join(event.names)}")
        else:
            super()._say(event)

    def _print_start(self, event: Started) -> None:
        if not self._columns.are_named:  # it may be said again, with more metrics
            self._print(f"{self.folder.name}: {event.title}")

    def _print_trouble(self, news: News) -> None:
        """Nothing new has come: what was read last is said."""
        if self._clock() >= self._line_due:
            self._print_metrics()
        super()._print_trouble(news)

    def _end(self, interrupted: bool) -> int:
        self._print_metrics()
        there = self.folder.is_there()
        place = linked_path(self.folder.path, self._stream)
        for line in [*self.folder.about(), place] if there else [self.folder.deleted()]:
            self._print(line)
        return INTERRUPTED if interrupted else DONE if there else TRAINING_FAILED
