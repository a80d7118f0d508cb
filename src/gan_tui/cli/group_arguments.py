"""What the commands take that start a training which several may share."""

import argparse

from gan_tui.cli.whole_numbers import add_number


def add_group(command: argparse.ArgumentParser) -> None:
    several = command.add_mutually_exclusive_group()
    add_number(several, "--workers", "share each batch among so many processes of this machine", 2)
    several.add_argument("--gpus", metavar="N|all", help="share each batch among so many GPUs of this machine")
    about = "let a group train on public addresses, where a firewall keeps strangers out"
    command.add_argument("--trust-network", action="store_true", help=about)
