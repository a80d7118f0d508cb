"""Textual's app with our way to the terminal: how it shows what was drawn, takes in a window's size, and fails."""

import asyncio
import os
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.text import Text
from textual._compositor import CompositorUpdate
from textual.binding import Binding
from textual.filter import ANSIToTruecolor, LineFilter
from textual.screen import Screen

from gan_tui.dashboard.terminal.detected import detect
from gan_tui.dashboard.terminal.driver import TerminalDriver
from gan_tui.dashboard.terminal.lending import taken_out
from gan_tui.dashboard.terminal.pixels import Pixels
from gan_tui.dashboard.terminal.rescue import FATAL
from gan_tui.dashboard.terminal.typed_ahead import TakesKeys
from gan_tui.drawing.symbols import Symbols
from gan_tui.system import kept_answers, kept_symbols, switches, terminal
from gan_tui.text import keys_in_words

if TYPE_CHECKING:
    from gan_tui.drawing.cells import Image

PIXELS = "pixels"
"""The answer of who wants no characters."""
MOVING_SECONDS = 0.1
"""Between two sizes of a window that is being drawn larger or smaller by hand."""


class TerminalApp(TakesKeys):
    """What every app of ours is to its widgets, and what it is made of beneath its screens."""

    def __init__(self) -> None:
        environ = terminal.environment()
        client = terminal.tmux_client(environ)
        self._known_by = environ, client
        answer = kept_symbols.kept(environ, client)
        self.terminal = TerminalDriver.terminal = detect(environ, sys.stdout.encoding or "ascii", client, answer)
        """What can be shown."""
        TerminalDriver.may_be_asked = terminal.may_be_asked(environ)
        self.know_signs(environ, client, self.terminal)
        Pixels.may_be_shown = terminal.may_show_pixels(environ, self.terminal.colors.value) and self.terminal.unicode
        Pixels.are_usual = kept_symbols.pixels_kept(environ, client)
        Pixels.in_tmux, Pixels.outer_name = terminal.multiplexer(environ) == "tmux", client.term if client else ""
        self.kept_from_textual = taken_out("NO_COLOR")  # it would turn colours into greys; the driver leaves them out
        super().__init__(driver_class=TerminalDriver)
        self.animation_level = "none"  # what moves costs bytes on every link
        self._resized_at = 0.0

    def on_mount(self) -> None:
        self.screen._push_result_callback(self.screen, None)  # Textual pops one when it switches, but pushes none here
        for number in FATAL:
            asyncio.get_running_loop().add_signal_handler(number, self.end_for, number)
        threading.excepthook = lambda raised: self._from_thread(raised.exc_value)

    # What is shown ----------------------------------------------------------

    @property
    def is_behind(self) -> bool:
        """Whether the link is so slow that the terminal does not show yet what it should."""
        driver = self._terminal_driver
        return driver is not None and driver.is_behind

    def show_again(self) -> None:
        """Draw the whole screen again: something else has drawn on the terminal."""
        if driver := self._terminal_driver:
            driver.show_again()

    def follow_theme(self) -> None:
        """What is shown from now on is shown in the colours of another theme."""
        if driver := self._terminal_driver:
            driver.follow_theme()

    def show_images(self, owner: object, images: "Sequence[Image]") -> list[int]:
        """The numbers by which cells of a widget show these images, and no others from now on."""
        driver = self._terminal_driver
        return driver.pixels.images.show(owner, images) if driver else []

    def size_of_images(self, owner: object) -> int:
        """How many characters the newest images of a widget had that were sent."""
        driver = self._terminal_driver
        return driver.pixels.size(owner) if driver else 0

    def show_in_pixels(self, cell: tuple[int, int] | None) -> None:
        """The terminal shows pixels, of which a cell has so many across and down, or none, from now on."""
        if cell != self.terminal.pixels:
            self.terminal = replace(self.terminal, pixels=cell)
            self.paint_again()

    @property
    def has_pixels(self) -> bool:
        """Whether the terminal shows pixels, wanted or not."""
        driver = self._terminal_driver
        return driver is not None and driver.pixels.are_there

    def draw_in(self, answer: str) -> None:
        """Draw pictures in other block characters, or in `pixels`, from now on, whenever this terminal is seen."""
        asked_of_pixels = self.has_pixels
        if answer != PIXELS:
            self.terminal = replace(self.terminal, symbols=Symbols.of(answer))
        if driver := self._terminal_driver:
            driver.pixels.is_wanted = answer == PIXELS
            driver.consider_pixels()
        self.paint_again()
        keep = partial(self._keep, answer, asked_of_pixels)
        self.run_worker(keep, thread=True, group="symbols", exit_on_error=False)

    def _keep(self, answer: str, asked_of_pixels: bool) -> None:
        """Away from the interface: a home folder on a network may not answer."""
        with self.saying_what_is_not_kept("The answer"):
            if asked_of_pixels:
                kept_symbols.keep_pixels(answer == PIXELS, *self._known_by)
            if answer != PIXELS:
                kept_symbols.keep(answer, *self._known_by)

    @contextmanager
    def saying_what_is_not_kept(self, what: str) -> Iterator[None]:
        """In a thread: what could not be kept for the next time is said."""
        try:
            yield
        except OSError as error:
            words = kept_answers.not_kept(what, error)
            self.call_from_thread(self.notify, words, severity="warning", markup=False)
        for words in kept_answers.put_aside():
            self.call_from_thread(self.notify, words, severity="warning", markup=False)

    def paint_again(self) -> None:
        """Draw anew what is drawn in cells: what it is drawn with has changed."""

    def _display(self, screen: Screen[None], renderable: RenderableType | None) -> None:
        """Show what was drawn: the driver finds out what of it is new."""
        driver = self._terminal_driver
        if driver is None or not isinstance(renderable, CompositorUpdate):
            super()._display(screen, renderable)
            return
        if self._running and not self._closed and not self._batch_count:
            try:
                if not driver.show(renderable, self.size):
                    screen.refresh()
            except Exception as error:  # noqa: BLE001 (as Textual's own)
                self._handle_exception(error)
        self.post_display_hook()

    def _set_pointer_shape(self, shape: str) -> None:
        """Leave the mouse pointer as it is: old terminals print the sequence, and every link carries it."""

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's, less the one for the terminal's own colours: nothing here has any, and it remembers each style."""
        return [one for one in super().get_line_filters() if not isinstance(one, ANSIToTruecolor)]

    # What is typed ----------------------------------------------------------

    def get_key_display(self, binding: Binding) -> str:
        shown = super().get_key_display(binding)
        return shown if self.terminal.unicode else keys_in_words(shown)

    def action_suspend_process(self) -> None:
        if self._driver and not self._driver.can_suspend:
            self.no_shell()
        super().action_suspend_process()

    def no_shell(self) -> None:
        """The shell was asked for, and there is none that could have us go on."""

    # A window's size ----------------------------------------------------------

    def window_changed(self) -> None:
        """The window has another size, for which nothing is painted yet."""
        if driver := self._terminal_driver:
            driver.consider_pixels()

    def on_resize(self) -> None:
        self.call_next(self._take_in_size)  # once Textual knows it

    def _take_in_size(self) -> None:
        """Draw for another size at once: Textual waits for more such news, also for the first."""
        self.window_changed()
        now = time.monotonic()
        if self._resize_timer is not None and now - self._resized_at > MOVING_SECONDS:
            self._check_resize()
        self._resized_at = now

    # What fails ----------------------------------------------------------

    def failure(self, error: BaseException | None) -> str:
        """A sentence about what has ended the interface."""
        return f"The interface failed: {error}"

    def _from_thread(self, error: BaseException | None) -> None:
        """A thread of the interface has failed: end it in a sentence rather than show what has stopped moving."""
        if isinstance(error, Exception) and self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._handle_exception, error)

    def _handle_exception(self, error: Exception) -> None:
        if not self._exit:  # what goes wrong while it is being left is no failure
            super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """Say in one sentence that the interface has failed, and what of it."""
        if switches.is_on(os.environ, switches.DEBUG):
            super()._fatal_error()
            return
        self._exit_renderables.append(Text(self.failure(self._exception)))
        self._close_messages_no_wait()
