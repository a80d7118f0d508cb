"""scikit-learn's `partial_fit`, told to gan-tui: the lines for gan-tui are marked."""

import pickle
import sys

import numpy as np
from sklearn.datasets import load_digits
from sklearn.linear_model import SGDClassifier
from sklearn.metrics import log_loss

import gan_tui  # gan-tui

steps = int(sys.argv[1]) if len(sys.argv) > 1 else 300
digits = load_digits()
x, y = digits.data / 16, digits.target
x_val, y_val, x, y = x[:297], y[:297], x[297:], y[297:]
model, random = SGDClassifier("log_loss", alpha=1e-4, random_state=0), np.random.default_rng(0)


def save(folder):
    (folder / "model.pickle").write_bytes(pickle.dumps(model))


run = gan_tui.Run(config=model.get_params(), on_save=save)  # gan-tui
for step in run.steps(steps):  # gan-tui: instead of range(1, steps + 1)
    some = random.integers(len(x), size=64)
    model.partial_fit(x[some], y[some], classes=range(10))
    run.log(loss=log_loss(y[some], model.predict_proba(x[some]), labels=range(10)))  # gan-tui
    if step % 20 == 0:
        run.log(val_accuracy=model.score(x_val, y_val))  # gan-tui: names may have steps of their own
        run.image("weights", model.coef_.reshape(10, 8, 8), labels=digits.target_names)  # gan-tui
print(f"accuracy {model.score(x_val, y_val):.3f}")
