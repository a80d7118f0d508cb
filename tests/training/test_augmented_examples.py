"""The process that shows examples as training may see them draws what training draws."""

from base64 import b64decode, b64encode

import numpy as np

from gan_tui.training.augmented import drawn
from gan_tui.training.models.augmentation import Augmentation

IMAGES = np.random.default_rng(0).integers(0, 256, (2, 12, 10, 3), np.uint8)
CHANGES = ["flip", "rotate 0.1", "contrast 0.5"]


def rows(seed: int, changes: list[str] = CHANGES) -> np.ndarray:
    asked = {
        "augment": changes, "seed": seed, "times": 3, "shape": list(IMAGES.shape),
        "images": b64encode(IMAGES.tobytes()).decode(),
    }  # fmt: skip
    return np.frombuffer(b64decode(drawn(asked)["images"]), np.uint8).reshape(2, 4, *IMAGES.shape[1:])


def test_the_same_seed_draws_the_same_and_another_seed_others() -> None:
    first = rows(42)
    assert (first == rows(42)).all() and (first != rows(43)).any()
    assert (first[:, 0] == IMAGES).all()
    assert len({image.tobytes() for image in first.reshape(8, -1)}) == 8, "each is another"


def test_it_draws_what_training_would_of_the_same_images_in_any_range() -> None:
    """But for what is rounded to bytes."""
    images = (np.repeat(IMAGES, 3, axis=0) / 127.5 - 1).astype(np.float32)
    trained = Augmentation(CHANGES, IMAGES.shape[1:], (-1.0, 1.0), 42)(images).numpy()
    seen = (trained.reshape(2, 3, *IMAGES.shape[1:]) + 1) * 127.5
    assert np.abs(rows(42)[:, 1:] - seen).max() < 0.51
