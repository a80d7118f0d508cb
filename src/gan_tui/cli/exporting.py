"""A run brought to other programs and to other people: each form is an entry of a table, and a file in
`integrations/export/`.

All that was asked for is looked at before anything is written: a wrong tag costs nothing.
"""

import sys
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from gan_tui.errors import DONE, UserError
from gan_tui.run.folder import RunFolder
from gan_tui.system.links import linked_path
from gan_tui.system.paths import whole_path
from gan_tui.text import counted, harmless, shown_path

if TYPE_CHECKING:  # they bring numpy, and more
    from gan_tui.integrations.export.whole_run import WholeRun

STANDARD_OUTPUT = "-"
Write = Callable[[], Path | Sequence[Path] | None]
"""Writes what was asked for, and returns where it lies; None where it was printed."""


@dataclass
class Asked:
    """What forms have in common: the run, read once for all of them."""

    folder: RunFolder
    force: bool
    """Whether a file that is there is replaced."""
    step: int | None = None
    """Of the checkpoint that is named, RUN@STEP."""
    _files: set[Path] = field(default_factory=set)
    """Those that were named already."""

    @cached_property
    def run(self) -> "WholeRun":
        from gan_tui.integrations.export.whole_run import WholeRun

        return WholeRun.read(self.folder)

    def file(self, option: str, word: str) -> Path:
        """The file that is named behind an option. Raises UserError where it cannot be made."""
        from gan_tui.integrations.export.new_file import refuse_taken

        if not word.strip():
            raise UserError(f"--{option} needs the name of a file.")
        path = whole_path(word)
        refuse_taken(path, self.force)
        if path in self._files:
            raise UserError(f"Two of them would go into {shown_path(path)}; name another file for one.")
        self._files.add(path)
        return path


def _csv(asked: Asked, word: str) -> Write:
    from gan_tui.integrations.export import csv_table

    run = asked.run
    if word == STANDARD_OUTPUT:
        return lambda: csv_table.write(sys.stdout, run.state.series)
    path = asked.file("csv", word)
    return _to(path, lambda: csv_table.export(run, path, asked.force))


def _html(asked: Asked, word: str) -> Write:
    from gan_tui.dashboard.themes import inks
    from gan_tui.integrations.export import page
    from gan_tui.presets.run_settings import settings_of

    run, path = asked.run, asked.file("html", word)
    settings = settings_of(asked.folder)
    return _to(path, lambda: page.export(run, settings, path, inks(True), inks(False), asked.force))


def _png(asked: Asked, word: str) -> Write:
    from gan_tui.dashboard.themes import inks
    from gan_tui.integrations.export import png_picture

    tag, step, name = _tagged("png", word, asked.run)
    picture, path = asked.run.picture(tag, step), asked.file("png", name)
    return _to(path, lambda: png_picture.export(asked.run, tag, picture.step, path, inks(True), asked.force))


def _gif(asked: Asked, word: str) -> Write:
    from gan_tui.dashboard.themes import inks
    from gan_tui.integrations.export import gif_history

    tag, step, name = _tagged("gif", word, asked.run)
    if step is not None:
        raise UserError("--gif takes all steps of a tag: TAG=FILE; --png takes one: TAG@STEP=FILE.")
    asked.run.history(tag)
    path = asked.file("gif", name)
    return lambda: _told_left_out(path, gif_history.export(asked.run, tag, path, inks(True), asked.force))


def _tensorboard(asked: Asked, word: str) -> Write:
    from gan_tui.integrations.export import whole

    if not word.strip():
        raise UserError(f"--tensorboard needs a folder: gan-tui export {asked.folder.word} --tensorboard DIR.")
    directory = whole_path(word)

    def write() -> Path:
        done = whole.export(asked.folder, directory)
        if done.damaged and "run" not in asked.__dict__:
            print(asked.folder.damage(done.damaged), file=sys.stderr)
        return _told_left_out(done.path, done.left_out)

    return write


def _onnx(asked: Asked, word: str) -> Write:
    from gan_tui.cli.onnx_files import writing

    return writing(asked.folder, word, asked.step, asked.force)


FORMS: dict[str, Callable[[Asked, str], Write]] = {
    "csv": _csv, "html": _html, "png": _png, "gif": _gif, "onnx": _onnx, "tensorboard": _tensorboard,
}  # fmt: skip
"""Option → what looks at its word, and returns what writes it. Raises UserError where the word is wrong."""


def export(folder: RunFolder, given: Namespace, step: int | None = None) -> int:
    """Write a run in all forms that are asked for, and print where each lies. Raises UserError.

    `step` is of the checkpoint that is named, for those forms that are of one.
    """
    asked = Asked(folder, given.force, step)
    words = [(form, word) for form in FORMS for word in _words(getattr(given, form))]
    if not words:
        raise UserError(
            f"export needs to know what to write, such as gan-tui export {folder.word} --html FILE, --csv FILE, "
            "--png TAG=FILE, --gif TAG=FILE, --onnx FILE or --tensorboard DIR."
        )
    if step is not None and any(form != "onnx" for form, _ in words):
        raise UserError(f"Only --onnx is of one checkpoint; leave @{step} out, or export the rest by itself.")
    writes = [FORMS[form](asked, word) for form, word in words]
    if "run" in asked.__dict__ and asked.run.damaged:
        print(folder.damage(asked.run.damaged), file=sys.stderr)
    printed = ("csv", STANDARD_OUTPUT) in words
    for write in writes:
        paths = write()
        for path in [paths] if isinstance(paths, Path) else paths or ():
            stream = sys.stderr if printed else sys.stdout
            print(linked_path(path, stream), file=stream)
    return DONE


def _words(value: str | Sequence[str] | None) -> Iterator[str]:
    """What stands behind an option that may be given once, or again and again."""
    if isinstance(value, str):
        yield value
    else:
        yield from value or ()


def _tagged(option: str, word: str, run: "WholeRun") -> tuple[str, int | None, str]:
    """Tag, step if any, and file of TAG=FILE or TAG@STEP=FILE; a tag may have such signs itself."""
    ways = [(word[:at], word[at + 1 :]) for at, sign in enumerate(word) if sign == "="]
    if not ways:
        raise UserError(f'--{option} takes TAG=FILE, not "{harmless(word, 60)}".')
    for tagged, name in ways:
        for tag, step in _steps(tagged):
            if tag in run.pictures:
                return tag, step, name
    (tag, step), *_ = reversed([*_steps(ways[0][0])])
    return tag, step, ways[0][1]


def _steps(tagged: str) -> Iterator[tuple[str, int | None]]:
    """What may be meant: the whole as a tag, or a tag and a step."""
    yield tagged, None
    tag, sign, step = tagged.rpartition("@")
    if sign and step.isascii() and step.isdecimal():
        yield tag, int(step)


def _to(path: Path, write: Callable[[], object]) -> Write:
    """Write a file, and say where it lies."""

    def written() -> Path:
        write()
        return path

    return written


def _told_left_out(path: Path, left_out: int) -> Path:
    if left_out:
        print(f"Left out, because they cannot be read: {counted(left_out, 'picture')}.", file=sys.stderr)
    return path
