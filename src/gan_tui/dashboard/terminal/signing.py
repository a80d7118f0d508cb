"""An app that shows signs of itself outside its screen: those that the terminal takes and a person has not put off."""

from collections.abc import Mapping
from dataclasses import replace

from gan_tui.dashboard.terminal.driver import TerminalDriver
from gan_tui.dashboard.terminal.lending import LendsTerminal
from gan_tui.dashboard.terminal.sign_words import Doing
from gan_tui.dashboard.terminal.signs import TerminalSigns
from gan_tui.drawing.terminal import Terminal
from gan_tui.system import config
from gan_tui.system.signs import Signs, signs
from gan_tui.system.terminal import Client, may_be_asked, multiplexer


class ShowsSigns(LendsTerminal):
    """What screens tell, the terminal shows. Of what is told meanwhile, the newest alone is sent."""

    _shown_by: object = None
    """The owner of what is shown."""

    def know_signs(self, environ: Mapping[str, str], client: Client | None, terminal: Terminal) -> None:
        """What the terminal takes, before there is a driver. Raises UserError where config.toml is wrong."""
        off = {name: False for name in ("title", "progress", "links") if not config.value(f"signs.{name}")}
        quiet = {} if config.value("signs.notify") else {"notice": ""}

        def known(name: str) -> Signs:
            return replace(signs(environ, client, name), **off, **quiet)  # type: ignore[arg-type]

        TerminalSigns.known = staticmethod(known)
        TerminalSigns.rings = bool(config.value("signs.bell"))
        TerminalSigns.may_be_asked = may_be_asked(environ) and not multiplexer(environ)
        TerminalSigns.is_utf8 = terminal.unicode and terminal.encoding.lower() in ("utf-8", "utf8")

    @property
    def _terminal_driver(self) -> TerminalDriver | None:
        return self._driver if isinstance(self._driver, TerminalDriver) else None

    def show_signs(self, owner: object, title: str, doing: Doing, percent: int) -> None:
        """What the terminal's title says before the program's name, and how far what has come (0..100), of an owner."""
        self._shown_by = owner
        if driver := self._terminal_driver:
            driver.signs.show(title, doing, percent)

    def end_signs(self, owner: object) -> None:
        """Its owner has gone, and nobody has come in its place."""
        if owner is self._shown_by:
            self.show_signs(None, "", Doing.NOTHING, 0)

    def tell_outside(self, words: str) -> None:
        """A notification for who looks elsewhere, as far as the terminal has such."""
        if driver := self._terminal_driver:
            driver.signs.tell(words)
