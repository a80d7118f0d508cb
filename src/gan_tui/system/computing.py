"""What the last bits of numbers depend on that this machine computes, as far as it is known without TensorFlow."""

import os

from gan_tui.system import machine


def computing() -> dict[str, str]:
    """By name, in words."""
    on = os.environ.get("TF_ENABLE_ONEDNN_OPTS", "1").lower() not in ("0", "false")
    return {
        "processor": machine.processor(),
        "threads": os.environ.get("TF_NUM_INTRAOP_THREADS") or str(machine.processors()),
        "oneDNN": "on" if on else "off",
    }
