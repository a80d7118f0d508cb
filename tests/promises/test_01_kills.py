"""Promise 1: whenever a run is killed, its newest checkpoint loads and is no older than the last that was reported."""

import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from gan_tui import presets

pytestmark = [pytest.mark.promise(1), pytest.mark.slow, pytest.mark.timeout(1800)]


def test_a_kill_while_checkpoints_are_saved_back_to_back(
    runs: Path, trials: Callable[[int, int], int], proved: Callable[[str], None]
) -> None:
    folder, count = presets.new_run(presets.find("xor"), runs), trials(8, 300)
    saving = Path(__file__).with_name("saving.py")
    command = [sys.executable, str(saving), str(folder.path), str(count), "1"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=1700)
    assert ended.returncode == 0, ended.stderr[-2000:]
    found = [orjson.loads(line) for line in ended.stdout.splitlines()]
    assert len(found) == count
    broken = [
        (number, kill)
        for number, kill in enumerate(found)
        if not kill["whole"] or kill["newest"] < kill["reported"] or kill["passed_over"] or kill["lost"]
    ]
    assert not broken
    cut = Counter(suffix for kill in found for suffix in kill["left"])
    assert count < 100 or cut[".making"] > count / 10, "the kills did come while it saved"
    within = ", ".join(f"{number} in {suffix}" for suffix, number in sorted(cut.items()))
    proved(f"{count} kills: 0 unusable, 0 older than reported (cut short: {within})")
