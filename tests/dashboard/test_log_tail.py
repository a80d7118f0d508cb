"""The log pane while it is read: what is read stays, and at its end what comes is followed."""

from pathlib import Path

import pytest
from textual.app import App, ComposeResult

from gan_tui.dashboard.widgets.log_tail import MOST_LINES, LogTail, gone, tail
from gan_tui.run.folder import RunFolder
from on_screen import soon


class Reads(App[None]):
    def __init__(self, folder: RunFolder) -> None:
        super().__init__()
        self.pane = LogTail(folder)

    def compose(self) -> ComposeResult:
        yield self.pane

    def first(self) -> str:
        """The number of the first line on the screen that begins with one."""
        rows = ["".join(segment.text for segment in strip) for strip in self.screen._compositor.render_strips()]
        return next(row.split()[0] for row in rows if row.strip()[:1].isdecimal())


def printed(folder: RunFolder, numbers: range) -> None:
    with folder.trainer_log.open("a") as log:
        log.writelines(f"{number:05} {'word ' * 40}\n" for number in numbers)


@pytest.mark.slow
async def test_what_is_read_stays_when_old_lines_fall_out_and_the_end_is_followed(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    printed(folder, range(MOST_LINES))
    app = Reads(folder)
    async with app.run_test(size=(60, 20)) as pilot:
        pane = app.pane
        await soon(lambda: pane.max_scroll_y > 3 * MOST_LINES)
        pane.scroll_to(y=pane.max_scroll_y // 2, animate=False)
        await soon(lambda: app.first() > "00050")
        first = app.first()
        printed(folder, range(MOST_LINES, MOST_LINES + 30))
        await soon(lambda: "00229" in str(pane.query_one("Static").render()))
        await pilot.pause()
        assert app.first() == first
        pane.scroll_end(animate=False)
        await pilot.pause()
        printed(folder, range(MOST_LINES + 30, MOST_LINES + 31))
        await soon(lambda: "00230" in str(pane.query_one("Static").render()))
        await pilot.pause()
        assert pane.scroll_offset.y == pane.max_scroll_y


def test_lines_that_fell_out_are_counted_though_one_was_cut_and_one_has_grown() -> None:
    assert gone([], ["a"]) == 0
    assert gone(["a", "b", "c"], ["a", "b", "c", "d"]) == 0
    assert gone(["a", "b", "c", "d", "10 %"], ["d cut"[2:], "d", "90 %", "e"]) == 2
    assert gone(["a", "b", "c"], ["x", "y", "z"]) <= 3


def test_columns_and_what_is_set_in_stand_as_they_were_printed(tmp_path: Path) -> None:
    log = tmp_path / "trainer.log"
    log.write_text("step\tloss\n100\t0.5\nTraceback:\n  File x\n    loss  =  0\n")
    assert tail(log) == ["step    loss", "100     0.5", "Traceback:", "  File x", "    loss  =  0"]
