"""Data of a person's own: recognized where they lie, and read into the rows that training takes.

`look` says what lies at a path from names and headers; `image_rows` and `read_table` read it, `report` says what there
is to see of it. Each kind of thing that may lie there is a file of its own: `folders` (images in folders), `arrays`
(.npz, .npy, IDX), `tables` (CSV, TSV), `named` (published sets by their names).
"""

from gan_tui.data.own.counted import ClassCount, ColumnReport
from gan_tui.data.own.found import Form, Found
from gan_tui.data.own.image_rows import ImageRows, OnRead, Wish
from gan_tui.data.own.reading import image_rows, is_exact, read_once, telling
from gan_tui.data.own.recognize import is_name, is_there, look
from gan_tui.data.own.report import Report, report

__all__ = [
    "ClassCount", "ColumnReport", "Form", "Found", "ImageRows", "OnRead", "Report", "Wish", "image_rows", "is_exact",
    "is_name", "is_there", "look", "read_once", "report", "telling",
]  # fmt: skip
