"""How busy and how full GPUs are, as NVIDIA's driver says (package nvidia-ml-py, of the extra `gpu`)."""

import os
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any


@dataclass(frozen=True)
class GpuUse:
    """What all programs together use of one."""

    used: int
    """Bytes of its memory."""
    memory: int
    """Bytes, all there are."""
    busy: float | None
    """Percent of the time; None where the driver does not say (a part of a card)."""


def uses() -> list[GpuUse]:
    """Of those that CUDA_VISIBLE_DEVICES leaves to this process, in that order.

    Empty where there is no driver, no package to ask it with, or no answer from a card that was lost.
    """
    driver = _driver()
    if driver is None:
        return []
    try:
        return [_use(driver, handle) for handle in _handles(driver)]
    except driver.NVMLError:
        return []


@cache
def _driver() -> ModuleType | None:
    try:
        import pynvml

        pynvml.nvmlInit()
    except Exception:  # noqa: BLE001 (whatever an old driver or package comes with: nobody needs it to train)
        return None
    return pynvml  # type: ignore[no-any-return]


def _handles(driver: Any) -> list[Any]:
    """Numbers count as the driver does, because CUDA_DEVICE_ORDER says so to TensorFlow, too."""
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    if visible is None:
        return [driver.nvmlDeviceGetHandleByIndex(number) for number in range(driver.nvmlDeviceGetCount())]
    names = [name.strip() for name in visible.split(",")]
    chosen = [name for name in names if name and not name.startswith("-")]
    return [
        driver.nvmlDeviceGetHandleByIndex(int(name)) if name.isdigit() else driver.nvmlDeviceGetHandleByUUID(name)
        for name in chosen
    ]


def _use(driver: Any, handle: Any) -> GpuUse:
    memory = driver.nvmlDeviceGetMemoryInfo(handle)
    try:
        busy = float(driver.nvmlDeviceGetUtilizationRates(handle).gpu)
    except driver.NVMLError:
        busy = None
    return GpuUse(int(memory.used), int(memory.total), busy)
