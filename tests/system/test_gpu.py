"""What NVIDIA's driver says of graphics processors, read through a stand-in: no card is needed to test."""

import sys
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace

import pytest

from gan_tui.system import gpu
from gan_tui.system.gpu import GpuUse

GB = 1_000_000_000


class Driver(ModuleType):
    """Two cards, of which the second tells no load."""

    class NVMLError(Exception):
        """As the package's."""

    lost = False

    def nvmlInit(self) -> None:  # noqa: N802
        pass

    def nvmlDeviceGetCount(self) -> int:  # noqa: N802
        return 2

    def nvmlDeviceGetHandleByIndex(self, number: int) -> int:  # noqa: N802
        return number

    def nvmlDeviceGetHandleByUUID(self, name: str) -> int:  # noqa: N802
        return {"GPU-a": 0, "GPU-b": 1}[name]

    def nvmlDeviceGetMemoryInfo(self, handle: int) -> SimpleNamespace:  # noqa: N802
        if self.lost:
            raise self.NVMLError
        return SimpleNamespace(used=(handle + 1) * GB, total=80 * GB)

    def nvmlDeviceGetUtilizationRates(self, handle: int) -> SimpleNamespace:  # noqa: N802
        if handle:
            raise self.NVMLError
        return SimpleNamespace(gpu=87)


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Driver]:
    driver = Driver("pynvml")
    monkeypatch.setitem(sys.modules, "pynvml", driver)
    gpu._driver.cache_clear()
    yield driver
    gpu._driver.cache_clear()


@pytest.mark.parametrize(
    ("visible", "cards"),
    [(None, [0, 1]), ("0,1", [0, 1]), ("1, 0", [1, 0]), ("GPU-b", [1]), ("-1", []), ("", [])],
)
def test_cards_are_those_that_are_visible_in_their_order(
    driver: Driver, monkeypatch: pytest.MonkeyPatch, visible: str | None, cards: list[int]
) -> None:
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    if visible is not None:
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    all_cards = [GpuUse(GB, 80 * GB, 87.0), GpuUse(2 * GB, 80 * GB, None)]
    assert gpu.uses() == [all_cards[card] for card in cards]


def test_a_lost_card_and_a_missing_package_say_nothing(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    assert len(gpu.uses()) == 2
    driver.lost = True
    assert gpu.uses() == []
    gpu._driver.cache_clear()
    monkeypatch.setitem(sys.modules, "pynvml", None)
    assert gpu.uses() == []
