"""`python -m gan_tui` is `gan-tui`."""

import sys

from gan_tui.cli import main

sys.exit(main())
