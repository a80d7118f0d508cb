"""A preset: what to train, on what, and how; its settings, networks and data always fit each other."""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gan_tui.data.own import Found
from gan_tui.presets import fitting, own_data, sizes
from gan_tui.presets.datasets import DatasetFacts
from gan_tui.presets.networks import Network, listed, network_document
from gan_tui.presets.start import Start
from gan_tui.presets.tasks import TASKS, TaskRules
from gan_tui.run.metrics import Metric
from gan_tui.text import harmless


@dataclass(frozen=True)
class Preset:
    """A checked preset; `settings` holds a value for every setting its task knows."""

    name: str
    title: str
    about: str
    task: str
    dataset: str
    settings: Mapping[str, Any]
    networks: tuple[Network, ...]
    facts: DatasetFacts = field(compare=False)
    """What is known of its data."""
    help: str = ""
    """A page for a learner: paragraphs, each after one with its heading, which begins with ##."""
    begun: bool = field(default=False, compare=False)
    """Whether it is a run's, which may have begun under a version that refused less: what was trained then still is."""
    origin: str = field(default="", compare=False)
    """Where the data of a run came from when it began, in words; empty for what is no run yet."""
    found: Found | None = field(default=None, compare=False)
    """What lies at the setting `data`; None without it."""
    tables: Mapping[str, Any] = field(default_factory=dict, compare=False)
    """The networks as they are written, whose sizes may follow the data; empty where settings make them."""
    start: Start | None = field(default=None, compare=False)
    """What its weights begin as; None where they begin anew."""

    @property
    def data_name(self) -> str:
        """What its data are called where there is little room."""
        return self.found.name if self.found else self.dataset

    @property
    def rules(self) -> TaskRules:
        """What is known of its task."""
        return TASKS[self.task]

    def network(self, name: str) -> Network:
        return next(network for network in self.networks if network.name == name)

    @property
    def networks_made(self) -> bool:
        """Whether the networks are made from settings instead of written out."""
        made_from = self.rules.network_settings(self.dataset)
        return bool(made_from) and all(name in self.settings for name in made_from)

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """What training it measures: first each step's, in the order of their rows, then what each epoch adds."""
        return tuple(self.rules.compared(metric, self) for metric in self.rules.measured(self.settings))

    @property
    def length(self) -> tuple[str, int]:
        """How long it trains, as it is set: ("steps", 400), or ("epochs", 10)."""
        unit = "steps" if self.settings["steps"] else "epochs"
        return unit, self.settings[unit]

    def of_length(self, unit: str, count: int) -> "Preset":
        """The same for so many "steps" or "epochs" in all. Raises ValueError as `with_settings` does."""
        return self.with_settings({unit: count})

    @property
    def batches_in_step(self) -> int:
        """Batches of `batch_size` that a step sees, one after the other."""
        several = self.rules.batches_in_step
        return int(self.settings[several]) if several else 1

    @property
    def whole_batches(self) -> bool:
        """Whether the last examples of an epoch are left out where they do not fill a batch."""
        return self.rules.whole_batches(self.settings)

    @property
    def saves_epochs(self) -> bool:
        """Whether there are epochs after which the networks are saved."""
        return bool(self.settings.get("save_every") or self.settings.get("save_epochs"))

    def saves_after(self, epoch: int) -> bool:
        """Whether the networks are saved after an epoch."""
        every = self.settings.get("save_every", 0)
        return epoch in self.settings.get("save_epochs", ()) or bool(every and epoch % every == 0)

    def files(self) -> dict[str, Path]:
        """Setting → the file that it names, of which a run keeps a copy."""
        known = self.rules.settings_for(self.dataset)
        return {name: Path(value) for name, value in self.settings.items() if known[name].is_file(value, None)}

    def with_settings(self, changes: Mapping[str, object]) -> "Preset":
        """A copy with some settings changed, its networks made anew where they depend on them.

        Raises ValueError with a sentence that names the setting, UserError when a file of points is no good.
        """
        checked = {name: self.rules.checked(name, value, self.dataset) for name, value in changes.items()}
        refuse_written(changes, self.settings)
        if "epochs" in checked and "steps" not in checked:
            checked["steps"] = 0  # else they would not be what is asked for
        changed = self._refitted({**self.settings, **checked})
        self.rules.check_settings(changed)
        if not self.begun:
            self.rules.check_trains(changed)
        return changed

    def _refitted(self, settings: Mapping[str, Any]) -> "Preset":
        """The same with other settings, on the data that they name, with the networks that follow."""
        settings = own_data.of_its_set(settings, self.dataset)
        found = own_data.found_at(self.rules, settings, self.settings, self.found)
        fits = fitting.fitted(self.rules, self.dataset, settings, self.tables, found)
        title = self._titled(found.name) if found and (not self.found or found.name != self.found.name) else self.title
        return dataclasses.replace(
            self, title=title, settings=settings, found=found, facts=fits.facts, networks=fits.networks
        )

    def _titled(self, data: str) -> str:
        """'CNN: flowers' of 'CNN: clothes from pictures': what it is, and of which data."""
        return harmless(f"{self.title.partition(':')[0]}: {data}", 80)

    def without_effect(self) -> list[str]:
        """A sentence for each setting that changes nothing, as the others are."""
        return [f"{name} does nothing {why}." for name, why in self.rules.without_effect(self)]

    def as_document(self, following: bool = False) -> dict[str, Any]:
        """The preset as TOML would hold it: every setting written out, networks unless settings make them.

        Sizes of networks are numbers, unless they are to go on `following` the data, as in a copy, which begins anew.
        """
        as_written = following and sizes.follow_data(self.tables)
        return {
            "name": self.name, "title": self.title, "about": self.about,
            **({"help": self.help} if self.help else {}),
            "task": self.task, "dataset": self.dataset,
            "settings": {name: listed(value) for name, value in self.settings.items()},
            **({"found": self.found.as_document()} if self.found else {}),
            **({"start": self.start.as_document()} if self.start and not following else {}),
            **({} if self.networks_made else {
                "networks": dict(self.tables) if as_written
                else {network.name: network_document(network) for network in self.networks}
            }),
        }  # fmt: skip


def refuse_written(given: Iterable[str], known: Mapping[str, Any]) -> None:
    """Settings that make networks change nothing where a network is written out."""
    for name in given:
        if name not in known:
            raise ValueError(f"{name}: this preset lists its layers; change those instead")
