"""What is offered at a place of the command line: presets, runs, settings and their values, files."""

import argparse
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gan_tui.cli.completion.places import Place
from gan_tui.errors import UserError
from gan_tui.system.paths import runs_folder, user_path

if TYPE_CHECKING:
    from gan_tui.presets.settings import Setting

FILES, FOLDERS = "files", "folders"


@dataclass(frozen=True)
class Offer:
    """A word that may stand there."""

    word: str
    about: str = ""
    goes_on: bool = False
    """Whether more belongs to it, so that no blank follows: KEY=."""


@dataclass(frozen=True)
class Paths:
    """Whatever lies where the person points to, which the shells find themselves."""

    kind: str
    """"files" or "folders"."""
    behind: str = ""
    """What the path follows within its word: KEY=."""


Offers = Iterator[Offer | Paths]


def offers(place: Place) -> Offers:
    """What may stand there, whatever has been typed of it; words are whole."""
    argument = place.argument
    if argument is not None and argument.choices is not None:
        yield from _chosen(argument)
    elif argument is not None:
        named = _BY_ARGUMENT.get((place.command, argument.dest))
        for find in (named,) if named else (_BY_KIND[kind] for kind in place.kinds if kind in _BY_KIND):
            with suppress(UserError, OSError, ValueError):  # what cannot be read offers nothing
                yield from find(place)
    for option in place.options:
        yield from (Offer(name, option.help or "") for name in _long(option))


def _chosen(argument: argparse.Action) -> Offers:
    if isinstance(argument, argparse._SubParsersAction):
        about = {each.dest: each.help or "" for each in argument._choices_actions}
        yield from (Offer(word, about.get(word, "")) for word in argument.choices)
    else:
        yield from (Offer(str(word)) for word in argument.choices or ())


def _long(option: argparse.Action) -> Iterable[str]:
    """The spelling of an option that says what it is."""
    return [name for name in option.option_strings if name.startswith("--")] or option.option_strings[:1]


# Runs ------------------------------------------------------------

_OF_LIVE = ("pause", "save", "stop", "set", "wait")
"""Commands that mostly are for a run that is alive."""


def _runs_folder(place: Place) -> Path:
    return runs_folder(place.last("runs_dir") or None)


def _runs(place: Place) -> Offers:
    """The newest first; of those that are alive alone, where there are some and the command is for them."""
    from gan_tui.run import catalog

    folders = sorted(catalog.run_folders(_runs_folder(place)), key=lambda folder: folder.written_at, reverse=True)
    if place.command in _OF_LIVE:
        folders = [folder for folder in folders if folder.is_alive()] or folders
    given = place.given.get(place.argument.dest, []) if place.argument else []
    yield from (Offer(folder.path.name) for folder in folders if folder.path.name not in given)
    if "/" in place.current:
        yield Paths(FOLDERS)


def _runs_at_steps(place: Place) -> Offers:
    """RUN, and RUN@STEP once there is an @."""
    run, at, _ = place.current.rpartition("@")
    if not at:
        yield from _runs(place)
        yield Paths(FILES)
        return
    from gan_tui.run import catalog, manifests

    folder = catalog.find(run, _runs_folder(place))
    yield from (Offer(f"{run}@{step}") for step in reversed(manifests.steps(folder.checkpoints)))


def _pictures(place: Place) -> Offers:
    """TAG=FILE of a run's pictures."""
    from gan_tui.run import catalog

    tag, sign, _ = place.current.partition("=")
    if sign:
        yield Paths(FILES, f"{tag}=")
    elif run := place.last("run"):
        folder = catalog.find(run, _runs_folder(place))
        tags = sorted(path.name for path in (folder.root / "samples").iterdir() if path.is_dir())
        yield from (Offer(f"{tag}=", goes_on=True) for tag in tags)


def _sweeps(place: Place) -> Offers:
    from gan_tui.run.catalog import SWEEPS

    yield from (Offer(path.parent.name) for path in sorted((_runs_folder(place) / SWEEPS).glob("*/sweep.toml")))


# Presets and data ------------------------------------------------------------


def _presets(place: Place) -> Offers:
    from gan_tui.system import preset_files

    yield from (Offer(name, _title(file)) for name, file in preset_files.files().items())
    yield Paths(FILES)


def _title(preset: Path) -> str:
    """As its first line has it; what cannot be read has none."""
    from gan_tui.system.untrusted_files import read

    with suppress(OSError, ValueError):
        for line in read(preset, 1 << 18).decode().splitlines()[:20]:
            if line.startswith("title"):
                return line.partition("=")[2].strip().strip("\"'")
    return ""


def _sets(place: Place) -> Offers:
    from gan_tui.data.class_names import OF_SETS

    yield from map(Offer, OF_SETS)


def _sets_or_files(place: Place) -> Offers:
    yield from _sets(place)
    yield Paths(FILES)


# Settings ------------------------------------------------------------


def _settings(place: Place) -> Offers:
    """KEY=, and the values of a key once it is there; of several for a sweep, the last."""
    key, sign, value = place.current.partition("=")
    known = _settings_of(place.last("preset"))
    if not sign:
        yield from (Offer(f"{name}=", setting.about, True) for name, setting in known.items())
    elif key in known:
        several = value.rpartition(",") if place.command == "sweep" else ("", "", "")
        yield from _values(known[key], f"{key}={several[0]}{several[1]}")


def _settings_of(preset: str) -> "Mapping[str, Setting]":
    """What a preset can be set to, on its own data; of one that is not known, what any can."""
    from gan_tui import presets
    from gan_tui.run import documents

    document = {}
    with suppress(UserError):
        document = documents.written(presets.files().get(preset) or user_path(preset)) if preset else {}
    rules, dataset = presets.TASKS.get(str(document.get("task", ""))), document.get("dataset")
    if rules is not None:
        return rules.settings_for(dataset if isinstance(dataset, str) and dataset in rules.datasets else None)
    return {name: setting for task in presets.TASKS.values() for name, setting in task.settings_for().items()}


def _values(setting: "Setting", before: str) -> Offers:
    yield from (Offer(f"{before}{word}") for word in setting.choices if word)
    if setting.is_place("here") or setting.is_file("here.csv", None):
        yield Paths(FILES, before)


def _live_settings(place: Place) -> Offers:
    """Of a run: what it said that may be set while it trains."""
    for started in _started(place, place.last("words")):
        yield from (Offer(f"{name}=", goes_on=True) for name in started.settable)


def _runs_then_settings(place: Place) -> Offers:
    if not place.given.get("words"):
        yield from _runs(place)
    yield from _live_settings(place)


def _started(place: Place, run: str) -> list:  # type: ignore[type-arg]
    """What the run told when it began, the newest where none is named; nothing without any."""
    from gan_tui.run import catalog, summaries
    from gan_tui.run.event_log import read_head
    from gan_tui.run.events import Started

    runs = _runs_folder(place)
    folder = catalog.find(run, runs) if run and "=" not in run else summaries.newest_alive(runs)
    return [record.event for record in read_head(folder.events_file, Started)][-1:]


# Metrics ------------------------------------------------------------


def _metrics_of_preset(place: Place) -> Iterator[str]:
    from gan_tui import presets

    yield from (metric.name for metric in presets.find(place.last("preset")).metrics)


def _metrics(place: Place) -> Offers:
    yield from map(Offer, _metrics_of_preset(place))


def _metrics_with_value(place: Place) -> Offers:
    yield from (Offer(f"{name}=", goes_on=True) for name in _metrics_of_preset(place))


def _what_is_waited_for(place: Place) -> Offers:
    measured = [str(row.get("name", "")) for told in _started(place, place.last("run")) for row in told.metrics]
    yield from (Offer(f"{name}>=", goes_on=True) for name in (*measured, "step", "epoch"))


def _methods(place: Place) -> Offers:
    yield Offer("grid", "every combination")
    yield Offer("random", "some, drawn at random")


def _machines(place: Place) -> Offers:
    from gan_tui.cli.completion.hosts import hosts

    yield Offer("local", "this machine")
    yield from (Offer(f"ssh {host}") for host in hosts())
    yield Offer("srun -n1", "as a step of a SLURM job")
    yield Offer("kubectl exec -i ", "in a pod", goes_on=True)
    yield Offer("ray", "a Ray cluster")


def _changes(place: Place) -> Offers:
    """Of several, the last."""
    from gan_tui.presets.augmentation import AMOUNTS

    before, comma, _ = place.current.rpartition(",")
    yield from (Offer(f"{before}{comma}{word}") for word in AMOUNTS if word not in before.split(","))


def _paths(kind: str) -> Callable[[Place], Offers]:
    def found(place: Place) -> Offers:
        yield Paths(kind)

    return found


_BY_KIND: Mapping[str, Callable[[Place], Offers]] = {
    "PRESET": _presets, "RUN": _runs, "RUN[@STEP": _runs_at_steps, "KEY=VALUE": _settings, "KEY=V1,V2,": _settings,
    "PATH": _paths(FILES), "FILE": _paths(FILES), "F": _paths(FILES), "SCRIPT": _paths(FILES),
    "MODEL.keras": _paths(FILES), "FILE.keras": _paths(FILES), "TAG=FILE": _pictures, "TAG[@STEP]=FILE": _pictures,
    "FOLDER": _paths(FOLDERS),
    "DIR": _paths(FOLDERS), "LOGDIR": _paths(FOLDERS), "METRIC": _metrics, "NAME=VALUE": _metrics_with_value,
    "NAME>=VALUE": _what_is_waited_for, "METHOD": _methods,
    "PREFIX[*N": _machines,
    "CHANGES": _changes,
}  # fmt: skip
"""What an argument is called in help → what is offered for it."""
_BY_ARGUMENT: Mapping[tuple[str, str], Callable[[Place], Offers]] = {
    ("set", "words"): _runs_then_settings,
    ("sweep", "resume"): _sweeps,
    ("presets copy", "preset"): _presets,
    ("data fetch", "name"): _sets,
    ("data show", "place"): _sets_or_files,
    ("train", "data"): _sets_or_files,
    ("sweep", "data"): _sets_or_files,
}
"""(command, argument) that its name in help does not tell."""
