"""A copy of a preset while it is written: what an editor may leave, told in one sentence, at its line."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from gan_tui import presets
from gan_tui.presets import copies
from gan_tui.presets.drafts import Checked, Draft

FILE = presets.bundled_folder() / "gan.toml"
GAN = FILE.read_text()


@pytest.fixture
def draft(own_presets: Path) -> Draft:
    return Draft(presets.find("gan"), FILE)


def test_a_draft_is_private_listed_nowhere_and_gone_without_a_trace(draft: Draft, own_presets: Path) -> None:
    assert draft.path == own_presets / "drafts" / "gan.toml"
    assert draft.path.read_text() == GAN and draft.is_unchanged
    assert stat.S_IMODE(draft.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(draft.path.parent.stat().st_mode) == 0o700
    assert not [name for name in presets.files() if name.startswith("my-")]
    draft.discard()
    assert not list(own_presets.iterdir())


def test_a_draft_that_was_left_is_found_again_and_another_is_not_touched(draft: Draft, own_presets: Path) -> None:
    draft.path.write_text("title = 1")
    again = Draft(presets.find("gan").with_settings({"epochs": 3}), FILE)
    assert (again.path, again.was_left, again.path.read_text()) == (draft.path, True, "title = 1")
    assert not again.is_unchanged
    other = Draft(presets.find("xor"), presets.bundled_folder() / "xor.toml")
    assert (other.path.name, other.name, other.was_left) == ("xor.toml", "my-xor", False)
    other.discard()
    assert draft.path.exists()


def test_what_is_right_is_kept_whole_and_the_draft_is_gone(draft: Draft, own_presets: Path) -> None:
    draft.path.write_text(GAN.replace("units = 512", "units = 300"))
    found = draft.checked()
    assert found.preset and not found.problem and found.preset.network("generator").rows[2].output_shape == (300,)
    assert draft.changed_lines(found.text) == {n for n, each in enumerate(GAN.splitlines(), 1) if "units = 512" in each}
    assert draft.changed_lines(f"{GAN}# mine") == {END} and not draft.changed_lines(GAN)
    assert draft.keep(found.text, "mine").read_text() == found.text
    assert [each.name for each in own_presets.iterdir()] == ["mine.toml"]


def test_the_next_copy_has_another_name(draft: Draft, own_presets: Path) -> None:
    draft.keep(GAN, "my-gan")
    assert Draft(presets.find("gan"), FILE).name == "my-gan-2"


def text(words: str) -> Callable[[Path], object]:
    return lambda path: path.write_text(words)


def swapped(right: str, wrong: str) -> Callable[[Path], object]:
    assert right in GAN
    return text(GAN.replace(right, wrong, 1))


def line(words: str) -> int:
    return GAN[: GAN.index(words)].count("\n") + 1


END = GAN.count("\n") + 1
WRONG = {
    "no value": (text("title = "), 1, "It is not valid TOML: Invalid value "),
    "no end": (text(GAN + "x ="), END, "It is not valid TOML: Invalid value "),
    "no brackets' end": (swapped("[settings]", "[settings"), line("[settings]"), "It is not valid TOML: Expected ']'"),
    "twice": (swapped("epochs = 200", "epochs = 2\nepochs = 3"), line("epochs = 200") + 1, "It is not valid TOML: "),
    "bytes": (lambda path: path.write_bytes(GAN.encode() + b"\xff"), END, "It is not UTF-8 text; save it as UTF-8."),
    "empty": (text(""), None, 'task is missing; add task = "plane", '),
    "removed": (lambda path: path.unlink(), None, "gan.toml: No such file or directory; edit it again."),
    "a link": (lambda path: (path.unlink(), path.symlink_to("/etc/passwd")), None, "gan.toml: it is a link; "),
    "a folder": (lambda path: (path.unlink(), path.mkdir()), None, "gan.toml: it is a folder; edit it again."),
    "a pipe": (lambda path: (path.unlink(), os.mkfifo(path)), None, "gan.toml: it is not a file; edit it again."),
    "too long": (text("#" * 300_000), None, "gan.toml: it is larger than 250,000 bytes; a preset is short."),
    "control characters": (text(GAN + 'x = "\x1b]52;c;eA\x07"'), END, "It is not valid TOML: Illegal character "),
    "too deep": (text(f"x = {'[' * 3000}"), None, "It is not valid TOML: its tables or lists lie in each other"),
    "a layer's argument": (swapped("units = 512", "unit = 512"), line("units = 512"),
                           "networks.generator, layer 3: Dense has no argument"),
    "another layer": (swapped('{layer = "Dropout", rate = 0.3}', '{layer = "Lambda"}'), line('{layer = "Dropout"'),
                      "networks.discriminator, layer 3: Keras has Lambda, which runs code"),
    "no input": (swapped("input = [100]", "input = [100, 0]"), line("input = [100]"), "networks.generator: input "),
    "too large": (swapped("units = 512", "units = 999999"), line("units = 512"), "networks.generator, layer 3: "),
    "a setting": (swapped("latent =", "latend ="), line("latent ="), 'settings: unknown setting "latend"'),
    "a value": (swapped("batch_size = 128", "batch_size = 0"), line("batch_size"), "settings: batch_size must "),
    "a name": (text(f'name = "My GAN"\n{GAN}'), 1, 'name: "My GAN" is not a valid preset name: it has "M"'),
    "a data set": (swapped('"mnist"', '"mnits"'), line('dataset = "mnist"'), 'dataset cannot be "mnits", did you mean'),
    "no ending": (swapped('activation = "sigmoid"', 'activation = "relu"'), line("[networks.discriminator]"),
                  "networks.discriminator must end in sigmoid, not in relu"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "at", "sentence"), WRONG.values(), ids=WRONG)
def test_whatever_is_written_is_told_in_one_sentence_and_stays(
    change: Callable[[Path], object], at: int | None, sentence: str, draft: Draft
) -> None:
    change(draft.path)
    found = draft.checked()
    assert found.problem.startswith(sentence)
    assert found.problem.endswith((".", "?")) and found.problem.isprintable()
    assert found == Checked(found.text, None, found.problem, at)
    assert not draft.is_unchanged and os.path.lexists(draft.path) == ("No such file" not in sentence)
    assert copies.free_name("gan") == "my-gan"
