"""`python -m gan_tui` is `gan-tui`."""

import sys

if not sys.flags.safe_path:
    del sys.path[0]  # the current folder, where a person's random.py would be taken for Python's

from gan_tui.cli.arguments import main

sys.exit(main())
