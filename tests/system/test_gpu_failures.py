"""A graphics processor that is full, lost, taken or not the driver's match, told by the words that people have met."""

import pytest

from gan_tui.supervision import exit_reasons
from gan_tui.system import gpu_failures
from gan_tui.training.failures import in_words

OOM = """OOM when allocating tensor with shape[128,64,256,256] and type float on \
/job:localhost/replica:0/task:0/device:GPU:0 by allocator GPU_0_bfc [Op:Conv2D]"""
LOST = """2026-01-02 10:00:00.1: E external/local_xla/xla/stream_executor/cuda/cuda_event.cc:44] Error polling for \
event status: failed to query event: CUDA_ERROR_LAUNCH_FAILED: unspecified launch failure
2026-01-02 10:00:00.2: F tensorflow/core/common_runtime/device/device_event_mgr.cc:226] Unexpected Event status: 1
Fatal Python error: Aborted
"""
FULL = (
    "the GPU's memory is full; end other programs on it (nvidia-smi lists them), "
    "or start a run with a smaller batch_size"
)


FULL_BEGINS, LOST_BEGINS, NO_MATCH = (
    FULL[:30],
    "the GPU stopped working (",
    "TensorFlow and the GPU's driver do not match (",
)


@pytest.mark.parametrize(
    ("words", "begins"),
    [
        (OOM, FULL_BEGINS),
        ("failed to allocate 1.97G from device: CUDA_ERROR_OUT_OF_MEMORY: out of memory", FULL_BEGINS),
        ("failed to create cublas handle: CUBLAS_STATUS_NOT_INITIALIZED", FULL_BEGINS),
        ("DNN library initialization failed. Look at the errors above for more details.", FULL_BEGINS),
        (LOST, LOST_BEGINS + "CUDA_ERROR_LAUNCH_FAILED);"),
        ("CUDA_ERROR_OUT_OF_MEMORY\nUnable to determine the device handle: GPU is lost", LOST_BEGINS + "GPU is lost);"),
        ("CUDA_ERROR_DEVICE_UNAVAILABLE: device(s) is/are busy or unavailable", "the GPU is taken by another program"),
        ("CUDA driver version is insufficient for CUDA runtime version", NO_MATCH),
        ("libdevice not found at ./libdevice.10.bc", NO_MATCH + "libdevice not found);"),
    ],
)
def test_cuda_s_words_are_explained(words: str, begins: str) -> None:
    explained = gpu_failures.explained(words)
    assert explained is not None and explained.startswith(begins)
    assert not explained.endswith(".")


@pytest.mark.parametrize(
    "words",
    [
        "",
        "OOM when allocating tensor with shape[9] on /job:localhost/replica:0/task:0/device:CPU:0 by allocator cpu",
        "Could not find cuda drivers on your machine, GPU will not be used.",
        "failed call to cuInit: UNKNOWN ERROR (303)",
    ],
)
def test_words_of_machines_without_one_say_nothing_of_it(words: str) -> None:
    assert gpu_failures.explained(words) is None


def test_a_run_says_so_whether_its_trainer_raises_or_dies() -> None:
    class ResourceExhaustedError(Exception):
        """As TensorFlow's."""

    assert in_words(ResourceExhaustedError(OOM)) == FULL
    assert exit_reasons.explained(-6, LOST, None).startswith("The trainer crashed (SIGABRT): the GPU stopped working (")
