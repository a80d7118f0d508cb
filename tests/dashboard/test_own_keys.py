"""Other keys for actions: they act, the screens tell them, and what cannot be is refused by name."""

from pathlib import Path

import pytest
from textual.binding import Binding

from gan_tui.dashboard import kept_choices, own_keys
from gan_tui.dashboard.app import GanTui
from gan_tui.dashboard.screens.help import HelpScreen
from gan_tui.dashboard.screens.menu import MenuScreen
from gan_tui.system.paths import own_folder
from on_screen import back_to, press, running, seen, soon, words_of
from recorded import recorded_run


def write(text: str) -> Path:
    folder = own_folder("config")
    assert folder is not None
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "config.toml"
    file.write_text(text)
    kept_choices.begin()
    return file


def problems(text: str) -> list[str]:
    file = write(f"[keys]\n{text}\n")
    return [problem.removeprefix(f"{file}: ") for problem in own_keys.begin(GanTui.keys_by_screen)[1]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('ful = "f5"', 'keys.ful is no action, did you mean "full"?'),
        ('step = "f55"', 'keys.step: there is no key "f55", did you mean "f5"?'),
        ('step = "é"', 'keys.step: there is no key "é", such as p, P, f5 or ctrl+g.'),
        ('step = "enter"', 'keys.step: "enter" is a key of lists and fields; choose another, such as f5.'),
        ('step = "p"', 'keys.step: "p" is next_view on a run; give next_view another key, or choose a free one.'),
        ('zoom_in = "q"', 'keys.zoom_in: "q" is quit on a run; give quit another key, or choose a free one.'),
        ('theme = "w"', 'keys.theme: "w" is draw in the menu; give draw another key, or choose a free one.'),
        ('commands = "j"', 'keys.commands: "j" types into fields; choose another, such as f5.'),
        ('reset = "ctrl+u"', 'keys.reset: "ctrl+u" types into fields; choose another, such as f5.'),
        ('up = "j"', "keys.up is no action"),
    ],
)
def test_a_key_that_cannot_be_is_refused_by_what_it_is(text: str, said: str) -> None:
    (problem,) = problems(text)
    assert problem.startswith(said)


@pytest.mark.parametrize(
    "text",
    [
        'step = "f5"', 'step = "j"', 'help = ["?", "f1"]', 'step = "space"\npause = "s"', 'quit = "ctrl+x"',
        'back = "b"\nprevious_image = "B"',
    ],
)  # fmt: skip
def test_a_free_key_and_one_that_another_gives_up_can_be(text: str) -> None:
    assert problems(text) == []


def test_what_is_wrong_keeps_nothing_else_from_being_so() -> None:
    write('[keys]\nstpe = "f5"\nsave = "f6"\nstop = "p"\n')
    keymap, wrong = own_keys.begin(GanTui.keys_by_screen)
    assert keymap == {"save": "f6"} and len(wrong) == 2


def test_each_key_of_the_screens_has_a_name_of_its_own() -> None:
    """So that one line below [keys] never moves two keys that have nothing to do with each other."""
    for where, bindings in GanTui.keys_by_screen().items():
        keys = dict[str, str]()
        for binding in bindings:
            if binding.id:
                assert keys.setdefault(binding.id, binding.key) == binding.key, (where, binding.id)


@pytest.mark.slow
async def test_own_keys_act_and_the_footer_the_help_and_what_is_refused_tell_them(runs: Path) -> None:
    write('[keys]\nhelp = "f1"\nquit = "Z"\nresume = "j"\nother_seed = "f7"\ntheme = ["T", "f8"]\n')
    folder = recorded_run(runs, "xor", state="training")
    app = GanTui(runs, folder)
    async with running(app, (140, 40), notifications=True) as pilot:
        await seen(pilot, "j Resume")
        await seen(pilot, "Z Quit")
        assert words_of(pilot, "KeyLine").startswith("j Resume"), "it stands where it stood"
        press(pilot, "s")
        await seen(pilot, "s does nothing now: .* and j resumes it")
        dark = app.theme
        press(pilot, "t")
        press(pilot, "f8")
        await soon(lambda: app.theme != dark)
        press(pilot, "f1")
        await soon(lambda: isinstance(app.screen, HelpScreen))
        await seen(pilot, r" j  +Resume a stopped")
        press(pilot, "escape")
        await back_to(pilot, MenuScreen)
        await seen(pilot, "F1 Help|f1 Help")
        press(pilot, "Z")
        await soon(lambda: app._exit)


async def test_what_is_wrong_is_said_at_the_start_in_a_sentence(runs: Path) -> None:
    write('smoothing = 7\n[keys]\nstpe = "f5"\n')
    async with running(GanTui(runs), notifications=True) as pilot:
        await seen(pilot, "smoothing takes 0 to 0.99, not 7")
        (said,) = [toast.message for toast in pilot.app._notifications]
        assert said.endswith("not 7. (1 more: gan-tui config --print says them.)")


def test_of_several_keys_of_an_action_the_first_is_replaced() -> None:
    first, second = own_keys.named([Binding("o", "data"), Binding("ctrl+o", "data")])
    assert isinstance(first, Binding) and isinstance(second, Binding)
    assert (first.id, second.id) == ("data", None)
