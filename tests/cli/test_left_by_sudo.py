"""What sudo has left in a user's home: what does not need it works, and what cannot be written is said."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pty_terminal import GAN_TUI

pytestmark = pytest.mark.slow  # programs of their own

_MAY_ALL = "-dac_override,-dac_read_search"
_OBEYS_MODES = ("setpriv", f"--bounding-set={_MAY_ALL}", f"--inh-caps={_MAY_ALL}") if os.geteuid() == 0 else ()
"""What a command of root's is begun with to be refused what others are."""


@contextmanager
def closed(place: Path) -> Iterator[None]:
    place.chmod(0)
    try:
        yield
    finally:
        place.chmod(0o700)


def said(*words: str) -> tuple[int, str, str]:
    ended = subprocess.run([*_OBEYS_MODES, *words], capture_output=True, text=True, timeout=120)
    return ended.returncode, ended.stdout, ended.stderr


def test_a_preset_is_shown_though_the_runs_may_not_be_looked_at(runs: Path) -> None:
    runs.mkdir(exist_ok=True)
    with closed(runs):
        code, out, err = said(*GAN_TUI, "show", "xor")
        assert (code, err) == (0, "") and "(xor)" in out
        code, _, err = said(*GAN_TUI, "show", "night")
    assert code == 2 and "The run night cannot be looked at: Permission denied" in err


def test_images_that_cannot_be_removed_are_not_said_to_be_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    kept = tmp_path / "gan-tui" / "data"
    kept.mkdir(parents=True)
    with closed(kept):
        code, out, err = said(*GAN_TUI, "data", "clear")
    assert (code, out) == (2, "")
    sentence = f"The images that are kept in {kept} cannot be removed: Permission denied; check who owns it."
    assert err == f"gan-tui: {sentence}\n"
    assert said(*GAN_TUI, "data", "clear") == (0, "No images that were read are kept.\n", "")


ASKS = (sys.executable, "-c", "from gan_tui.doctor import own_files; print(*own_files.closed(), sep='\\n')")


def test_doctor_takes_nothing_away_from_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in ("CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / "shared" / kind))
    (tmp_path / "shared").mkdir()
    with closed(tmp_path / "shared"):
        code, out, err = said(*ASKS)
    assert (code, err, "chown" in out, "chmod" in out) == (0, "", False, False)
    assert "remedy='set XDG_CONFIG_HOME to a folder that you may write'" in out


def test_doctor_names_what_may_not_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in ("CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind))
        (tmp_path / kind / "gan-tui").mkdir(parents=True)
    (tmp_path / "CONFIG" / "gan-tui" / "config.toml").touch(0o444)  # as those who manage such files keep it
    assert said(*ASKS) == (0, "\n", "")
    with closed(tmp_path / "CACHE" / "gan-tui"), closed(tmp_path / "CONFIG" / "gan-tui" / "config.toml"):
        code, out, err = said(*ASKS)
    assert (code, err) == (0, "")
    choices, read = out.splitlines()
    assert f"{tmp_path}/CONFIG/gan-tui/config.toml may not be read and written; what you choose cannot" in choices
    assert f"remedy='chmod u+rwX {tmp_path}/CONFIG/gan-tui/config.toml'" in choices
    assert f"{tmp_path}/CACHE/gan-tui may not be read and written" in read and "state='attention'" in read
