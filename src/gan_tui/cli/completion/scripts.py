"""The script that a shell loads, printed."""

import shlex
import sys
from argparse import Namespace
from importlib.resources import files

from gan_tui.errors import DONE

_LASTING = {
    "bash": """echo 'eval "$(gan-tui completion bash)"' >> ~/.bashrc""",
    "zsh": """echo 'eval "$(gan-tui completion zsh)"' >> ~/.zshrc""",
    "fish": "gan-tui completion fish > ~/.config/fish/completions/gan-tui.fish",
}


def run(given: Namespace) -> int:
    """Print the script; who sees it on a terminal is told how to have it for good."""
    print(script(given.shell), end="")
    if sys.stdout.isatty():
        print(f"To complete gan-tui's words in every new {given.shell}: {_LASTING[given.shell]}", file=sys.stderr)
    return DONE


def script(shell: str) -> str:
    """It asks the gan-tui that the person's PATH finds; where that finds none, the one that has printed it."""
    text = files(__package__).joinpath(f"gan-tui.{shell}").read_text(encoding="utf-8")
    return text.replace("@PROGRAM@", f"{shlex.quote(sys.executable)} -P -m gan_tui")
