"""Numbers and arrays of torch and JAX, as scripts hand them over; no random number of theirs is drawn for it."""

from pathlib import Path

import pytest

import frameworks
from gan_tui.run import pictures
from gan_tui.run.folder import RunFolder
from scripts import whole

pytestmark = pytest.mark.slow

TORCH = """
import json, torch, gan_tui
torch.manual_seed(1)
before = torch.get_rng_state()
run = gan_tui.Run("night")
total, net = torch.zeros(()), torch.nn.Linear(2, 1)
before = torch.get_rng_state()
for step in run.steps(5):
    total += 1  # in place, as sums are kept
    loss = net(torch.ones(1, 2)).sum() * 0 + step
    run.log(total=total, loss=loss, one=torch.ones(1) * step, half=torch.tensor(step / 2, dtype=torch.bfloat16),
            truth=torch.tensor(True), many=torch.ones(3))
    run.image("wall", torch.full((4, 3, 8, 8), float(step)), low=0, high=10)
    run.image("half", torch.full((4, 1, 8, 8), 1.0, dtype=torch.bfloat16), low=0, high=1)
    run.histogram("kernel", net.weight)
path = str(run.path)
run.close()
print(json.dumps({"path": path, "same": bool((before == torch.get_rng_state()).all()),
                  "grads": loss.requires_grad, "std": float(net.weight.detach().double().std(correction=0))}))
"""

JAX = """
import json, jax, jax.numpy as jnp, gan_tui
run = gan_tui.Run("night")
for step in run.steps(5):
    run.log(total=jnp.float32(step), loss=jnp.asarray([1.0 * step]), half=jnp.bfloat16(step / 2), truth=jnp.bool_(True),
            many=jnp.ones(3))
    run.image("wall", jnp.full((4, 8, 8, 3), float(step)), low=0, high=10)
    run.image("half", jnp.full((4, 8, 8), 1.0, jnp.bfloat16), low=0, high=1)
    run.histogram("kernel", jnp.arange(10.0))
path = str(run.path)
run.close()
print(json.dumps({"path": path, "same": True, "std": float(jnp.arange(10.0).std())}))
"""


@pytest.mark.parametrize(("module", "script"), [("torch", TORCH), ("jax", JAX)])
def test_tensors_are_the_numbers_that_they_were(module: str, script: str, tmp_path: Path) -> None:
    python = frameworks.python_with(module)
    told = frameworks.told(python, "-c", script, GAN_TUI_RUNS=str(tmp_path / "runs"))
    folder = RunFolder(Path(told["path"]))
    state = whole(folder)
    values = {name: series.values.tolist() for name, series in state.series.items()}
    assert values["total"] == values["loss"] == [1, 2, 3, 4, 5]
    assert (values["half"], values["truth"]) == ([0.5, 1, 1.5, 2, 2.5], [1] * 5)
    assert [alert.text[:47] for alert in state.alerts] == ["The metric many has 3 values at a step, and one"]
    wall, half = (pictures.read(folder, state.pictures[tag][-1]) for tag in ("wall", "half"))
    assert (wall.levels.shape, half.levels.shape) == ((4, 8, 8, 3), (4, 8, 8, 1))
    assert (round(float(wall.numbers.mean()), 1), half.levels.min()) == (5, 255)
    assert state.weights is not None
    assert state.weights[1].layers["kernel"]["std"] == pytest.approx(told["std"], rel=1e-5)
    assert told["same"]
