"""What tests of screens have in common: a terminal with all colours, whatever the one is that they are run in."""

from collections.abc import Iterator

import pytest

import gan_tui.dashboard  # noqa: F401  # before numpy, as in the product: it decides how many threads numpy takes


@pytest.fixture(scope="module", autouse=True)
def terminal() -> Iterator[None]:
    """As long as an app may be shared by tests, too."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("GAN_TUI_COLORS", "truecolor")
        environment.setenv("GAN_TUI_ASCII", "0")
        environment.setenv("GAN_TUI_PREPARE", "0")
        yield
