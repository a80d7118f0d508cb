"""Promise 16 for presets: each bomb, trap and piece of code is refused by name, at once, and nothing of it is run."""

from collections.abc import Callable
from pathlib import Path

import pytest
from bounded import gan_tui, refused
from foreign_presets import FILES, ONLY_TRAINED, TEXTS, neighbours

pytestmark = [pytest.mark.promise(16), pytest.mark.slow]


@pytest.mark.prove
@pytest.mark.timeout(600)
def test_a_foreign_preset_is_refused_by_name(
    tmp_path: Path, trials: Callable[[int, int], int], proved: Callable[[str], None]
) -> None:
    folder = tmp_path / "sent"
    folder.mkdir()
    neighbours(folder)
    commands = (("show",), ("train", "--detach"))[-trials(1, 2) :]
    most_seconds = most_megabytes = 0.0
    wrong, count = {}, 0
    for number, (what, (text, words)) in list(enumerate(TEXTS.items()))[:: trials(3, 1)]:
        file = folder / f"sent-{number}.toml"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        for command in commands:
            if what in ONLY_TRAINED and command[0] == "show":
                continue
            ended = gan_tui(*command, file, folder=folder)
            if faults := refused(ended, *words):
                wrong[what, command[0]] = faults, ended.text[:300]
            count += 1
            most_seconds, most_megabytes = max(most_seconds, ended.seconds), max(most_megabytes, ended.megabytes)
        file.unlink()
    for number, (what, (make, words)) in enumerate(FILES.items()):
        file = folder / f"file-{number}.toml"
        make(file)
        for command in commands:
            ended = gan_tui(*command, file, folder=folder)
            if faults := refused(ended, *words):
                wrong[what, command[0]] = faults, ended.text[:300]
            count += 1
    assert not wrong
    assert not list(folder.glob("CANARY")) and not (tmp_path / "runs").exists()
    proved(f"{count} refused, at most {most_seconds:.2f} s and {most_megabytes:.0f} MB")
