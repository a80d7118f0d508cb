"""How often is drawn: as a person wishes, within reason."""

import pytest

from gan_tui.dashboard.redraw_rate import REDRAW_SECONDS, redraw_seconds
from gan_tui.errors import UserError


def test_a_wish_is_heeded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GAN_TUI_REDRAW_SECONDS", raising=False)
    assert redraw_seconds() == REDRAW_SECONDS
    monkeypatch.setenv("GAN_TUI_REDRAW_SECONDS", "2")
    assert redraw_seconds() == 2


@pytest.mark.parametrize("wish", ["0", "-1", "nan", "inf", "often", "\x1b[31m"])
def test_one_that_cannot_be_granted_is_refused_in_a_sentence(wish: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GAN_TUI_REDRAW_SECONDS", wish)
    with pytest.raises(
        UserError, match=r"^GAN_TUI_REDRAW_SECONDS must be a number from 0\.1 to 3600, not .*\.$"
    ) as caught:
        redraw_seconds()
    assert "\x1b" not in str(caught.value)
