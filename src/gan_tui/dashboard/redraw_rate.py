"""How often the dashboard draws what training brings by itself."""

import math
import os

from gan_tui.errors import UserError
from gan_tui.text import harmless

REDRAW_SECONDS = 0.5
"""Between two snapshots that bring only metrics: twice a second is as often as charts are worth redrawing."""


def redraw_seconds() -> float:
    """Seconds between two redraws of what training brings by itself: $GAN_TUI_REDRAW_SECONDS, or REDRAW_SECONDS.

    Raises UserError when that is no such number.
    """
    wanted = os.environ.get("GAN_TUI_REDRAW_SECONDS") or REDRAW_SECONDS
    try:
        seconds = float(wanted)
    except ValueError:
        seconds = math.nan
    if not 0.1 <= seconds <= 3600:
        raise UserError(f'GAN_TUI_REDRAW_SECONDS must be a number from 0.1 to 3600, not "{harmless(str(wanted), 40)}".')
    return seconds
