"""How often the dashboard draws what training brings by itself.

Where watching spends its time (a profile over a minute, 120 × 40, four metrics at 20 steps/s, charts alone, 2.7 % of a
core): a third draws the charts, a quarter composes (Textual), a fifth compares and encodes what is sent, the rest
reads, folds, and passes messages. Asking Textual for widgets by name was a fifth more, so screens keep their parts. Of
11 kB/s with a picture every 2 s, three quarters were its colours: hence few greys, exchanged colours, and cells whose
change the eye does not see left as they are (`drawing/pictures/steady.py`).
"""

import math
import os

from gan_tui.errors import UserError
from gan_tui.system import switches
from gan_tui.text import harmless

REDRAW_SECONDS = 0.5
"""Between two snapshots that bring only metrics: twice a second is as often as charts are worth redrawing."""


def redraw_seconds() -> float:
    """Seconds between two redraws of what training brings by itself: $GAN_TUI_REDRAW_SECONDS, or REDRAW_SECONDS.

    Raises UserError when that is no such number.
    """
    wanted = switches.word(os.environ, "GAN_TUI_REDRAW_SECONDS") or REDRAW_SECONDS
    try:
        seconds = float(wanted)
    except ValueError:
        seconds = math.nan
    if not 0.1 <= seconds <= 3600:
        raise UserError(f'GAN_TUI_REDRAW_SECONDS must be a number from 0.1 to 3600, not "{harmless(str(wanted), 40)}".')
    return seconds
