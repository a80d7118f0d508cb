"""Presets, layers and runs as text that lines up."""

import re
from pathlib import Path

import pytest

from gan_tui import presets
from gan_tui.cli import tables
from gan_tui.presets import layer_table
from gan_tui.run.events import Metrics, Started
from gan_tui.run.layer_words import described
from gan_tui.run.summaries import summaries
from gan_tui.text import aligned


def test_columns_line_up_and_no_line_ends_in_spaces() -> None:
    assert aligned([("a", "1"), ("long", "1,000"), ("b", "")], right=(1,)).split("\n") == [
        "a         1", "long  1,000", "b"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "arguments", "words"),
    [
        ("Dense", {"units": 256}, "Dense 256"),
        ("Dense", {"units": 2, "activation": "softmax"}, "Dense 2 softmax"),
        ("Dense", {"units": 2, "use_bias": False}, "Dense 2 no bias"),
        ("Conv2D", {"filters": 32, "kernel_size": (3, 3), "padding": "same"}, "Conv2D 32 3×3 same"),
        ("Conv2D", {"filters": 64, "kernel_size": (5, 5), "strides": (2, 2)}, "Conv2D 64 5×5/2"),
        ("Conv2D", {"filters": 64, "kernel_size": (5, 5), "strides": (1, 1)}, "Conv2D 64 5×5"),
        ("Conv2D", {"filters": 64, "kernel_size": (5, 5), "strides": (1, 2)}, "Conv2D 64 5×5/1×2"),
        ("Dropout", {"rate": 0.4}, "Dropout 0.4"),
        ("Reshape", {"target_shape": (7, 7, 256)}, "Reshape 7×7×256"),
        ("Flatten", {}, "Flatten"),
    ],
)
def test_a_layer_in_words(kind: str, arguments: dict[str, object], words: str) -> None:
    assert described(kind, arguments) == words


def test_a_network_ends_in_keras_three_totals() -> None:
    text = tables.network_table(presets.find("dcgan").network("generator"))
    lines = text.split("\n")
    assert lines[0] == "generator"
    assert re.fullmatch(r"input +100", lines[2])
    assert re.fullmatch(r"Dense 12544 +12544 +1,266,944", lines[3])
    assert lines[-1] == "total 2,394,241   trainable 2,368,705   non-trainable 25,536"
    assert len({len(line) for line in lines[3:-1]}) == 1, "the parameters end in one column"


def test_layer_rows_add_up_to_the_network() -> None:
    for preset in presets.every()[0]:
        for network in preset.networks:
            rows = layer_table.layer_rows(network)
            assert rows[0]["kind"] == "Input" and rows[0]["output_shape"] == list(network.input)
            assert sum(row["parameters"] for row in rows) == network.parameters
            assert sum(row["trainable"] for row in rows) == network.trainable
            assert len(rows) == len(network.inputs) + len(network.layers)


def test_presets_are_grouped_by_task() -> None:
    text = tables.preset_table(presets.every()[0])
    assert text.split("\n")[0] == "First networks on the plane"
    assert re.search(r"\n  gan +GAN: digits from noise +generator 1,486,352  discriminator 1,460,225\n", text)


def test_runs_show_how_far_they_are(runs: Path) -> None:
    folder = presets.new_run(presets.find("xor"), runs)
    data = {"name": "xor", "origin": "made", "train": 4, "validation": 0}
    writer = folder.writer()
    writer.write(Started("xor", "XOR", "plane", 1, {}, data, [], {}, 4000, 1, 4), Metrics([1500], {"loss": [1.0]}))
    writer.close()
    presets.new_run(presets.find("gan"), runs)
    header, *rows = tables.run_table(summaries(runs)).split("\n")
    assert header.split() == ["run", "preset", "state", "step"]
    assert sorted(" ".join(row.split()) for row in rows) == [
        "gan-1 gan starting 0",
        "xor-1 xor interrupted 1,500 of 4,000",
    ]


def test_runs_on_data_of_ones_own_say_which_and_how_many(runs: Path) -> None:
    folder = presets.new_run(presets.find("xor"), runs)
    data = {"name": "my \x1b[31mphotos", "origin": "/photos", "train": 480, "validation": 120}
    writer = folder.writer()
    writer.write(Started("xor", "XOR", "plane", 1, {}, data, [], {}, 4000, 1, 4))
    writer.close()
    presets.new_run(presets.find("gan"), runs)
    header, *rows = tables.run_table(summaries(runs)).split("\n")
    assert header.split() == ["run", "preset", "state", "step", "data"]
    assert sorted(" ".join(row.split()) for row in rows) == [
        "gan-1 gan starting 0",
        "xor-1 xor interrupted 0 of 4,000 my [31mphotos, 600",
    ]
