"""Runs that somebody sent to do harm: folders with what no trainer writes."""

import json
import os
import socket
import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from gan_tui import presets
from gan_tui.run.folder import RunFolder

VAST = 2**53 - 1
ROW = {"name": "dense", "kind": "Dense", "layer": "Dense", "output_shape": [2], "parameters": 6, "trainable": 6}
DATA = {"name": "xor", "origin": "made by gan-tui", "train": 4, "validation": 0}
STARTED = {
    "type": "started", "preset": "xor", "title": "XOR", "task": "plane", "seed": 1, "networks": {"classifier": [ROW]},
    "dataset": DATA, "devices": ["CPU"], "versions": {}, "steps_total": 1000, "steps_per_epoch": 1, "batch_size": 4,
}  # fmt: skip
TRAINING = {"type": "state", "state": "training", "reason": ""}
PICTURE = {"type": "picture", "tag": "samples", "step": 2, "file": "samples/a.png", "tile": [2, 2], "count": 1}

Lines = Iterator[dict[str, Any]]


def metrics(steps: list[int], **values: Any) -> dict[str, Any]:
    return {"type": "metrics", "steps": steps, "values": values or {"loss": [0.5] * len(steps)}}


def log(folder: RunFolder, *events: dict[str, Any], start: bool = True) -> None:
    """Append events as JSON, whatever is in them."""
    first = (STARTED, TRAINING, metrics([1, 2])) if start else ()
    with folder.events_file.open("ab") as file:
        for number, event in enumerate((*first, *events)):
            file.write(json.dumps({"seq": number, "time": 1e9 + number, **event}).encode() + b"\n")


def png(width: int, height: int, depth: int = 8, color: int = 0, rows: bytes = b"", more: bytes = b"") -> bytes:
    """A PNG that says it is so large, whatever it holds."""
    head = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + more
        + chunk(b"IDAT", zlib.compress(rows, 1))
        + chunk(b"IEND", b"")
    )


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def sparse(path: Path, length: int) -> None:
    path.unlink(missing_ok=True)
    with path.open("wb") as file:
        file.truncate(length)


# What is in the log --------------------------------------------------------------


def _vast_numbers(folder: RunFolder) -> None:
    log(folder, {**STARTED, "steps_total": VAST, "steps_per_epoch": VAST, "batch_size": VAST, "seed": VAST})
    log(folder, metrics([VAST - 1, VAST], loss=[1e300, -1e300]), metrics([3], loss=[10**15]), start=False)
    log(folder, {"type": "usage", "cpu": 1e308, "memory": VAST}, {"type": "epoch", "epoch": VAST, "step": VAST,
        "values": {"val_loss": 1e308, "val_accuracy": -1e308}}, start=False)  # fmt: skip
    log(folder, {"type": "resumed", "from_step": VAST}, start=False)


def _times(folder: RunFolder) -> None:
    log(folder)
    for time in (1e300, -1e300, "nan", "inf", 10**30, None, [], True, 0, 99_999_999_999):
        log(folder, {**metrics([10]), "time": time}, start=False)


def _names(folder: RunFolder) -> None:
    log(folder, *({**PICTURE, "tag": f"t{n}"} for n in range(2000)))
    log(folder, *(metrics([n + 3], **{f"m{n}_{kind}": [0.5] for kind in range(60)}) for n in range(200)), start=False)
    log(folder, metrics([900], **{f"x{n}": [1.0] for n in range(100_000)}), start=False)
    log(
        folder,
        *({"type": "setting", "name": f"s{n}", "value": [1] * 1000, "step": 1} for n in range(2000)),
        start=False,
    )


def _networks(folder: RunFolder) -> None:
    rows = [
        {**ROW, "name": f"d{n}", "output_shape": [VAST] * 8, "parameters": VAST, "trainable": 0} for n in range(900)
    ]
    log(folder, {**STARTED, "networks": {f"n{n}": rows for n in range(8)}})
    log(folder, {**STARTED, "networks": {f"n{n}": [] for n in range(100_000)}}, start=False)
    log(folder, {**STARTED, "networks": {"n": [{**ROW, "output_shape": [1] * 500_000}]}}, start=False)


def _empty_network(folder: RunFolder) -> None:
    same = [ROW, ROW, {**ROW, "name": "a/b"}, {**ROW, "arguments": [1, {"a": {}}], "output_shape": []}]
    log(folder, {**STARTED, "networks": {"": same, "b": [], "c": [{**ROW, "name": "", "layer": {}, "kind": ""}]}})


def _points(folder: RunFolder) -> None:
    points = [[1e6, -1e6, 999], [0.5, 0.5, 0], [0, 0, 3.0]] * 3000
    log(folder, {**STARTED, "dataset": {**DATA, "name": "points", "points": points, "names": ["a"]}})
    (folder.path / "samples").mkdir()
    (folder.path / "samples/a.png").write_bytes(png(2, 2, rows=b"\0\0\xff" * 2))
    log(folder, {**PICTURE, "tag": "surface", "kind": "surface"}, start=False)
    log(folder, {"type": "answers", "step": 2, "probabilities": [[1e308, -1e308]] * 9000}, start=False)
    log(folder, {"type": "setting", "name": "points", "value": [["a", {}, None]], "step": 2}, start=False)
    log(folder, {"type": "setting", "name": "points", "value": [[1e300] * 3] * 9, "step": 2}, start=False)


def _answers_of_others(folder: RunFolder) -> None:
    log(folder, {**STARTED, "dataset": {**DATA, "points": [[0, 1, 2, 3, 4, 5, 6, 7, 0]] * 5}})
    log(folder, {"type": "answers", "step": 2, "probabilities": [[0.5]] * 2}, start=False)
    log(folder, {**PICTURE, "tag": "surface", "kind": "surface"}, start=False)


def _classifier(folder: RunFolder) -> None:
    log(folder, {**STARTED, "task": "classifier", "dataset": {**DATA, "names": ["x" * 3000] * 3}})
    (folder.path / "samples").mkdir()
    (folder.path / "samples/a.png").write_bytes(png(2, 2, rows=b"\0\0\xff" * 2))
    log(folder, {**PICTURE, "tag": "input", "kind": "input"}, start=False)
    log(
        folder,
        {"type": "prediction", "step": 2, "image": VAST, "truth": VAST, "probabilities": [1e308] * 900},
        start=False,
    )
    log(folder, {"type": "confusion", "step": 2, "counts": [[VAST] * 300] * 300}, start=False)


def _weights(folder: RunFolder) -> None:
    weight = {"shape": [VAST] * 8, "mean": 1e308, "std": -1e308, "low": 1e308, "high": -1e308, "counts": []}
    vast = {**weight, "low": -1e308, "high": 1e308, "counts": [VAST] * 9000}
    log(
        folder,
        {"type": "weights", "step": 2, "layers": {"classifier/dense/kernel": weight, "classifier/dense/bias": vast}},
    )
    log(folder, {"type": "weights", "step": 3, "layers": {"classifier/dense/kernel": vast, "a": {}}}, start=False)
    log(folder, {**PICTURE, "tag": "kernels-dense", "kind": "kernels"}, start=False)


def _late_start(folder: RunFolder) -> None:
    alert = json.dumps({"seq": 1, "time": 1e9, "type": "alert", "kind": "x", "text": "y", "step": 1}).encode() + b"\n"
    folder.events_file.write_bytes(alert * 300_000)
    log(folder)


def _endless_line(folder: RunFolder) -> None:
    log(folder)
    with folder.events_file.open("ab") as file:
        file.truncate(10**10)


def _deep(folder: RunFolder) -> None:
    log(folder)
    with folder.events_file.open("ab") as file:
        for opening in (b"[", b'{"a":', b'"' + b"\\u0000"):
            file.write(b'{"seq":1,"time":1,"type":"setting","name":"x","step":1,"value":' + opening * 400_000 + b"\n")


def _many_checkpoints(folder: RunFolder) -> None:
    saved = {"type": "checkpoint", "step": 1, "why": "x" * 1000}
    log(folder, *({**saved, "folder": f"../../../{n}/" + "y" * 1000} for n in range(3000)))


LOGS: dict[str, Callable[[RunFolder], object]] = {
    "vast numbers": _vast_numbers,
    "times that are none": _times,
    "endless names": _names,
    "endless networks": _networks,
    "networks that are none": _empty_network,
    "points without end": _points,
    "answers that do not fit": _answers_of_others,
    "a classifier without end": _classifier,
    "weights that are none": _weights,
    "a start after a million alerts": _late_start,
    "a line of ten gigabytes": _endless_line,
    "values in values": _deep,
    "checkpoints elsewhere": _many_checkpoints,
}  # fmt: skip


# What lies in the folder --------------------------------------------------------------


def _picture(make: Callable[[Path], object], **more: Any) -> Callable[[RunFolder], None]:
    def build(folder: RunFolder) -> None:
        (folder.path / "samples").mkdir()
        make(folder.path / "samples/a.png")
        log(folder, {**PICTURE, **more})

    return build


def _bytes(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


_BLACK = b"\0" * (16_001 * 16_000)

PICTURES: dict[str, Callable[[RunFolder], object]] = {
    "a picture that unpacks to 256 MB": _picture(lambda path: path.write_bytes(png(16_000, 16_000, rows=_BLACK))),
    "a picture of a million by a million": _picture(_bytes(png(10**6, 10**6))),
    "a picture in colours that unpacks to 50 MB": _picture(
        lambda path: path.write_bytes(png(4096, 4096, color=2, rows=_BLACK[: 4096 * (3 * 4096 + 1)]))
    ),
    "a wall of 65,536 greys": _picture(_bytes(png(2, 2, 16, rows=b"\0\xff\xff\1\2" * 2))),
    "a picture in colours with an alpha": _picture(_bytes(png(4000, 4000, 16, 6))),
    "a picture with a text of 128 MB": _picture(
        lambda path: path.write_bytes(
            png(2, 2, rows=b"\0\0\0" * 2, more=chunk(b"zTXt", b"a\0\0" + zlib.compress(b"x" * 2**27, 9)))
        )
    ),
    "a picture that ends early": _picture(_bytes(png(2000, 2000, rows=b"\0")[:-20])),
    "a picture that is none": _picture(_bytes(b"\x89PNG\r\n\x1a\n" + b"\xff" * 1000)),
    "a GIF": _picture(_bytes(b"GIF89a" + struct.pack("<HH", 60_000, 60_000) + b"\0" * 20)),
    "a pipe for a picture": _picture(os.mkfifo),
    "a device for a picture": _picture(lambda path: path.symlink_to("/dev/zero")),
    "a link out of the folder for a picture": _picture(lambda path: path.symlink_to("/etc/passwd")),
    "a sparse picture": _picture(lambda path: sparse(path, 10**11)),
    "tiles larger than the picture": _picture(_bytes(png(2, 2, rows=b"\0\0\0" * 2)), tile=[VAST, VAST], count=VAST),
    "tiles without a size": _picture(_bytes(png(2, 2, rows=b"\0\0\0" * 2)), tile=[0, 0], count=0),
    "more tiles than there are": _picture(_bytes(png(2, 2, rows=b"\0\0\0" * 2)), tile=[1, 1], count=VAST),
    "a picture's name that leads out": _picture(os.mkfifo, file="../../../../../../../../etc/passwd"),
    "a picture's name that is absolute": _picture(os.mkfifo, file="/dev/zero"),
    "a picture's name without an end": _picture(os.mkfifo, file="a/" * 900 + "x" * 300),
    "a picture's name with NUL": _picture(os.mkfifo, file="samples/\0/a.png"),
}  # fmt: skip


def _instead(name: str, make: Callable[[Path], object]) -> Callable[[RunFolder], None]:
    def build(folder: RunFolder) -> None:
        log(folder)
        path = folder.path / name
        path.unlink(missing_ok=True)
        make(path)

    return build


def _lock_elsewhere(folder: RunFolder) -> None:
    log(folder)
    folder.lock_file.write_text(json.dumps({"pid": 1, "socket": "/run/dbus/system_bus_socket", "mode": "train"}))


FILES: dict[str, Callable[[RunFolder], object]] = {
    **{
        f"{what} for {name}": _instead(name, make)
        for name in ("events.jsonl", "trainer.log", "lock", "checkpoints", "samples")
        for what, make in (
            ("a pipe", os.mkfifo),
            ("a folder", Path.mkdir),
            ("a device", lambda path: path.symlink_to("/dev/zero")),
            ("a link", lambda path: path.symlink_to("/etc/passwd")),
            ("ten gigabytes of nothing", lambda path: sparse(path, 10**10)),
        )
    },
    "a lock that names another socket": _lock_elsewhere,
}  # fmt: skip

EVERY = LOGS | PICTURES | FILES


def sent(runs: Path, name: str, build: Callable[[RunFolder], object]) -> RunFolder:
    """One of these runs."""
    folder = presets.new_run(presets.find("xor"), runs, name)
    build(folder)
    return folder


def listener(path: Path) -> socket.socket:
    """A socket that notes whether anybody connects."""
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    server.bind(str(path))
    server.listen()
    server.setblocking(False)
    return server
