"""What is exported as CSV, as pandas reads it: the same numbers, to the last bit of single precision."""

import io
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from files import old_run
from gan_tui import presets
from gan_tui.integrations.export import csv_table
from gan_tui.integrations.export.whole_run import WholeRun
from gan_tui.run.events import Epoch, Metrics, State
from gan_tui.run.folder import RunFolder
from recorded import append, started
from shell import said

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def pandas() -> ModuleType:
    return pytest.importorskip("pandas", reason="it needs pandas: pip install pandas")


def begun(runs: Path, *events: object) -> RunFolder:
    preset = presets.find("xor")
    folder = presets.new_run(preset, runs, "own")
    append(folder, State("starting"), started(preset), State("training"), *events)
    return folder


@pytest.mark.parametrize("name", ["xor", "flag", "shapes", "tape", "pair"])
def test_every_number_of_an_old_run(name: str, runs: Path, tmp_path: Path, capsys: Capture, pandas: ModuleType) -> None:
    run = WholeRun.read(old_run("finished", name, runs))
    file = tmp_path / "all.csv"
    assert said(capsys, "export", name, "--csv", str(file)) == (0, f"{file}\n", "")
    table = pandas.read_csv(file).set_index("step")
    assert list(table.columns) == [metric for metric, series in run.state.series.items() if series.length]
    for metric, series in run.state.series.items():
        found = table[metric].loc[series.steps].to_numpy(np.float32)
        assert np.array_equal(found, series.values, equal_nan=True)
        assert table[metric].notna().sum() == np.isfinite(series.values).sum()


def test_random_numbers_of_every_size(runs: Path, capsys: Capture, pandas: ModuleType) -> None:
    drawn = np.random.default_rng(1)
    values = (drawn.normal(size=20_000) * 10.0 ** drawn.integers(-44, 38, 20_000)).astype(np.float32)
    begun(runs, Metrics(list(range(1, 20_001)), {"a, name": values.tolist()}), Epoch(1, 777, {"val_loss": 1 / 3}))
    code, out, err = said(capsys, "export", "own", "--csv", "-")
    assert (code, err) == (0, "")
    table = pandas.read_csv(io.StringIO(out))
    assert np.array_equal(table["a, name"].to_numpy(np.float32), values)
    assert table.loc[table["step"] == 777, "val_loss"].to_numpy(np.float32) == np.float32(1 / 3)


def test_a_step_that_was_logged_twice_moves_no_number_to_another_step(runs: Path, capsys: Capture) -> None:
    begun(runs, *(Metrics([step], {"a": [value]}) for step, value in ((1, 1.0), (1, 2.0), (3, 3.0))),
          Metrics([1, 2, 3], {"b": [1.0, 2.0, 3.0]}))  # fmt: skip
    assert said(capsys, "export", "own", "--csv", "-")[1] == "step,a,b\n1,2.0,1.0\n2,,2.0\n3,3.0,3.0\n"


def test_the_same_table_as_metrics_prints(runs: Path, capsys: Capture) -> None:
    old_run("finished", "shapes", runs)
    assert said(capsys, "export", "shapes", "--csv", "-") == said(capsys, "metrics", "shapes", "--csv")


def test_a_long_run_in_blocks_that_fit_together(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_table, "BLOCK", 7)
    folder = begun(runs, Metrics(list(range(1, 101)), {"loss": list(range(100))}), Epoch(1, 50, {"val_loss": 2.0}))
    out = io.StringIO()
    csv_table.write(out, WholeRun.read(folder).state.series)
    rows = out.getvalue().splitlines()
    assert rows[0] == "step,loss,val_loss"
    assert [row.split(",")[0] for row in rows[1:]] == [str(step) for step in range(1, 101)]
    assert rows[50] == "50,49.0,2.0"


def test_a_name_that_a_spreadsheet_would_compute_is_words_to_it(runs: Path, tmp_path: Path) -> None:
    run = WholeRun.read(begun(runs, Metrics([1], {"loss": [0.5], '=HYPERLINK("x")': [0.5], "@sum": [-1.0]})))
    out = io.StringIO()
    csv_table.write(out, run.state.series)
    assert out.getvalue().splitlines() == ['step,loss,"\'=HYPERLINK(""x"")",\'@sum', "1,0.5,0.5,-1.0"]
