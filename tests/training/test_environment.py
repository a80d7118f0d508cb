"""What a run's numbers depend on is set by the run, not by whoever else uses Keras on the machine."""

import json
import os
import subprocess
import sys
from pathlib import Path

from gan_tui.presets import layer_table
from training_tasks import small_cnn, task_of

TRAINS = """
import sys
from pathlib import Path
from gan_tui.training import environment
environment.prepare()
sys.path[:0] = sys.argv[2:]
from training_tasks import small_cnn, task_of
task = task_of(small_cnn(Path(sys.argv[1])))
print(task.networks[0].count_params(), task.steps.run(3).tolist())
"""


def test_a_persons_own_keras_settings_change_nothing(few_images: Path, tmp_path: Path) -> None:
    strange = {"floatx": "float64", "epsilon": 1e-2, "image_data_format": "channels_first", "backend": "jax"}
    (tmp_path / "keras.json").write_text(json.dumps(strange))
    ended = subprocess.run(
        [sys.executable, "-c", TRAINS, str(few_images), *sys.path],
        env={**os.environ, "KERAS_HOME": str(tmp_path)}, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr[-2000:]
    preset = small_cnn(few_images)
    parameters = sum(row.parameters for row in preset.networks[0].rows)
    assert ended.stdout.splitlines()[-1] == f"{parameters} {task_of(preset).steps.run(3).tolist()}"
    assert layer_table.layer_rows(preset.networks[0])
