"""A command line answered in this process, which is sooner than starting another."""

import pytest

from gan_tui.cli.arguments import main


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """(exit code, standard output, standard error) of a command line."""
    try:
        code = main(arguments)
    except SystemExit as end:  # argparse's way out
        code = int(end.code or 0)
    out, err = capsys.readouterr()
    return code, out, err
