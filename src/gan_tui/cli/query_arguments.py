"""What commands take that ask about a run, or bring it to other programs."""

import argparse

from gan_tui.cli.whole_numbers import add_number

QUERIES = ("metrics", "events", "status", "wait", "compare", "export")


def add_run(command: argparse.ArgumentParser) -> None:
    command.add_argument("run", metavar="RUN", nargs="?", help="a run's name or folder")


def add_changes(command: argparse.ArgumentParser) -> None:
    """[RUN] KEY=VALUE…; which is which is told by the sign of equality."""
    about = "a run's name or folder, then settings with their new values, such as learning_rate=0.0005"
    command.add_argument("words", metavar="[RUN] KEY=VALUE", nargs="+", help=about)


def add_run_or_log(command: argparse.ArgumentParser) -> None:
    about = "a run's name or folder, or the path of another tool's log"
    command.add_argument("run", metavar="RUN|PATH", nargs="?", help=about)


def add_metrics(metrics: argparse.ArgumentParser) -> None:
    add_run_or_log(metrics)
    form = metrics.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print JSON, for scripts")
    form.add_argument("--csv", action="store_true", help="print CSV, a row a step")
    metrics.add_argument("--steps", metavar="FIRST:LAST", help="only these steps; either may be left out")
    add_number(metrics, "--every", "of each N steps, only the last that was measured", 100)


def add_events(events: argparse.ArgumentParser) -> None:
    add_run_or_log(events)
    events.add_argument("--json", action="store_true", help="print JSON, an event a line")
    add_number(events, "--since", "only events after the one with this number (seq)", 120, "SEQ")
    events.add_argument("--follow", action="store_true", help="go on with what the run says, until it has ended")


def add_status(status: argparse.ArgumentParser) -> None:
    add_run_or_log(status)
    form = status.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print JSON, for scripts")
    about = 'a text of your own with {names} in it, such as "{step} {loss:.3f} {time_left}"'
    form.add_argument("--format", metavar="TEXT", help=about)


def add_wait(wait: argparse.ArgumentParser) -> None:
    add_run_or_log(wait)
    about = "until a metric, step or epoch has reached VALUE: accuracy>=0.9, loss<=0.1, step>=1000"
    wait.add_argument("--until", metavar="NAME>=VALUE", help=about)
    wait.add_argument("--timeout", metavar="SECONDS", help="wait so long at most; then the exit code is 124")


def add_compare(compare: argparse.ArgumentParser) -> None:
    about = "two or more runs: names or folders, or paths of other tools' logs"
    compare.add_argument("runs", metavar="RUN", nargs="*", help=about)
    compare.add_argument("--json", action="store_true", help="print JSON, for scripts")


def add_export(export: argparse.ArgumentParser) -> None:
    add_run_or_log(export)
    export.epilog = "Several at once: gan-tui export night --html night.html --csv night.csv --gif samples=night.gif"
    for option, metavar, about in (
        ("--csv", "FILE", "what it has measured, a row a step; - prints it"),
        ("--html", "FILE", "one page to send: charts, pictures, settings, layers; it fetches nothing"),
        ("--onnx", "FILE", "its networks as of the newest checkpoint, or of RUN@STEP; several get a file each"),
        ("--tensorboard", "DIR", "a folder, where the run gets one of its own for TensorBoard; that is replaced"),
    ):
        export.add_argument(option, metavar=metavar, help=about)
    for option, metavar, about in (
        ("--png", "TAG[@STEP]=FILE", "the newest picture of a tag, or that of a step, large; may be given again"),
        ("--gif", "TAG=FILE", "all pictures of a tag as an animation; may be given again"),
    ):
        export.add_argument(option, metavar=metavar, action="append", help=about)
    export.add_argument("--force", action="store_true", help="replace files that are there already")
