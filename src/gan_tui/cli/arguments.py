"""The command line: arguments in, one command out, errors as one sentence."""

import io
import os
import sys
from collections.abc import Sequence

from gan_tui.cli import parser
from gan_tui.errors import INTERRUPTED, TRAINING_FAILED, UserError
from gan_tui.system import signals
from gan_tui.text import harmless


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line; returns its exit code, never raises (unless GAN_TUI_DEBUG=1 asks to)."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that lacks × shows ? and not an error
    given = parser.parsed(arguments)
    try:
        with signals.held_back():  # Ctrl-C in the midst of loading orjson crashes it
            from gan_tui.cli import dispatch

        return dispatch.run(given)
    except UserError as error:
        print(f"gan-tui: {error}", file=sys.stderr)
        return error.code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # whoever read our output has gone
        return INTERRUPTED
    except Exception as error:
        if os.environ.get("GAN_TUI_DEBUG") == "1":
            raise
        print(
            f"gan-tui: {type(error).__name__}: {harmless(str(error))} (GAN_TUI_DEBUG=1 shows where).",
            file=sys.stderr,
        )
        return TRAINING_FAILED


if __name__ == "__main__":
    sys.exit(main())
