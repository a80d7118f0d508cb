"""The command line: arguments in, one command out, errors as one sentence."""

import os
import sys
from collections.abc import Sequence

from gan_tui.cli import completion, first_process, parser
from gan_tui.cli.query_arguments import QUERIES
from gan_tui.errors import INTERRUPTED, TRAINING_FAILED, UserError, told
from gan_tui.sweep import asked
from gan_tui.system import inherited, signals, standard_streams, switches
from gan_tui.system.standard_streams import OutputFailedError
from gan_tui.text import harmless


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line; returns its exit code, never raises (unless GAN_TUI_DEBUG=1 asks to)."""
    signals.as_usual()
    first_process.begin()
    standard_streams.prepare()
    inherited.leave_out_debugging()
    return first_process.stay(_answered(arguments))


def _answered(arguments: Sequence[str] | None) -> int:
    """Run a command line; returns its exit code, whatever became of it."""
    try:
        return _run(arguments)
    except UserError as error:
        return _said(str(error), error.code)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # whoever read our output has gone
        standard_streams.give_up_output()
        return INTERRUPTED
    except OutputFailedError as failed:
        return _said(standard_streams.give_up_output(failed), TRAINING_FAILED)
    except OSError as error:
        if switches.is_on(os.environ, switches.DEBUG):
            raise
        what = f"{harmless(str(error.filename))}: " if error.filename else ""
        return _said(f"{what}{told(error)}.", TRAINING_FAILED)
    except Exception as error:
        if switches.is_on(os.environ, switches.DEBUG):
            raise
        what = f"{type(error).__name__}: {harmless(str(error))}"
        return _said(f"{what} (GAN_TUI_DEBUG=1 shows where).", TRAINING_FAILED)


def _run(arguments: Sequence[str] | None) -> int:
    """Do what a command line says, until all of its output is written."""
    try:
        words = sys.argv[1:] if arguments is None else list(arguments)
        if words[:1] == [completion.ASKED]:
            from gan_tui.cli.completion import answer

            return answer.main(words[1:])
        if words == [asked.WORKER]:
            os.execv(sys.executable, [sys.executable, "-P", "-m", asked.MODULE])
        given = parser.parsed(words)
        with signals.held_back():  # Ctrl-C in the midst of loading orjson crashes it
            if given.command == "completion":  # at the start of every shell: soon
                from gan_tui.cli.completion.scripts import run
            elif given.command in QUERIES:
                from gan_tui.cli.queries import run
            else:
                from gan_tui.cli.dispatch import run
        return run(given)
    finally:
        sys.stdout.flush()


def _said(sentence: str, code: int) -> int:
    print(f"gan-tui: {sentence}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
