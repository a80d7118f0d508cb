"""What a script has asked to see of its model, and what there is to see without being asked for."""

from collections.abc import Callable, Sequence
from typing import Any

from gan_tui.errors import UserError
from gan_tui.integrations.scripts.inputs import Examples, Truth
from gan_tui.integrations.scripts.layer_tables import Network
from gan_tui.integrations.scripts.views import Answered, Features, GeneratedImages, LayerKernels, LayerWeights
from gan_tui.integrations.scripts.words import in_words
from gan_tui.run.recorder import Snapshot

Say = Callable[[str, str], None]


class Shown:
    """What was given to be looked at."""

    def __init__(self, inputs: Any, labels: Any, names: Sequence[str], generator: Any, latents: Any) -> None:
        self._inputs, self._labels, self._names = inputs, labels, list(map(str, names))
        self._generator, self._latents = generator, latents
        self.features: Features | None = None

    @property
    def has_examples(self) -> bool:
        return self._inputs is not None

    def described(self) -> dict[str, Any]:
        """What the run tells of the data."""
        dataset = {"name": "own", "origin": "script", "train": 0, "validation": 0}
        return {"dataset": {**dataset, "names": self._names} if self._names else dataset}

    def views(self, model: Any, networks: Sequence[Network], say: Say) -> list[Snapshot]:
        """Everything there is to see of a model; what cannot be seen, and why, is said."""
        found: list[Snapshot] = [LayerWeights(networks), LayerKernels(networks)]
        self.features = None
        try:
            found += self._of_examples(model, networks)
        except Exception as error:  # noqa: BLE001 (whatever a script gives)
            say("inputs", f"The inputs cannot be shown: {in_words(error)}.")
        try:
            found += [GeneratedImages(self._generator, self._latents)] if self._generator is not None else []
        except Exception as error:  # noqa: BLE001 (whatever a script gives)
            say("generator", f"Generated images cannot be shown: {in_words(error)}.")
        return found

    def _of_examples(self, model: Any, networks: Sequence[Network]) -> list[Snapshot]:
        if self._inputs is None:
            if self._labels is not None:
                raise UserError("there are labels and no inputs; give both")
            return []
        examples = Examples(self._inputs)
        truth = Truth.of(self._labels, self._names, len(examples)) if self._labels is not None else None
        self.features = Features(model, networks, examples, truth)
        return [self.features, *([Answered(model, examples, truth)] if truth else [])]

    def choose(self, which: Any) -> str:
        """Another example to look at. Raises UserError for what is none."""
        if self.features is None:
            raise UserError("there is no example to look at")
        return self.features.choose(which)
