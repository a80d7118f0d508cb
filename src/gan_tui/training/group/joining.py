"""TensorFlow puts the workers of a group together, while the other threads of this process go on.

What it calls for that waits for all of them and holds Python's lock meanwhile: nobody else in this process could name
who does not come, or obey a stop. So the same function of its C API is called without the lock; where a TensorFlow has
it no more, all is as it was.
"""

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import tensorflow as tf

_ENABLE = "TFE_EnableCollectiveOps"
_LIBRARY = "libtensorflow_cc.*"


@contextmanager
def unlocked() -> Iterator[None]:
    """A strategy that is made meanwhile waits for its workers without Python's lock."""
    try:
        from tensorflow.python import pywrap_tfe
        from tensorflow.python.framework.errors_impl import exception_type_from_error_code as kind_of

        plain, ours = getattr(pywrap_tfe, _ENABLE), _enabling(kind_of)
    except (ImportError, AttributeError, OSError, StopIteration):
        yield
        return
    setattr(pywrap_tfe, _ENABLE, ours)
    try:
        yield
    finally:
        setattr(pywrap_tfe, _ENABLE, plain)


def _enabling(kind_of: Callable[[int], type[tf.errors.OpError]]) -> Callable[[Any, bytes], None]:
    """What takes a context and who belongs to the group; `kind_of` gives errors by their codes.

    Raises where this TensorFlow has no such function.
    """
    library = ctypes.CDLL(str(next(Path(tf.sysconfig.get_lib()).glob(_LIBRARY))))  # which lets go of the lock
    enable, pointer = library[_ENABLE], ctypes.pythonapi.PyCapsule_GetPointer
    enable.argtypes, enable.restype = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_void_p), None
    pointer.argtypes, pointer.restype = (ctypes.py_object, ctypes.c_char_p), ctypes.c_void_p
    library.TF_NewStatus.restype = ctypes.c_void_p
    library.TF_GetCode.argtypes = library.TF_Message.argtypes = library.TF_DeleteStatus.argtypes = (ctypes.c_void_p,)
    library.TF_Message.restype = ctypes.c_char_p
    library.TF_DeleteStatus.restype = None

    def enabled(context: Any, server: bytes) -> None:
        status = library.TF_NewStatus()
        try:
            enable(pointer(context, None), server, len(server), status)
            if code := library.TF_GetCode(status):
                words = library.TF_Message(status).decode(errors="replace")
                raise kind_of(code)(None, None, words)
        finally:
            library.TF_DeleteStatus(status)

    return enabled
