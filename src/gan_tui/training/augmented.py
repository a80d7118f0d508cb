"""Images changed as in training: `python -m gan_tui.training.augmented DESCRIPTOR`, which leaves nothing behind.

What is asked comes on standard input, as one JSON object: {"augment", "seed", "times", "shape", "images"}, the images
as base64 of their bytes. To the descriptor goes one line of JSON: {"images"}, or {"failed"}.
"""

import os
import sys
from base64 import b64decode, b64encode
from typing import Any

import numpy as np
import orjson

from gan_tui.system.answering import own_answers
from gan_tui.training import environment
from gan_tui.training.failures import in_words

environment.prepare()


def main() -> None:
    answers = own_answers()
    os.dup2(2, 1)  # libraries print
    os.environ["CUDA_VISIBLE_DEVICES"] = "-1"  # a few images: no training is to give them room
    try:
        words = drawn(orjson.loads(sys.stdin.buffer.read()))
    except Exception as error:  # noqa: BLE001 (whatever it was, whoever asked must be told)
        words = {"failed": in_words(error)}
    with os.fdopen(answers, "wb") as file:
        file.write(orjson.dumps(words))
    os._exit(0)  # at once: there is nothing to be finished


def drawn(asked: dict[str, Any]) -> dict[str, str]:
    """Each image, followed by so many others that training may see instead of it."""
    from gan_tui.training.models.augmentation import Augmentation

    environment.settle()
    count, *shape = asked["shape"]
    images = np.frombuffer(b64decode(asked["images"]), np.uint8).reshape(count, *shape)
    augmentation = Augmentation(asked["augment"], shape, (0.0, 1.0), asked["seed"])
    rows = augmentation.beside((images / 255).astype(np.float32), asked["times"])
    return {"images": b64encode((rows * 255).round().clip(0, 255).astype(np.uint8).tobytes()).decode()}


if __name__ == "__main__":
    main()
