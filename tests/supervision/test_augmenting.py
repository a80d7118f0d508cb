"""Questions to processes of their own, and images changed at random by one of them."""

import sys
import threading

import numpy as np
import psutil
import pytest

from gan_tui.errors import TRAINING_FAILED, UserError
from gan_tui.supervision import augmenting
from gan_tui.supervision.asking import Question
from gan_tui.supervision.augmenting import Augmenting

SLEEPS = (sys.executable, "-c", "import time; time.sleep(600)")
LONG = "import os, sys; n = len(sys.stdin.read()); os.fdopen(int(sys.argv[1]), 'w').write('{\"n\": %d, \"x\": \"%s\"}'"
LONG += " % (n, 'x' * 300_000))"


def children() -> set[int]:
    return {one.pid for one in psutil.Process().children()}


def test_what_is_taken_back_ends_its_process() -> None:
    before, question = children(), Question(SLEEPS, "it")
    threading.Timer(0.05, question.take_back).start()
    with pytest.raises(UserError):
        question.answer(b"")
    assert children() <= before


def test_what_was_taken_back_before_is_not_waited_for() -> None:
    before, question = children(), Question(SLEEPS, "it")
    question.take_back()
    with pytest.raises(UserError):
        question.answer(b"")
    assert children() <= before


def test_who_does_not_answer_is_ended_and_named() -> None:
    before = children()
    with pytest.raises(UserError, match=r"^the one that is asked has not answered for 0 s$"):
        Question(SLEEPS, "the one that is asked", patience=0.05).answer(b"")
    assert children() <= before


def test_questions_and_answers_may_be_longer_than_a_pipe_holds() -> None:
    told = Question((sys.executable, "-c", LONG), "it").answer(b"x" * 300_000)
    assert (told["n"], len(told["x"])) == (300_000, 300_000)


def test_why_there_are_no_images_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(augmenting, "DRAW", (sys.executable, "-c", "import sys; sys.exit('No module named keras')"))
    with pytest.raises(UserError) as failed:
        Augmenting(("flip",), 42).rows(np.zeros((1, 4, 4, 1), np.uint8))
    assert str(failed.value) == "Augmented examples cannot be shown: No module named keras."
    assert failed.value.code == TRAINING_FAILED


@pytest.mark.slow
def test_each_image_comes_first_and_then_what_training_may_see_of_it() -> None:
    images = np.random.default_rng(0).integers(0, 256, (3, 28, 28, 3), np.uint8)
    rows = Augmenting(("flip",), 42).rows(images)
    assert rows.shape == (3, 8, 28, 28, 3) and rows.dtype == np.uint8
    assert (rows[:, 0] == images).all()
    as_they_are = (rows == images[:, None]).all((2, 3, 4))[:, 1:]
    mirrored = (rows == images[:, None, :, ::-1]).all((2, 3, 4))[:, 1:]
    assert (as_they_are ^ mirrored).all() and as_they_are.any() and mirrored.any()
