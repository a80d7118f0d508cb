"""A copy of a preset in the person's editor, from the key to what becomes of it."""

import time
from pathlib import Path

from textual.screen import Screen

from gan_tui.dashboard.screens import check
from gan_tui.dashboard.terminal.app import TerminalApp
from gan_tui.errors import UserError, told
from gan_tui.presets import Preset
from gan_tui.presets.drafts import Draft
from gan_tui.system import editor
from gan_tui.text import shown_path


async def edited(asking: Screen[None], preset: Preset, original: Path) -> str:
    """Have a copy of a preset edited until it is kept, left or thrown away; returns the name of one that was kept, or
    nothing. Awaited in a worker. Raises UserError.
    """
    editor.command(original)  # who has no editor needs no draft
    draft = Draft(preset, original)
    if draft.was_left:
        asking.notify("This is the draft that you left.")
    while True:
        try:
            ended, seconds = await _opened(asking.app, draft.path)
        except UserError:
            if draft.is_unchanged:
                draft.discard()
            raise
        if draft.is_unchanged:
            draft.discard()
            asking.notify(_unchanged(ended, seconds), markup=False)
            return ""
        answer = await check.CheckScreen(draft, draft.checked(), ended).answer(asking)
        if answer == check.EDIT:
            continue
        if answer is None or answer == check.LEAVE:
            asking.notify(f"The draft lies in {shown_path(draft.path)}; E opens it again.", markup=False)
        return answer.removeprefix(check.KEPT) if answer and answer.startswith(check.KEPT) else ""


async def _opened(app: object, path: Path) -> tuple[str, float]:
    """(how the editor ended where that was not as it should be, the seconds that it took). Raises UserError."""
    assert isinstance(app, TerminalApp)
    command, begun = editor.command(path), time.monotonic()
    try:
        status = await app.run_in_terminal(command)
    except OSError as error:
        raise UserError(f"The editor {command[0]} cannot be started: {told(error, 'set EDITOR to another')}.") from None
    return editor.ended(status), time.monotonic() - begun


def _unchanged(ended: str, seconds: float) -> str:
    if ended:
        return f"{ended[:1].upper()}{ended[1:]} and changed nothing, so no copy is kept."
    if seconds < editor.QUICK_SECONDS:
        return (
            "Nothing was changed, so no copy is kept. An editor with a window of its own must wait: code --wait, say."
        )
    return "Nothing was changed, so no copy is kept."
