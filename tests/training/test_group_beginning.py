"""What must be alike for workers to begin together, and what is told as a group begins."""

import pytest

from gan_tui.training.group import rounds
from gan_tui.training.group.beginning import _digests
from gan_tui.training.group.members import Members
from training_tasks import preset_with, task_of


def test_points_that_were_set_make_no_other_data() -> None:
    """Who has the run restores them before the others are told: these still have what was loaded."""
    task = task_of(preset_with("plane"))
    loaded = _digests(task)
    task.settable()["points"].set([[0.1, 0.1, 0], [0.9, 0.9, 0], [0.1, 0.9, 1], [0.8, 0.2, 1]])
    assert _digests(task) == loaded
    assert _digests(task_of(preset_with("plane", points="spiral")))["data"] != loaded["data"]


@pytest.mark.parametrize("count", [0, 7, (1 << 31) - 1, 1 << 31, 5 << 32])
def test_a_content_may_be_longer_than_a_number_of_four_bytes_says(count: int) -> None:
    assert rounds.of_two(rounds.as_two(count)) == count


def test_a_content_is_told_piece_by_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "AT_ONCE", 3)
    alone = rounds.Rounds(Members(None, 0, 1))
    for length in (0, 1, 4, 11, 12, 13, 24, 50):
        content = bytes(range(1, length + 1))
        assert alone.told(content) == content
