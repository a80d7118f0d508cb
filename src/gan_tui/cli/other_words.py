"""What is said of a word on the command line that is none of gan-tui's there, and what may have been meant."""

from collections.abc import Callable, Iterable

from gan_tui.text import harmless, nearest

_OTHER_RUN = (
    "resume goes on with the run's own settings, but for its length (--steps, --epochs); for others start a new run: "
    "gan-tui train PRESET {}"
)
INSTEAD = {
    ("resume", "--set"): _OTHER_RUN.format("--set KEY=VALUE"),
    ("resume", "--seed"): _OTHER_RUN.format("--seed N"),
    ("resume", "--from"): "resume goes on from the run's newest checkpoint; a new run begins with the weights of any: "
    "gan-tui train PRESET --from RUN@STEP",
    ("sweep", "--from"): "a sweep begins each training anew; one alone may begin with weights: "
    "gan-tui train PRESET --from RUN",
    ("resume", "--name"): "resume keeps the run's name; a new run gets one: gan-tui train PRESET --name NAME",
}
"""(command, option) that it does not have → what works."""


_OTHER_WORDS = {
    "ls": "runs", "list": "runs", "ps": "runs", "state": "status", "kill": "stop", "cancel": "stop", "end": "stop",
    "continue": "resume", "restart": "resume", "open": "attach", "watch": "attach", "view": "attach", "log": "attach",
    "logs": "attach", "start": "train", "fit": "train", "info": "show", "describe": "show", "checkpoint": "save",
    "rm": "delete", "remove": "delete", "del": "delete", "mv": "rename", "move": "rename", "name": "rename",
    "comment": "note", "history": "metrics", "values": "metrics", "scalars": "metrics", "tensorboard": "export",
    "csv": "export", "html": "export", "gif": "export", "png": "export", "report": "export",
}  # fmt: skip
"""What other programs call a command → what it is called here."""


def _unknown_command(word: str, known: Iterable[str]) -> str:
    """What is said of a word that is no command."""
    from gan_tui import presets  # brings much that no command which is right needs here

    if word.lower().endswith(".keras"):
        way = f": it is a saved model, so gan-tui train {harmless(word, 40)} --data PATH"
    elif word.endswith((".py", ".ipynb")):
        way = f": it is a script, so gan-tui run {harmless(word, 40)}"
    elif word.endswith(".toml") or word in presets.files():
        way = f": it is a preset, so gan-tui train {harmless(word, 40)}"
    else:
        way = f", {nearest(_OTHER_WORDS.get(word, word), known)}"
    return f'unknown command "{harmless(word, 40)}"{way}'


def _unknown_word(word: str, known: Iterable[str]) -> str:
    return f'unknown word "{harmless(word, 40)}", {nearest(word, known)}'


def _unknown_shell(word: str, known: Iterable[str]) -> str:
    return f'there is no completion for "{harmless(word, 40)}", {nearest(word, known)}'


CHOSEN: dict[str, Callable[[str, Iterable[str]], str]] = {
    "command": _unknown_command,
    "presets_command": _unknown_word,
    "data_command": _unknown_word,
    "shell": _unknown_shell,
}
"""Where one of some words is chosen: what is said of another."""
