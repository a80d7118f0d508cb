"""Asks a run something without making the interface wait: an answer may take as long as TensorFlow takes to load."""

import threading

from textual.widget import Widget

from gan_tui.dashboard.messages import Replied
from gan_tui.errors import UserError
from gan_tui.run.events import Command, Reply
from gan_tui.run.folder import RunFolder
from gan_tui.supervision import control_client, starting

_opening = threading.Lock()
"""Held while a run is opened, so that a second question waits instead of opening it again."""


def ask(folder: RunFolder, command: Command, asker: Widget, opening: bool = True) -> None:
    """Send a command; `asker` is told by a `Replied` message.

    A question (`set`) to a run that is not training opens its last checkpoint first, to be looked at, unless `opening`
    is off. The thread is a
    daemon of our own, not one of the interface's workers: leaving must never wait for an answer.
    """

    def wait() -> None:
        try:
            with _opening:
                if opening and command.name == "set" and not folder.is_held():
                    starting.launch(folder, "inspect")
            reply = control_client.ask(folder, command)
        except UserError as error:
            reply = Reply(0, False, str(error))
        asker.post_message(Replied(command, reply))

    threading.Thread(target=wait, name=f"ask {command.name}", daemon=True).start()


def release(folder: RunFolder) -> None:
    """End the process that only looks at a run, if there is one, without waiting for it."""

    def wait() -> None:
        try:
            starting.release(folder)
        except UserError:
            return  # it has ended by itself

    threading.Thread(target=wait, name="release", daemon=True).start()
