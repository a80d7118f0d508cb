"""The examples, each run as it stands, where its framework can be had: what it prints, and the run that it makes."""

import ast
import re
from pathlib import Path

import pytest

from frameworks import ROOT, python_with, ran
from gan_tui.run.folder import RunFolder
from gan_tui.run.state import RunState
from product import state_of

EXAMPLES = ROOT / "examples"
SLOW, AT_LENGTH = [pytest.mark.slow], [pytest.mark.slow, pytest.mark.prove]


def made(runs: Path, python: str, name: str, *arguments: str, **environment: str) -> tuple[RunState, str]:
    """The run that an example made, and what it printed."""
    printed = ran(python, *arguments[:-1], str(EXAMPLES / name), *arguments[-1:], GAN_TUI_RUNS=str(runs), **environment)
    (folder,) = runs.iterdir()
    return state_of(RunFolder(folder)), printed


@pytest.mark.parametrize(
    "backend",
    [
        pytest.param("tensorflow", marks=AT_LENGTH), pytest.param("jax", marks=AT_LENGTH),
        pytest.param("torch", marks=AT_LENGTH),
    ],
)  # fmt: skip
def test_a_fit_of_keras(backend: str, tmp_path: Path) -> None:
    python = python_with(*([backend] if backend == "tensorflow" else [backend, "keras", "sklearn"]))
    state, printed = made(tmp_path / "runs", python, "keras_fit.py", "3", KERAS_BACKEND=backend)
    assert (state.state, state.step, state.epoch) == ("finished", 3 * 47, 3)
    assert state.series["val_accuracy"].values[-1] == pytest.approx(float(printed.split()[-1]), abs=6e-4)
    assert state.confusion and sum(map(sum, state.confusion.counts)) == 297 and not state.alerts


@pytest.mark.slow
@pytest.mark.prove
def test_a_train_step_of_its_own(tmp_path: Path) -> None:
    state, printed = made(tmp_path / "runs", python_with("tensorflow"), "keras_gan_train_step.py", "2")
    assert (state.state, state.step, not state.alerts) == ("finished", 2 * 29, True)
    assert state.started and list(state.started.networks) == ["generator", "discriminator"]
    assert list(state.started.settable) == ["d_optimizer_learning_rate", "g_optimizer_learning_rate"]
    assert state.pictures["samples"][-1].count == 100 and len(state.series["g_loss"].values) == 58
    assert state.last_epoch and state.last_epoch.values["g_loss"] == pytest.approx(float(printed.split()[-1]), abs=6e-4)


@pytest.mark.prove
@pytest.mark.parametrize(
    ("name", "modules", "argument", "steps"),
    [
        pytest.param("custom_loop.py", ("tensorflow",), "200", 200, marks=AT_LENGTH),
        pytest.param("sklearn_partial_fit.py", ("tensorflow",), "60", 60, marks=SLOW),
        pytest.param("pytorch_alone.py", ("torch", "sklearn"), "3", 87, marks=AT_LENGTH),
    ],
)  # fmt: skip
def test_a_loop_of_its_own(name: str, modules: tuple[str, ...], argument: str, steps: int, tmp_path: Path) -> None:
    state, _ = made(tmp_path / "runs", python_with(*modules), name, argument)
    assert (state.state, state.step, state.steps_total) == ("finished", steps, steps) and not state.alerts
    assert len(state.series["loss"].values) == steps
    assert state.weights or state.pictures


@pytest.mark.slow
@pytest.mark.prove
def test_of_two_ranks_the_first_writes_the_run(tmp_path: Path) -> None:
    python = python_with("torch", "sklearn")
    starter = ("-m", "torch.distributed.run", "--nproc-per-node", "2")
    state, printed = made(tmp_path / "runs", python, "two_ranks.py", *starter, "40")
    assert (state.state, state.step, len(state.series["loss"].values)) == ("finished", 40, 40)
    assert sorted(re.findall(r"rank (\d)", printed)) == ["0", "1"]


def test_the_page_shows_what_each_of_them_needs() -> None:
    page = (ROOT / "docs" / "scripts.md").read_text()
    for file in EXAMPLES.glob("*.py"):
        assert f"examples/{file.name}" in page, file.name
        source = file.read_text()
        assert ast.get_docstring(ast.parse(source)) and source.count("# gan-tui") >= 3, file.name
        for line in source.splitlines():
            if "# gan-tui" in line and "import" not in line:
                assert line.split("  # gan-tui")[0].strip() in page, f"{file.name}: {line}"
