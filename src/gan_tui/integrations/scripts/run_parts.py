"""What `gan_tui.Watch` needs of a run besides what every script has."""

from collections.abc import Callable

from gan_tui.integrations.scripts.obedience import Obedience
from gan_tui.integrations.scripts.recording import Recording
from gan_tui.run.events import Event
from gan_tui.run.pictures import Tiles


class RunParts:
    """A part of `ScriptRun`."""

    step: int
    before_close: Callable[[], object] | None = None
    """Tells what is still to be told, when the run ends."""
    _recording: Recording | None
    _obedience: Obedience | None

    def draw(self, drawn: Tiles | Event, step: int) -> None:
        """A picture under the tag that it has, or an event."""
        if self._recording and isinstance(drawn, Tiles):
            self._recording.picture(drawn, drawn.tag, step)
        elif self._recording and not isinstance(drawn, Tiles):
            self._recording.event(drawn)

    def say(self, about: str, sentence: str) -> None:
        """Tell whoever watches something, once for what it is about."""
        if self._recording:
            self._recording.say(about, sentence)

    def go_to(self, step: int) -> None:
        """So many steps are done, though none was told of."""
        self.step = step
        if self._recording:
            self._recording.step = step

    @property
    def is_asked(self) -> bool:
        """Whether there is anything to obey; asked at every step."""
        return bool(self._obedience and self._obedience.is_due)
