"""What tests of screens have in common: a terminal with all colours, whatever the one is that they are run in."""

from collections.abc import Iterator

import pytest
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet

import gan_tui.dashboard  # noqa: F401  # before numpy, as in the product: it decides how many threads numpy takes


@pytest.fixture(scope="session", autouse=True)
def styles_are_parsed_once() -> Iterator[None]:
    """And not by each app anew: to parse them takes a tenth of the time of all apps of tests."""
    parsed: dict[object, list[RuleSet]] = {}
    parse = Stylesheet._parse_rules

    def once(self: Stylesheet, *source: object, **more: object) -> list[RuleSet]:
        key = (source, tuple(more.items()), tuple(self._variables.values()))
        if key not in parsed:
            parsed[key] = parse(self, *source, **more)
        return parsed[key]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Stylesheet, "_parse_rules", once)
        yield


@pytest.fixture(scope="module", autouse=True)
def terminal() -> Iterator[None]:
    """As long as an app may be shared by tests, too."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("GAN_TUI_COLORS", "truecolor")
        environment.setenv("GAN_TUI_ASCII", "0")
        environment.setenv("GAN_TUI_PREPARE", "0")
        yield
