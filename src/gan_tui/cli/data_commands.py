"""What `gan-tui data` and its words do."""

import sys

from gan_tui import data
from gan_tui.cli import data_report
from gan_tui.cli.json_output import print_json
from gan_tui.errors import DONE
from gan_tui.system import terminal
from gan_tui.text import flowed, size


def list_data(as_json: bool) -> int:
    if as_json:
        print_json(data_report.as_rows(data.published()))
        return DONE
    columns = terminal.columns_of_output()
    print(data_report.table(data.published(), columns))
    if kept := data_report.kept_images():
        print(f"\n{flowed(kept, columns)}")
    return DONE


def clear_data() -> int:
    """Remove the images that were read once and kept."""
    from gan_tui.data.own import cache

    freed = cache.clear()
    print(f"Freed {size(freed)} of images that were read." if freed else "No images that were read are kept.")
    return DONE


def show_own_data(place: str, label: str, augment: str | None, as_json: bool) -> int:
    """What lies at a path, or bears a name, to be looked at before training; `augment` is what was typed for it."""
    from gan_tui.cli import augmented_shown, data_shown  # brings numpy

    words = () if augment is None else augmented_shown.changes(augment)
    shown = data_shown.read(place, label, sys.stderr)
    if as_json:
        print_json({**shown.as_document(), **({"augment": list(words)} if words else {})})
        return DONE
    columns, draws = terminal.columns_of_output(), sys.stdout.isatty()
    print(data_shown.text(shown, columns))
    if draws:
        print("\n".join(data_shown.pictures(shown, columns or 80)), flush=True)
    if words:
        for line in augmented_shown.lines(shown, words, columns, draws):
            print(line)
    return DONE


def fetch_data(name: str) -> int:
    data_report.fetch_with_bar(name, sys.stdout)
    return DONE
