"""The recorded runs that screens are shown."""

import sys
from pathlib import Path

import gan_tui.dashboard  # noqa: F401  # before numpy, as in the product: it decides how many threads numpy takes

sys.path.insert(0, str(Path(__file__).parent))
