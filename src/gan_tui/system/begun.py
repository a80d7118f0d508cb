"""Where this process was when gan-tui was imported: a script may go elsewhere (`os.chdir`) before its run begins."""

import os

try:
    folder = os.getcwd()  # noqa: PTH109 (scripts import this with gan_tui, and pathlib takes longer than all else)
except OSError:
    folder = ""
