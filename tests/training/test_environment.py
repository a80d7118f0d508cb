"""What a run's numbers depend on is set by the run, not by whoever else uses Keras on the machine."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from training_tasks import small_cnn, task_of

TRAINS = """
import gc
import sys
from pathlib import Path
from gan_tui.training import environment
environment.prepare()
sys.path[:0] = sys.argv[3:]
from training_tasks import small_cnn, task_of
from gan_tui.data.sources import caches
task = task_of(small_cnn(Path(sys.argv[1])))
values = task.steps.run(3).tolist()
print(gc.isenabled(), [name for name in sys.argv[2].split(",") if name in sys.modules])
import tensorflow as tf
print(tf.compat.v1.placeholder.__name__, tf.linalg.LinearOperatorDiag([2.0]).matvec([3.0]).numpy())
print(caches())
print(task.networks[0].count_params(), values)
"""
NOT_NEEDED = ("tensorflow.lite.python.lite", "tensorflow.python.feature_column.feature_column_v2")


@pytest.mark.prove
def test_a_persons_own_keras_settings_change_nothing_and_only_what_is_needed_loads(
    few_images: Path, tmp_path: Path
) -> None:
    strange = {"floatx": "bfloat16", "epsilon": 1e-2, "image_data_format": "channels_first", "backend": "theano"}
    (tmp_path / "keras.json").write_text(json.dumps(strange))
    variables = {"KERAS_HOME": str(tmp_path), "KERAS_MAX_EPOCHS": "few", "KERAS_NNX_ENABLED": "1"}
    ended = subprocess.run(
        [sys.executable, "-c", TRAINS, str(few_images), ",".join(NOT_NEEDED), *sys.path],
        env={**os.environ, **variables}, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr[-2000:]
    preset = small_cnn(few_images)
    parameters = sum(row.parameters for row in preset.networks[0].rows)
    loaded, later, cache, trained = ended.stdout.splitlines()[-4:]
    assert trained == f"{parameters} {task_of(preset).steps.run(3).tolist()}"
    assert cache == str(tmp_path / "datasets"), "data sets are where they are"
    assert (loaded, later) == ("True []", "placeholder [6.]"), "the rest is there once it is looked into"
