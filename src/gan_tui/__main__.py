"""`python -m gan_tui` is `gan-tui`."""

import sys

from gan_tui.cli.arguments import main

sys.exit(main())
