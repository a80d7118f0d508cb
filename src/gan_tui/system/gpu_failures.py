"""What CUDA's words say of a graphics processor that is full, lost, taken, or not the driver's match.

The words are those of public reports: tensorflow/tensorflow 14231, 5235, 28254, 24496, 31917, 25866, 20356.
"""

from collections.abc import Sequence

_FULL = (
    "the GPU's memory is full; end other programs on it (nvidia-smi lists them), "
    "or start a run with a smaller batch_size"
)
_LOST = (
    "the GPU stopped working ({sign}); look at nvidia-smi and, for Xid, at dmesg; then resume from the last checkpoint"
)
_TAKEN = "the GPU is taken by another program, or set to let in only one; nvidia-smi lists them"
_NO_MATCH = (
    "TensorFlow and the GPU's driver do not match ({sign}); update the driver, or pip install 'tensorflow[and-cuda]'"
)

_MEANINGS: Sequence[tuple[str, Sequence[str]]] = (
    (_LOST, (
        "GPU is lost", "fallen off the bus", "CUDA_ERROR_LAUNCH_FAILED", "CUDA_ERROR_ILLEGAL_ADDRESS",
        "CUDA_ERROR_ILLEGAL_INSTRUCTION", "CUDA_ERROR_MISALIGNED_ADDRESS", "CUDA_ERROR_ECC_UNCORRECTABLE",
        "CUDA_ERROR_HARDWARE_STACK_ERROR", "CUDA_ERROR_LAUNCH_TIMEOUT", "CUDA_ERROR_UNKNOWN", "Unexpected Event status",
    )),
    (_FULL, (
        "CUDA_ERROR_OUT_OF_MEMORY", "by allocator GPU_", "(GPU_0_bfc) ran out of memory", "CUBLAS_STATUS_ALLOC_FAILED",
        "CUDNN_STATUS_ALLOC_FAILED", "CUBLAS_STATUS_NOT_INITIALIZED", "CUDNN_STATUS_INTERNAL_ERROR",
        "DNN library initialization failed",
    )),
    (_TAKEN, ("CUDA_ERROR_DEVICE_UNAVAILABLE",)),
    (_NO_MATCH, (
        "CUDA_ERROR_NO_BINARY_FOR_GPU", "no kernel image is available", "CUDA driver version is insufficient",
        "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH", "CUDA_ERROR_UNSUPPORTED_PTX_VERSION", "libdevice not found",
        "Can't find libdevice", "CUDNN_STATUS_VERSION_MISMATCH",
    )),
)  # fmt: skip
"""A lost one comes first: what follows may say anything. Libraries that find no memory to begin in do not say so."""


def explained(words: str) -> str | None:
    """Without a full stop; None where the words say nothing of a GPU."""
    for meaning, signs in _MEANINGS:
        for sign in signs:
            if sign in words:
                return meaning.format(sign=sign)
    return None
