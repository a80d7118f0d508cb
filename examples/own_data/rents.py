"""Asks the network of a run on flats.csv for the rents of other flats, with Keras alone.

python rents.py CHECKPOINT      (in the folder of new-flats.csv)
"""

import csv
import json
import sys
from pathlib import Path

import keras
import numpy as np

saved = Path(sys.argv[1])  # a checkpoint's folder: `gan-tui save` prints one, `gan-tui show flats` names the last
network = keras.models.load_model(saved / "regressor.keras")
columns = json.loads((saved / "columns.json").read_text(encoding="utf-8"))
MISSING = ("", "na", "n/a", "nan", "null", "?", "-", "<na>", "#n/a", "#na", "#null!", "#div/0!", "#value!", "#ref!",
           "#name?", "#num!", "#error!", "#nv", "#wert!", "#bezug!", "#zahl!")


def inputs_of(row):
    for column in columns["inputs"]:
        cell = row[column["name"]].strip()
        missing = cell.lower() in MISSING
        if column["type"] == "number":
            yield 0.0 if missing else (float(cell) - column["mean"]) / column["deviation"]
        else:
            yield from (float(cell == word) for word in column["words"])
            if column["unknown"]:
                yield float(missing)


with Path("new-flats.csv").open(encoding="utf-8") as file:
    rows = list(csv.DictReader(file))
answers = network.predict(np.array([list(inputs_of(row)) for row in rows]), verbose=0)
label = columns["label"]
for row, (answer,) in zip(rows, answers, strict=True):
    print(row["area"], row["district"], round(answer * label["deviation"] + label["mean"]))
