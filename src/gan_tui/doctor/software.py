"""Versions and devices, without loading TensorFlow into this process."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from gan_tui.doctor.findings import Finding
from gan_tui.system import gpu, machine
from gan_tui.system.gpu import GpuUse
from gan_tui.text import harmless, size

PACKAGES = ("gan-tui", "textual", "keras", "tensorflow", "numpy")
LEAST_KERAS = (3, 15, 1)
"""The first release whose loaders refuse to run foreign code."""
SECONDS = 120.0
"""TensorFlow loads within seconds, even on a machine that has much else to do."""
_LITTLE_ROOM = 1e9
"""Bytes: less than CUDA's libraries and a small network take."""

_ASK = """
import json, os
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
from gan_tui.training import environment
environment.prepare()
import tensorflow
names = [tensorflow.config.experimental.get_device_details(gpu).get("device_name", gpu.name)
         for gpu in tensorflow.config.list_physical_devices("GPU")]
print()
print("GPUs:", json.dumps(names))
"""
"""Asks with what a run is prepared with, in a process of its own: this room does not import `training`."""
ASK_TENSORFLOW = (sys.executable, "-P", "-c", _ASK)


def versions(find: Callable[[str], str] = version) -> list[Finding]:
    """Python's version, and that of each package that matters."""
    return [Finding("python", ".".join(map(str, sys.version_info[:3]))), *(_package(name, find) for name in PACKAGES)]


def _package(name: str, find: Callable[[str], str]) -> Finding:
    try:
        found = find(name)
    except PackageNotFoundError:
        return Finding(name, "is not installed", "broken", f"{sys.executable} -m pip install {name}")
    numbers = tuple(int(part) for part in found.split(".")[:3] if part.isdigit())
    if name == "keras" and numbers < LEAST_KERAS:
        text = f"{found}: before 3.15.1, loading an untrusted .keras file may run code"
        return Finding(name, text, "attention", f"{sys.executable} -m pip install 'keras>=3.15.1'")
    return Finding(name, found)


def devices(command: Sequence[str] = ASK_TENSORFLOW, seconds: float = SECONDS, root: Path = Path("/")) -> Finding:
    """What TensorFlow would compute on, asked in a process of its own."""
    try:
        asked = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=seconds)
        names = json.loads(asked.stdout.rpartition("\nGPUs: ")[2].partition("\n")[0])  # others may print, too
    except subprocess.TimeoutExpired:
        return Finding("devices", f"TensorFlow did not load within {seconds:g} s", "attention", "gan-tui doctor")
    except ValueError:
        return _failed(asked)
    if names:
        return gpus(names, gpu.uses())
    processors = f"CPU: {machine.cores(root)}"
    if any((root / "dev").glob("nvidia[0-9]*")):
        text = f"{processors}; there is an NVIDIA GPU that TensorFlow cannot use"
        return Finding("devices", text, "attention", f"{sys.executable} -m pip install 'tensorflow[and-cuda]'")
    return Finding("devices", f"{processors}, no GPU")


def gpus(names: Sequence[str], uses: Sequence[GpuUse]) -> Finding:
    """Those that TensorFlow would compute on, and how full they are, if the driver says so."""
    shown = [f"GPU: {harmless(str(name), 60)}" for name in names]
    if len(uses) == len(names):
        shown = [
            f"{name}, {size(use.used)} of {size(use.memory)} in use" for name, use in zip(shown, uses, strict=True)
        ]
    text = "; ".join(shown)
    if any(use.memory - use.used < _LITTLE_ROOM for use in uses):
        return Finding("devices", f"{text}: other programs leave a run too little memory", "attention", "nvidia-smi")
    return Finding("devices", text)


def _failed(asked: "subprocess.CompletedProcess[str]") -> Finding:
    if asked.returncode == -signal.SIGILL:
        text = "TensorFlow does not load: it uses instructions that this processor lacks, such as AVX"
        return Finding("devices", text, "broken", "lscpu")
    lines = asked.stderr.strip().splitlines()
    reason = harmless(lines[-1], 200) if lines else f"exit code {asked.returncode}"
    remedy = f"{sys.executable} -m pip install --force-reinstall tensorflow"
    return Finding("devices", f"TensorFlow does not load: {reason}", "broken", remedy)
