"""A run's networks brought to other programs as ONNX, a file each."""

import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from gan_tui.errors import UserError
from gan_tui.integrations.export.new_file import refuse_taken, written
from gan_tui.run.folder import RunFolder
from gan_tui.supervision import onnx_networks
from gan_tui.system.paths import whole_path

ENDING = ".onnx"


def writing(folder: RunFolder, named: str, step: int | None, replace: bool) -> Callable[[], Sequence[Path]]:
    """What writes the networks, says what they are, and returns where they lie, once all was looked at before.

    Of several, each has a file of its own: of name.onnx it is name-generator.onnx, and so on. Raises UserError.
    """
    if not named.strip() or named == "-":
        raise UserError(f"--onnx needs the name of a file: gan-tui export {folder.word} --onnx {folder.stem}{ENDING}.")
    onnx_networks.refuse(folder, step)
    target, names = whole_path(named), onnx_networks.names_of(folder)
    for name in names:
        refuse_taken(_file(target, name, len(names)), replace)

    def write() -> Sequence[Path]:
        with tempfile.TemporaryDirectory(prefix="gan-tui-") as making:
            done = onnx_networks.convert(folder, Path(making), step)
            files = {_file(target, name, len(names)): made for name, made in done.files.items()}
            for file, made in files.items():
                with written(file, replace) as out, made.open("rb") as content:
                    shutil.copyfileobj(content, out)
        for sentence in (*done.passed_over, _said(done)):
            print(sentence, file=sys.stderr)
        return list(files)

    return write


def _file(target: Path, network: str, count: int) -> Path:
    """Where a network of so many goes."""
    ending = target.suffix or ENDING
    return target.with_name(f"{target.stem}-{network}{ending}" if count > 1 else f"{target.stem}{ending}")


def _said(done: onnx_networks.Converted) -> str:
    *others, last = (name.replace("_", " ") for name in done.files)
    named = f"{', '.join(others)} and {last}" if others else last
    return f"The {named} after {done.step:,} steps; ONNX Runtime's numbers are Keras's to {done.apart:.0e}."
