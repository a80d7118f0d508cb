"""How a person looked at charts last: what they begin with at each run, until config.toml says otherwise."""

from gan_tui.dashboard import kept_choices
from gan_tui.dashboard.charts.look import Look

_USUAL = Look()


def first_look() -> Look:
    """What charts begin with."""
    return Look(
        smoothing=kept_choices.chosen("smoothing", _USUAL.smoothing),
        log_y=kept_choices.chosen("charts.log", _USUAL.log_y),
        unit=kept_choices.chosen("charts.unit", _USUAL.unit),
    )


def keep(before: Look, now: Look) -> None:
    """Keep what is another now; where a person looks is not kept."""
    if now.smoothing != before.smoothing:
        kept_choices.keep("smoothing", now.smoothing)
    if now.log_y != before.log_y:
        kept_choices.keep("charts.log", now.log_y)
    if now.unit != before.unit:
        kept_choices.keep("charts.unit", now.unit)
