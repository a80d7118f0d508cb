"""What a worker on another machine refuses before it trains, and how it goes when nobody is there."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import tomli_w

from gan_tui import presets
from gan_tui.errors import UserError
from gan_tui.sweep import alike, sweep
from gan_tui.sweep.sweep import Sweep, from_document
from gan_tui.system.frames import Frames
from gan_tui.training import remote_worker

POINTS = "x,y,class\n" + "".join(f"{n / 20},{n / 40},{n % 2}\n" for n in range(20))


def there(swept: Sweep) -> tuple[Sweep, dict[str, object]]:
    """A sweep as it comes to the other machine, and what it says of its data."""
    document = tomllib.loads(tomli_w.dumps(swept.as_document()))
    return from_document(document), document["data"]


def of_points(file: Path) -> Sweep:
    file.write_text(POINTS)
    return sweep.made(presets.find("plane"), [f"points={file}", "batch_size=2,4"], None, 1)


def test_data_that_are_there_as_they_are_here_are_taken(tmp_path: Path) -> None:
    remote_worker.refuse_other_data(*there(of_points(tmp_path / "points.csv")))
    remote_worker.refuse_other_data(*there(sweep.made(presets.find("gan"), ["batch_size=2,4"], None, 1)))


def test_a_file_that_is_another_there_is_named(tmp_path: Path) -> None:
    file = tmp_path / "points.csv"
    came, data = there(of_points(file))
    file.write_text(POINTS.replace("0.5,", "0.55,"))
    with pytest.raises(UserError, match=r"points\.csv is not there, or is another file than here; copy it to that"):
        remote_worker.refuse_other_data(came, data)


def test_another_copy_of_a_set_is_refused(tmp_path: Path) -> None:
    came, data = there(sweep.made(presets.find("fashion-cnn"), ["batch_size=32,64"], None, 1))
    with pytest.raises(UserError, match=r"it has [\d,]+ examples to train on and not 60,001, as here"):
        remote_worker.refuse_other_data(came, {**data, "train": 60_001})


@pytest.mark.slow
def test_it_says_what_it_is_first_and_goes_when_its_input_ends(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "gan_tui", "sweep-worker"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin and process.stdout
        words, noise = Frames().read(os.read(process.stdout.fileno(), 1 << 16))
        assert (words, noise) == ([{"hello": alike.versions()}], b"")
        process.stdin.close()
        assert process.wait(60) == 0
