"""A run's summary and a resume, where the events they look for lie far from the ends of the log."""

from pathlib import Path

from gan_tui import presets
from gan_tui.presets import layer_table
from gan_tui.run.event_log import read_head
from gan_tui.run.events import Event, Metrics, Prediction, Setting, Started, State
from gan_tui.run.folder import RunFolder
from gan_tui.run.summaries import summary_of


def run_with(runs: Path, *events: Event) -> RunFolder:
    folder = presets.new_run(presets.find("xor"), runs)
    log = folder.writer()
    log.write(*events)
    log.close()
    return folder


def started(points: int) -> Started:
    preset = presets.find("xor")
    networks = {network.name: layer_table.layer_rows(network) for network in preset.networks}
    dataset = {"name": "points", "origin": "a file", "train": points, "validation": 0}
    dataset["points"] = [[0.123456789012, 0.987654321098, 1] for _ in range(points)]
    return Started("xor", "XOR", "plane", 1, networks, dataset, ["CPU"], {}, 400, 1, points)


def test_a_start_with_thousands_of_points_is_found_at_the_head_of_a_log(runs: Path) -> None:
    folder = run_with(runs, State("starting"), started(10_000), Metrics([1, 2], {"loss": [1.0, 0.5]}))
    assert read_head(folder.events_file, Started)
    found = summary_of(folder)
    assert (found.preset, found.steps_total, found.step) == ("xor", 400, 2)


def test_a_finished_run_stays_finished_however_often_it_was_asked(runs: Path) -> None:
    asked = [
        event
        for image in range(2000)
        for event in (Setting("image", image, 400), Prediction(400, image, 3, [0.1] * 10))
    ]
    folder = run_with(
        runs, started(4), Metrics([399, 400], {"loss": [1.0, 0.5]}), State("finished", "all steps are done"), *asked
    )
    assert folder.events_file.stat().st_size > 1 << 18
    found = summary_of(folder)
    assert (found.state, found.step) == ("finished", 400)
