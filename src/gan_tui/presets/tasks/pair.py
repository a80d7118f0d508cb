"""Adversarial pairs: a generator of pictures, and a discriminator that tells them from real ones."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gan_tui.presets import optimizers
from gan_tui.presets.checks import choice, flag, number, numbers, whole
from gan_tui.presets.datasets import DatasetFacts
from gan_tui.presets.networks import Network
from gan_tui.presets.optimizers import OPTIMIZERS
from gan_tui.presets.settings import COMMON, Setting, by_name, or_same
from gan_tui.presets.tasks import images, pair_labels, pair_losses
from gan_tui.presets.tasks.base import Described, TaskRules, check_first_input, check_output, refuse_stopped
from gan_tui.presets.tasks.images import FLIP, IMAGE_RANGE, IMAGES
from gan_tui.presets.tasks.pair_losses import CROSS_ENTROPY, LOSSES, WASSERSTEIN
from gan_tui.run.metrics import Metric

_COMMON = by_name(COMMON)
_SAME = {"learning_rate": 0, "optimizer": "", "beta_1": -1}
"""What stands for "as the generator's" in the discriminator's own settings, which have d_ before their names."""


def _of_discriminator(name: str, about: str) -> Setting:
    known = _COMMON[name]
    return Setting(f"d_{name}", f"the discriminator's {about}", _SAME[name], or_same(known.check, _SAME[name]))


def for_discriminator(settings: Mapping[str, Any]) -> Mapping[str, Any]:
    """The settings of a pair as the discriminator's optimizer has them.

    Its rate changes with the steps of the run, however many of its own each of them has.
    """
    own = {name: settings[f"d_{name}"] for name, same in _SAME.items() if settings[f"d_{name}"] != same}
    times = settings["d_steps"]
    schedule = {
        "learning_rate_decay": settings["learning_rate_decay"] / times,
        "schedule_steps": settings["schedule_steps"] * times,
        "schedule_at": tuple(step * times for step in settings["schedule_at"]),
        "warmup_steps": settings["warmup_steps"] * times,
    }
    return {**settings, **own, **schedule}


def _as_if_both(settings: Mapping[str, Any]) -> Mapping[str, Any]:
    """The generator's settings, with the discriminator's optimizer."""
    return {**settings, "optimizer": for_discriminator(settings)["optimizer"]}


class PairRules(TaskRules):
    name = "gan"
    heading = "Generative adversarial pairs"
    networks = ("generator", "discriminator")
    datasets = ("flowers", "mnist", "fashion-mnist")
    settings = (
        IMAGE_RANGE,
        Setting("latent", "distribution of the latent vectors", "normal", choice("normal", "uniform")),
        *IMAGES,
        FLIP,
        Setting("real_label", "the discriminator's target for real images", 1.0, number(0.5, 1)),
        Setting("save_epochs", "epochs after which the networks are saved",
                (), numbers(0, 100, 1, 10_000_000, (1, 20)), may_change=True),
        Setting("save_every", "epochs between saves of the networks; 0 means none",
                0, whole(0, 10_000_000), may_change=True),
        Setting("loss", "how the discriminator's answers are judged: cross-entropy, least-squares, hinge, wasserstein",
                CROSS_ENTROPY, choice(*LOSSES)),
        Setting("gradient_penalty", "with the loss wasserstein: weight of the penalty for slopes of the discriminator "
                "that are not 1; 0 means none", 10.0, number(0, 1000)),
        Setting("d_steps", "steps of the discriminator for one of the generator, each on a batch of its own",
                1, whole(1, 100)),
        Setting("fake_label", "the discriminator's target for generated images", 0.0, number(0, 0.5)),
        Setting("label_noise", "share of images, drawn anew each step, that the discriminator is told the wrong way "
                "round: real for generated", 0.0, number(0, 0.5)),
        Setting("instance_noise", "standard deviation of noise on all images that the discriminator sees, as pixel "
                "values of image_range", 0.0, number(0, 1e6)),
        Setting("generator_average", "share of the generator's averaged weights that each step keeps, such as 0.999; "
                "samples are drawn with them; 0 means none", 0.0, number(0, 0.99999)),
        _of_discriminator("learning_rate", "learning rate; 0 means the generator's"),
        _of_discriminator("optimizer", 'update rule; "" means the generator\'s'),
        _of_discriminator("beta_1", "decay rate for Adam's mean gradient; -1 means the generator's"),
        Setting("conditional", "true: both networks are told the class of an image, and the generator makes what is "
                "asked for", False, flag),
    )  # fmt: skip
    batches_in_step = "d_steps"
    ends = (("latent", "image"), ("image", ""))

    def metrics(self, values: Mapping[str, Any]) -> tuple[Metric, ...]:
        return tuple(pair_losses.metrics(values))

    def without_effect(self, preset: Described) -> Iterator[tuple[str, str]]:
        settings, loss = preset.settings, preset.settings["loss"]
        to_g, to_d = (dict(optimizers.without_effect(each)) for each in (settings, _as_if_both(settings)))
        for name, when in super().without_effect(preset):
            if name not in to_g or name in to_d:  # else it does something to one of the two
                yield name, when
        yield from images.without_effect(settings)
        idle = [] if LOSSES[loss].has_targets else ["real_label", "fake_label"]
        idle += [] if loss == WASSERSTEIN else ["gradient_penalty"]
        default = by_name(self.settings)
        yield from ((name, f"with the loss {loss}") for name in idle if settings[name] != default[name].default)
        theirs = for_discriminator(settings)["optimizer"]
        if settings["d_beta_1"] != _SAME["beta_1"] and "beta_1" not in OPTIMIZERS[theirs].takes:
            yield "d_beta_1", f"with the optimizer {theirs}"

    def kept_of_weights(self, network: str, settings: Mapping[str, Any]) -> int:
        if network == self.networks[1]:
            return optimizers.slots(for_discriminator(settings))
        return optimizers.slots(settings) + int(settings["generator_average"] > 0)

    def whole_batches(self, values: Mapping[str, Any]) -> bool:
        return True

    def check_shapes(self, networks: Sequence[Network], facts: DatasetFacts, data: str) -> None:
        generator, discriminator = networks
        for network in networks:
            pair_labels.check_fit(network, facts, data)
        check_output(generator, facts.shape, f"an image of {data}")
        check_first_input(discriminator, generator.output, "the generator's output")
        if discriminator.output != (1,):
            raise ValueError(f"networks.discriminator must end in one number, not in {list(discriminator.output)}")

    def check_settings(self, preset: Described) -> None:
        super().check_settings(preset)
        optimizers.check(for_discriminator(preset.settings))
        real, fake = preset.settings["real_label"], preset.settings["fake_label"]
        if LOSSES[preset.settings["loss"]].has_targets and real <= fake:
            raise ValueError(f"fake_label {fake:g} must be less than real_label {real:g}; make one of them another")
        pair_labels.check_told(preset.networks, preset.settings["conditional"])

    def check_trains(self, preset: Described) -> None:
        super().check_trains(preset)
        generator, discriminator = preset.networks
        refuse_stopped(discriminator, discriminator.inputs, "the generator")
        name, ending = preset.settings["loss"], discriminator.activation
        loss = LOSSES[name]
        if ending != loss.ends_in:
            raise ValueError(
                f"networks.discriminator must end in {loss.ends_in}, not in {ending}: its output is taken for "
                f"{loss.output}{_remedy(name, ending)}"
            )
        images.check_reaches(generator, preset.settings["image_range"])


def _remedy(loss: str, ending: str) -> str:
    if loss == CROSS_ENTROPY:
        return ""
    or_loss = f', or write loss = "{CROSS_ENTROPY}"' if ending == LOSSES[CROSS_ENTROPY].ends_in else ""
    return f" with the loss {loss}; leave {ending} out at its end{or_loss}"
