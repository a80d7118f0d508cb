"""A group of workers on a run's screen: a line of it always, and a pane with a row for each."""

import re
from pathlib import Path

import pytest
from textual.pilot import Pilot

from gan_tui.dashboard.app import GanTui
from gan_tui.dashboard.workers_table import laid_out
from gan_tui.run.events import NETWORK, Alert, Group, State
from gan_tui.run.group import worker_of
from on_screen import LOW, WIDE, cells_at, press, running, screen_text, seen, shown, soon, words_of
from recorded import append, held, metrics, recorded_run
from recorded_groups import worker_row

SIZES = pytest.mark.parametrize("size", [LOW, WIDE])


def pane(pilot: Pilot) -> str:
    return cells_at(pilot, pilot.app.screen.query_one("WorkersPane").region).text()


@SIZES
async def test_a_group_is_in_the_head_and_a_key_shows_a_row_for_each_worker(runs: Path, size: tuple[int, int]) -> None:
    folder = recorded_run(runs, steps=20, state="training")
    append(folder, Group([worker_row(0), worker_row(1)]))
    with held(folder):
        async with running(GanTui(runs, folder), size) as pilot:
            await shown(pilot, 20)
            append(folder, metrics("gan", 21, 40))
            await seen(pilot, r"2 workers · [\d,.]+ examples/s · ≤ 1[01] % reducing")
            await seen(pilot, "4 Workers")
            press(pilot, "4")
            await seen(pilot, r"worker +host +CPU")
            text = pane(pilot)
    assert re.search(r"^ *0 +box0 +90 % .*10 %", text, re.MULTILINE)
    assert re.search(r"^ *1 +box1 +91 % .*11 %", text, re.MULTILINE)


async def test_one_process_alone_has_no_such_key(runs: Path) -> None:
    folder = recorded_run(runs)
    async with running(GanTui(runs, folder), WIDE) as pilot:
        await shown(pilot)
        press(pilot, "4")
        text = await seen(pilot, "4 does nothing now: one process takes the steps of this run")
    assert text


@SIZES
async def test_who_is_lost_comes_first_with_what_to_do(runs: Path, size: tuple[int, int]) -> None:
    rows = [worker_row(number) for number in range(64)]
    rows[40] |= {"state": "lost", "reason": "no word for 12 s"}
    rows[50] |= {"state": "missing"}
    folder = recorded_run(runs, steps=20, state="training")
    append(folder, Group(rows))
    with held(folder):
        async with running(GanTui(runs, folder), size) as pilot:
            await shown(pilot, 20)
            await seen(pilot, "1 lost, 1 missing of 64 workers")
            press(pilot, "4", "f")
            await seen(pilot, r"40 +box40 +lost")
            lines = pane(pilot).split("\n")
            assert "Worker 40 on box40 is lost (no word for 12 s)" in " ".join(" ".join(lines).split())
            first = next(row for row, line in enumerate(lines) if re.search(r"\bworker +host", line))
            assert "box40" in lines[first + 1] and "box50" in lines[first + 2]
            for _ in range(6):
                press(pilot, "pagedown")
            await seen(pilot, r"box63")


def test_many_workers_stand_beside_each_other_and_few_have_every_column() -> None:
    many = [worker_of(worker_row(number)) for number in range(64)]
    table = laid_out(many, 116, 25)
    assert table.beside * 25 >= 64 and table.head.split() == ["worker", "host", "CPU", "reducing"]
    few = laid_out(many[:2], 60, 20)
    assert few.head.split() == ["worker", "host", "CPU", "memory", "reducing", "device"]
    narrow = laid_out(many, 30, 20)
    assert max(map(len, (narrow.head, *narrow.rows))) <= 30 and "reducing" in narrow.head


async def test_a_new_start_waits_for_its_workers_in_the_pane(runs: Path) -> None:
    folder = recorded_run(runs, steps=20, state="training")
    append(folder, Group([worker_row(0), worker_row(1)]))
    with held(folder):
        async with running(GanTui(runs, folder), WIDE) as pilot:
            await shown(pilot, 20)
            press(pilot, "4")
            await seen(pilot, "box1")
            append(folder, State("failed", "worker 1 was lost"), State("starting", "Starting the trainer"))
            await seen(pilot, "Nobody has told of the workers yet")
            append(folder, Group([worker_row(0), worker_row(1, state="waiting")]))
            await seen(pilot, r"box1 +waiting")


@SIZES
async def test_what_is_so_as_long_as_a_group_trains_takes_no_lines_of_its_screen(
    runs: Path, size: tuple[int, int]
) -> None:
    """The log has the sentence; the head says it in a few words, where there is room."""
    folder = recorded_run(runs, steps=20, state="training")
    append(folder, Alert(NETWORK, "Servers ask nobody who they are.", 20), Group([worker_row(0), worker_row(1)]))
    with held(folder):
        async with running(GanTui(runs, folder), size) as pilot:
            screen = await shown(pilot, 20)
            await seen(pilot, "2 workers")
            assert not screen.query_one("Notice").display
            first = screen_text(pilot).split("\n")[0]
            assert "open to its network" in first and ("GAN: digits" in first or "…" in first)
            append(folder, Alert("group", "GAN is too small to gain from 2 workers.", 20))
            await soon(lambda: "too small to gain" in words_of(pilot, "Notice"))
            press(pilot, "3")
            await soon(lambda: "Servers ask nobody who they are." in words_of(pilot, "LogTail"))
