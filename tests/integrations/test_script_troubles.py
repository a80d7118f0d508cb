"""What goes wrong with a script's run, and never with its training."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gan_tui
from gan_tui.run.buffered_log import BufferedLog
from gan_tui.run.folder import RunFolder
from gan_tui.run.holder import ENDED
from scripts import Script, state, until, whole


@pytest.fixture
def run() -> Iterator[gan_tui.Run]:
    run = gan_tui.Run("night")
    yield run
    run.close()


def folder_of(run: gan_tui.Run) -> RunFolder:
    assert run.path is not None
    return RunFolder(run.path)


def trained(run: gan_tui.Run, steps: int) -> int:
    """Use all that a run has; returns the last step that it gave out."""
    last = 0
    for last in run.steps(steps):
        run.log(loss=1 / last)
        run.image("wall", np.zeros((2, 2)))
        run.text("note", "all is well")
        run.histogram("kernel", np.zeros(2))
    return last


def unwritable(runs: Path) -> None:
    runs.parent.mkdir(exist_ok=True)
    runs.write_text("a file")


def without_home(runs: Path) -> None:
    for name in ("GAN_TUI_RUNS", "HOME", "XDG_DATA_HOME"):
        os.environ.pop(name, None)
    os.environ["GAN_TUI_RUNS"] = "~nobody-is-called-so/\0"


@pytest.mark.parametrize(
    ("trouble", "why"),
    [
        (unwritable, "Cannot create a run in "),
        (lambda runs: (runs.parent.mkdir(exist_ok=True), runs.symlink_to("/proc/nowhere")), "Cannot create a run in "),
    ],
)
def test_without_a_place_for_runs_the_training_goes_on_and_one_sentence_says_so(
    trouble: Any, why: str, runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trouble(runs)
    run = gan_tui.Run("night")
    assert trained(run, 5) == 5
    run.close()
    out, err = capsys.readouterr()
    assert (out, err.count("\n"), run.path) == ("", 1, None)
    assert err.startswith(f"gan-tui: this training is not recorded: {why}")


def test_without_a_place_for_its_socket_a_run_is_only_watched(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def nowhere(folder: RunFolder) -> Path:
        raise PermissionError("there is no private folder with a short name for its socket (tried /tmp); set TMPDIR")

    monkeypatch.setattr("gan_tui.run.control_server.socket_address", nowhere)
    run = gan_tui.Run("night")
    folder = folder_of(run)
    assert trained(run, 5) == 5
    run.close()
    ended = whole(folder)
    assert (ended.state, ended.step) == ("finished", 5)
    assert not any(map(ended.obeys, ("pause", "step", "save", "stop")))
    assert [alert.text for alert in ended.alerts] == [
        "This run cannot be paused or stopped from here: there is no private folder with a short name for its socket "
        "(tried /tmp); set TMPDIR; check the folder and its disk."
    ]
    assert capsys.readouterr() == ("", "")


def test_a_folder_that_is_moved_is_followed(run: gan_tui.Run, runs: Path) -> None:
    run.log(loss=0.5)
    runs.joinpath("night").rename(runs / "day")
    trained(run, 20)
    run.close()
    assert whole(RunFolder(runs / "day")).step == 20
    assert [path.name for path in runs.iterdir()] == ["day"]


def test_of_a_folder_that_is_deleted_nothing_is_made_again(
    run: gan_tui.Run, runs: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    trained(run, 3)
    shutil.rmtree(runs / "night")
    seen = 3
    deadline = time.monotonic() + 10
    for step in run.steps(1_000_000, 3):
        seen = step
        run.log(loss=1 / step)
        run.image("wall", np.zeros((2, 2)))
        if run.path is None or time.monotonic() > deadline:
            break
        time.sleep(0.01)
    assert run.path is None
    assert seen > 3
    assert not list(runs.iterdir())
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith("gan-tui: this training is not recorded any more: The run night was deleted")


def test_a_run_resumed_elsewhere_is_left_to_who_has_it(run: gan_tui.Run, capsys: pytest.CaptureFixture[str]) -> None:
    folder = folder_of(run)
    run.log(loss=0.5)
    folder.lock_file.unlink()
    until(lambda: (run.log(loss=0.5), run.path is None)[1], 5)
    assert "The file lock was deleted from night" in capsys.readouterr().err


@pytest.mark.parametrize("full", [True, False])
def test_a_full_disk_never_holds_up_the_training(full: bool, runs: Path, tmp_path: Path) -> None:
    """A disk is full from the third step on; later there is room again, or never."""
    limit = "resource.setrlimit(resource.RLIMIT_FSIZE, ({}, resource.RLIM_INFINITY))"
    script = Script(
        f"""
        import gan_tui, resource, signal, sys
        import numpy as np
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        run = gan_tui.Run("night", on_save=lambda folder: (folder / "w").write_bytes(b"x" * 100_000))
        for step in run.steps(3000):
            run.log(loss=1 / step)
            if step % 1000 == 0:
                run.image("wall", np.random.default_rng(0).normal(size=(100, 100)))
            if step == 100:
                run.text("note", "written")
                {limit.format(8192)}
            if step == 2000 and not {full}:
                run.text("note", "waits")
                print(open(f"{{run.path}}/lock").read().count("metrics are kept in memory"))
                {limit.format("resource.RLIM_INFINITY")}
        """,
        runs,
    )
    code, out, err = script.ended()
    assert (code, err) == (0, "")
    ended = whole(script.run())
    if full:
        assert ended.state == "training"
        assert script.run().standing().word == ENDED
        assert "could not be written" in script.run().trouble()
    else:
        assert out == "1\n"
        assert (ended.state, ended.step) == ("finished", 3000)
        assert ended.series["loss"].steps.tolist() == list(range(1, 3001))
        assert script.run().trouble() == ""


def test_a_disk_that_takes_nothing_for_long_costs_what_is_too_much_for_memory_alone(
    run: gan_tui.Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BufferedLog, "is_full", property(lambda log: True))
    folder = folder_of(run)
    assert trained(run, 50) == 50
    monkeypatch.undo()
    run.log(loss=0.5, step=51)
    run.close()
    ended = state(folder)
    assert (ended.state, ended.step) == ("finished", 51)
    assert ended.alerts[0].text.startswith("The disk took nothing for so long")


def test_ctrl_c_at_any_instant_damages_nothing_that_is_told(runs: Path) -> None:
    script = Script(
        """
        import gan_tui, os, signal, threading, time
        run = gan_tui.Run("night")
        begun, interrupts, may = time.monotonic(), 0, False
        def interrupted(*_):
            global may
            if may:
                may = False
                raise KeyboardInterrupt
        signal.signal(signal.SIGINT, interrupted)
        def interrupt():
            while interrupts < 50 and time.monotonic() < begun + 30:
                time.sleep(0.0007)
                os.kill(os.getpid(), signal.SIGINT)
        sending = threading.Thread(target=interrupt)
        sending.start()
        while interrupts < 50 and time.monotonic() < begun + 30:
            try:
                may = True
                run.log(loss=0.5)
                run.text("note", "written at once")
                may = False
            except KeyboardInterrupt:
                interrupts += 1
        may = False
        sending.join()
        run.close()
        print(interrupts >= 50)
        """,
        runs,
    )
    assert script.ended() == (0, "True\n", "")
    reader, numbers = script.run().reader(), list[int]()
    while records := reader.read():
        numbers += [record.seq for record in records]
    assert numbers == list(range(len(numbers)))
    steps = whole(script.run()).series["loss"].steps.tolist()
    assert steps == sorted(set(steps))


@pytest.mark.parametrize(
    "tell",
    [
        lambda run, broken: run.log(loss=broken),
        lambda run, broken: run.log({broken: 0.5}),
        lambda run, broken: run.log(broken),
        lambda run, broken: run.log(loss=0.5, step=broken),
        lambda run, broken: run.image(broken, np.zeros((2, 2))),
        lambda run, broken: run.image("wall", broken),
        lambda run, broken: run.image("wall", np.zeros((2, 2)), step=broken),
        lambda run, broken: run.image("wall", np.zeros((2, 2)), low=broken),
        lambda run, broken: run.image("wall", np.zeros((2, 2)), labels=broken),
        lambda run, broken: run.histogram("kernel", broken),
        lambda run, broken: run.histogram(broken, np.zeros(2)),
        lambda run, broken: run.text(broken, "words"),
        lambda run, broken: run.text("note", broken),
        lambda run, broken: run.text("note", "words", step=broken),
        lambda run, broken: run.alert(broken),
        lambda run, broken: run.epoch(broken, {"loss": broken}),
        lambda run, broken: run.describe(networks=broken),
        lambda run, broken: run.describe(steps_total=-1, networks={"a": [{}]}),
        lambda run, broken: run.log_many([1, 2], {"loss": broken}),
    ],
)
def test_nothing_that_is_told_ends_a_script_or_damages_its_log(run: gan_tui.Run, tell: Any) -> None:
    class Broken:
        __hash__ = None  # type: ignore[assignment]

        def __getattr__(self, name: str) -> Any:
            raise RuntimeError("broken")

        def __str__(self) -> str:
            raise RuntimeError("broken")

        __float__ = __int__ = __iter__ = __repr__ = __len__ = __str__

    folder = folder_of(run)
    for broken in (Broken(), None, -1, "x", [object()], 1e400):
        with suppress(TypeError):  # what Python itself refuses: an argument of the wrong kind
            tell(run, broken)
    run.log(loss=0.25, step=2**40)
    run.close()
    ended = whole(folder)
    assert (ended.state, ended.series["loss"].last) == ("finished", 0.25)


@pytest.mark.parametrize("settings", [{"config": {"a": object()}}, {"runs_dir": "a\0b"}, {"title": 7}, {"steps": -1}])
def test_no_setting_of_a_run_ends_a_script(settings: Any) -> None:
    run = gan_tui.Run("night", **settings)
    assert trained(run, 3) == 3
    run.close()


def test_a_loop_takes_lengths_of_other_kinds(run: gan_tui.Run) -> None:
    assert list(run.steps(np.int64(3), np.int64(1))) == [2, 3]  # type: ignore[arg-type]
    assert list(run.steps(2.0)) == [1, 2]  # type: ignore[arg-type]
