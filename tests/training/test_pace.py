"""Chunks grow until a call takes about CHUNK_SECONDS, and shrink when steps get slower."""

from gan_tui.training.pace import CHUNK_SECONDS, LARGEST_CHUNK, Pace


class Machine:
    """Takes so many seconds a step, and more for the first call; no real time passes."""

    def __init__(self, step_seconds: float, compile_seconds: float = 0.0) -> None:
        self.step_seconds, self._extra, self._now = step_seconds, compile_seconds, 0.0
        self._pace = Pace(lambda: self._now)

    def chunks(self, count: int, most: int = 10**9) -> list[int]:
        """How many steps each of the next calls has."""
        return [self._pace.chunk(self._run, most) for _ in range(count)]

    def _run(self, k: int) -> int:
        self._now += k * self.step_seconds + self._extra
        self._extra = 0.0
        return k


def test_the_first_chunk_compiles_and_says_nothing_of_the_next() -> None:
    assert Machine(1e-4, compile_seconds=3).chunks(7) == [1, 1, 4, 16, 64, 256, round(CHUNK_SECONDS / 1e-4)]


def test_chunks_follow_steps_that_become_slower_and_faster() -> None:
    machine = Machine(0.001)
    assert machine.chunks(5)[-1] == round(CHUNK_SECONDS / 0.001)
    machine.step_seconds = 0.01
    assert machine.chunks(2)[-1] in (7, 8)
    machine.step_seconds = 0.001
    assert machine.chunks(3)[-1] == round(CHUNK_SECONDS / 0.001)


def test_a_step_longer_than_a_chunk_is_a_chunk() -> None:
    assert Machine(1.0).chunks(3) == [1, 1, 1]


def test_chunks_have_no_more_steps_than_there_may_be() -> None:
    assert Machine(1e-4).chunks(4, most=3) == [1, 3, 3, 3]
    assert max(Machine(0.0).chunks(20)) == LARGEST_CHUNK
