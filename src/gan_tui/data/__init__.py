"""Embedded data sets, and where fuller ones may be found.

Importing this package and asking where the sets are (`find`, `available`) reads a few file headers and
never imports numpy, so that a menu can name the sets at once; `load` imports it.
"""

from gan_tui.data.images import Images, load
from gan_tui.data.sources import LICENCES, NAMES, Source, at_hand, available, find, published, use_folder

__all__ = ["LICENCES", "NAMES", "Images", "Source", "at_hand", "available", "find", "load", "published", "use_folder"]
