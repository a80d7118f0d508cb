"""What a fit of Keras pays for being watched, on each of its backends."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from measuring import Figure

ROOT = Path(__file__).parent.parent
FITS = Path(__file__).parent / "peers" / "fits.py"
FRAMEWORKS = Path(os.environ.get("GAN_TUI_FRAMEWORKS", ROOT / ".venv-frameworks" / "bin" / "python"))
BACKENDS = {"tensorflow": Path(sys.executable), "jax": FRAMEWORKS, "torch": FRAMEWORKS}
MODELS = {"mlp": "an MLP", "cnn": "`fashion-cnn`"}
GOALS = {"numbers": ("numbers alone", "≤ 1"), "all": ("all that can be drawn", "≤ 2")}


def watched() -> Iterator[Figure]:
    """A fit with `gan_tui.Watch` against one with a callback that does nothing, in turn: processor time."""
    for backend, python in BACKENDS.items():
        for model, words in MODELS.items():
            rounds = _rounds(python, backend, model)
            for kind, (what, goal) in GOALS.items() if rounds else ():
                more = [100 * (each[kind] / each["nothing"] - 1) for each in rounds]
                step = f"{median(each['nothing'] for each in rounds):.2g} ms a step without"
                yield Figure(f"`Watch` on {words}, {backend}: {what}", goal, more, "%", step)
                own = [100 * (each[f"{kind}, own"] - each["nothing, own"]) / each[kind] for each in rounds]
                yield Figure("  of that within its own calls", goal, own, "%")


def _rounds(python: Path, backend: str, model: str) -> list[dict[str, float]]:
    """Nothing where the backend is not installed: make frameworks."""
    if not python.exists():
        return []
    paths = os.pathsep.join([str(ROOT / "src"), *filter(None, [os.environ.get("PYTHONPATH")])])
    ended = subprocess.run(
        [python, str(FITS), model], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env={**os.environ, "KERAS_BACKEND": backend, "PYTHONPATH": paths},
    )  # fmt: skip
    return [json.loads(line) for line in ended.stdout.splitlines()] if ended.returncode == 0 else []
