"""Combinations drawn at random: the same from one seed, each once, those that can be trained; and going on with more."""

# ruff: noqa: E501 (a table reads best with a row a line)

import re
from pathlib import Path

import pytest
import tomli_w

from gan_tui import presets
from gan_tui.errors import UserError
from gan_tui.sweep import folder as sweep_folder
from gan_tui.sweep import sweep
from gan_tui.sweep.result import Result
from gan_tui.sweep.sweep import Job, Sweep
from shell import said

SPACE = ("learning_rate=log:0.0001..1", "batch_size=1..4", "optimizer=adam,sgd")


def drawn(trials: int, *changes: str, name: str = "xor", repeats: int = 1, **settings: object) -> Sweep:
    preset = presets.find(name).with_settings({"seed": 42, **settings})
    return sweep.made(preset, changes or SPACE, None, repeats, trials)


def test_one_seed_draws_the_same_and_more_of_it_begin_alike() -> None:
    few, many = drawn(6).combinations, drawn(40).combinations
    assert few == drawn(6).combinations == many[:6]
    assert few != drawn(6, seed=43).combinations
    assert [list(combination) for combination in few] == [["learning_rate", "batch_size", "optimizer"]] * 6


def test_what_is_drawn_never_changes() -> None:
    """A sweep of an earlier version that is made longer must go on where it was."""
    assert [sweep.words(combination) for combination in drawn(3).combinations] == [
        "learning_rate=0.0001259 batch_size=1 optimizer=sgd",
        "learning_rate=0.3704 batch_size=2 optimizer=adam",
        "learning_rate=0.01051 batch_size=1 optimizer=sgd",
    ]


def test_values_lie_within_their_ranges_and_are_short() -> None:
    every = drawn(100).combinations
    for combination in every:
        rate = combination["learning_rate"]
        assert 1e-4 <= rate <= 1 and rate == float(f"{rate:.4g}")
        assert combination["batch_size"] in (1, 2, 3, 4) and combination["optimizer"] in ("adam", "sgd")
    rates = sorted(combination["learning_rate"] for combination in every)
    assert 0.003 < rates[50] < 0.03, "half of them below the middle of the powers"


def test_each_combination_is_drawn_once() -> None:
    words = [sweep.words(combination) for combination in drawn(8, "batch_size=1..4", "optimizer=adam,sgd").combinations]
    assert sorted(words) == [f"batch_size={size} optimizer={name}" for size in range(1, 5) for name in ("adam", "sgd")]


def test_values_of_any_kind_are_drawn() -> None:
    one = drawn(
        12, "hidden=[8],[8,8]", "activation=tanh,relu", "learning_rate=0.5,log:0.001..0.1", "validation_split=0,0.2",
        name="plane", points="circle",
    )  # fmt: skip
    assert {combination["hidden"] for combination in one.combinations} == {(8,), (8, 8)}
    assert {combination["activation"] for combination in one.combinations} == {"tanh", "relu"}
    rates = {combination["learning_rate"] for combination in one.combinations}
    assert 0.5 in rates and len(rates) > 3 and max(rates - {0.5}) <= 0.1
    images = drawn(4, "image_size=16..64", "restore_best=true,false", name="fashion-cnn")
    assert all(side == other and 16 <= side <= 64 for side, other in (one["image_size"] for one in images.combinations))


def test_what_cannot_be_trained_is_drawn_again_and_counted() -> None:
    one = drawn(3, "batch_size=1..100")
    assert {combination["batch_size"] for combination in one.combinations} < {1, 2, 3, 4}
    assert len(one.combinations) == 3 < len(one.refused)
    assert set(one.refused) <= {
        f"batch_size {size} is more than the 4 training examples of xor; choose a smaller one." for size in range(5, 101)
    }  # fmt: skip


def test_settings_that_do_not_go_together_are_drawn_again() -> None:
    one = drawn(3, "optimizer=sgd,adam", "batch_size=8..64", name="conv10-tape")
    assert [combination["optimizer"] for combination in one.combinations] == ["sgd"] * 3
    assert one.refused, "some were drawn with the other"
    assert all("optimizer=adam" in why and 'the tape engine needs optimizer = "sgd"' in why for why in one.refused)


def test_it_comes_back_from_its_file_as_it_was() -> None:
    for one in (drawn(4, repeats=2), drawn(4, "image_size=16..64", name="fashion-cnn")):
        document = one.as_document()
        again = sweep.from_document(document)
        assert (again.combinations, again.jobs, again.as_document()) == (one.combinations, one.jobs, document)
    assert drawn(4).with_trials(7).combinations == drawn(7).combinations


def test_a_version_of_before_does_not_take_it_for_a_grid() -> None:
    assert "varied" not in drawn(2).as_document()


# On disk -----------------------------------------------------------------------------------------


def result(seed: int) -> Result:
    return Result(seed, None, 10, 10, "done", {"loss": 0.5, "accuracy": 0.75}, 0.5)


def test_the_same_command_finds_it_and_one_for_more_goes_on_with_it(runs: Path) -> None:
    first = sweep_folder.find_or_make(drawn(4), runs, None)
    for combination in drawn(4).combinations:
        first.append(combination, result(42))
    assert sweep_folder.find_or_make(drawn(4), runs, None).path == first.path
    longer = sweep_folder.find_or_make(drawn(6), runs, None)
    assert longer.path == first.path
    with longer.held():
        longer.add_drawn(drawn(6))
        longer.add_drawn(drawn(4))
    assert longer.sweep().combinations == drawn(6).combinations
    assert set(longer.results(longer.sweep())) == {Job(number, 42) for number in range(4)}, "what was trained counts"
    assert (longer.file.stat().st_mode & 0o777, sorted(path.name for path in longer.path.iterdir())) == (
        0o600, ["lock", "results.jsonl", "sweep.toml"],
    )  # fmt: skip
    assert sweep_folder.find_or_make(drawn(4), runs, None).name == "xor-2", "fewer are another sweep"
    assert sweep_folder.find_or_make(drawn(6, seed=1), runs, None).name == "xor-3"


def test_what_cannot_be_written_down_leaves_the_file_as_it_was(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    folder = sweep_folder.find_or_make(drawn(4), runs, "mine")
    longer = drawn(6)
    with monkeypatch.context() as without_room:
        without_room.setattr("os.write", full)
        with pytest.raises(UserError, match=r"Cannot write to .*: No space left on device; free some space, and try"):
            folder.add_drawn(longer)
    assert folder.sweep().combinations == drawn(4).combinations
    assert [path.name for path in folder.path.iterdir()] == ["sweep.toml"]


def test_nothing_is_written_into_one_that_was_deleted(runs: Path) -> None:
    folder = sweep_folder.find_or_make(drawn(4), runs, "mine")
    folder.file.unlink()
    folder.add_drawn(drawn(6))
    assert not folder.file.exists()


def test_what_another_version_drew_is_gone_on_with(runs: Path) -> None:
    folder = sweep_folder.find_or_make(drawn(2), runs, "mine")
    document = folder.document()
    document["drawn"][1] = [0.5, 3, "sgd"]
    folder.file.write_text(tomli_w.dumps(document))
    longer = sweep_folder.find("mine", runs).sweep().with_trials(4)
    first, second, third = drawn(3).combinations
    assert longer.combinations == [
        first, {"learning_rate": 0.5, "batch_size": 3, "optimizer": "sgd"}, second, third,
    ]  # fmt: skip


# Wrong use ---------------------------------------------------------------------------------------

DRAWS = ("--search", "random", "--trials", "5")
WRONG: list[tuple[tuple[str, ...], str]] = [
    (("xor", "--search", "randm", "--trials", "5"), r'--search cannot be "randm", did you mean "random"\?'),
    (("xor", "--search", "bayes"), r'--search cannot be "bayes", choose from grid, random\.'),
    (("xor", "--search", "random", "--set", "batch_size=1,2"), r"--search random needs the number of combinations to draw, such as --trials 20\."),
    (("xor", "--trials", "5", "--set", "batch_size=1,2"), r"--trials goes with --search random; without it every combination is trained\."),
    (("xor", "--search", "random", "--trials", "five"), r'--trials must be a whole number, such as 20, not "five".*'),
    (("xor", "--search", "random", "--trials", "0", "--set", "batch_size=1,2"), r"--trials must be from 1 to 10,000, not 0\."),
    (("xor", "--search", "random", "--trials", "20000", "--set", "learning_rate=0.1..0.2"), r"--trials must be from 1 to 10,000, not 20,000\."),
    (("xor", "--search", "random", "--trials", "2000", "--repeats", "100", "--set", "learning_rate=0.1..0.2"), r"--repeats must be from 1 to 50 here, not 100\."),
    (("xor", *DRAWS), r"--search random needs settings to draw, such as --set learning_rate=log:0\.001\.\.0\.1\."),
    (("xor", *DRAWS, "--set", "batch_size=1,2,4"), r"There are 3 combinations in all; give --trials 3, or more values\."),
    (("xor", *DRAWS, "--set", "batch_size=1..10"), r"Only 4 different combinations were found, fewer than --trials 5; give --trials 4, or more values; others cannot be trained: batch_size \d+ is more than the 4 training examples of xor; choose a smaller one\."),
    (("xor", *DRAWS, "--set", "batch_size=50..100"), r"batch_size \d+ is more than the 4 training examples of xor; choose a smaller one\."),
    (("xor", *DRAWS, "--set", "learning_rate=0.1..0.3", "--until", "acuracy=1"), r'xor with learning_rate=[\d.]+ has no metric "acuracy", did you mean "accuracy"\?'),
    (("xor", *DRAWS, "--set", "learning_rate=0.3..0.1"), r"xor: learning_rate: 0\.3\.\.0\.1 is the wrong way round; write 0\.1\.\.0\.3\."),
    (("xor", *DRAWS, "--set", "beta_1=log:0..0.9"), r"xor: beta_1: log:0\.\.0\.9 has no logarithms, as 0 is not above 0; begin above 0, or leave out log:\."),
    (("xor", *DRAWS, "--set", "learning_rate=0.1..0.3", "--by", "acc"), r'--by: xor has no metric "acc", did you mean "accuracy"\?'),
    (("xor", *DRAWS, "--set", "learning_rate=0.1..0.3", "--rows", "0"), r"--rows must be at least 1, not 0\."),
    (("--resume", "xor-1", "--search", "random"), r"--resume NAME continues a sweep as it was started; leave out all else but --trials, --on, --by, --rows and --json\."),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("arguments", "sentence"), WRONG, ids=[" ".join(row[0])[:60] for row in WRONG])
def test_a_wrong_search_is_answered_in_one_sentence(
    arguments: tuple[str, ...], sentence: str, runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = said(capsys, "sweep", *arguments)
    assert re.fullmatch(f"gan-tui: {sentence}\n", err), err
    assert (code, out) == (2, "")
    assert not runs.exists(), "nothing half-written"


def test_of_one_that_was_begun_only_the_number_of_trials_can_rise(
    runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    grid = sweep.made(presets.find("xor"), ["batch_size=1,2"], None, 1)
    sweep_folder.find_or_make(grid, runs, "grid")
    sweep_folder.find_or_make(drawn(6), runs, "drawn")
    for name, sentence in (
        ("grid", "--trials is for a sweep with --search random; this one trains every combination."),
        ("drawn", "--trials must be from 6 to 10,000 here, not 5."),
    ):
        code, _, err = said(capsys, "sweep", "--resume", name, "--trials", "5")
        assert (code, err) == (2, f"gan-tui: {sentence}\n")
    with pytest.raises(UserError, match=r'A sweep "drawn" with other settings already exists'):
        sweep_folder.find_or_make(drawn(6, *SPACE[:2]), runs, "drawn")


@pytest.mark.parametrize(
    "words",
    ['search = "random"', 'search = "random"\nspace = []', "drawn = 5", 'search = "random"\nspace = []\ndrawn = []'],
)
def test_a_file_that_is_damaged_is_named(words: str, runs: Path) -> None:
    folder = sweep_folder.find_or_make(drawn(2), runs, "mine")
    whole = folder.document()
    kept = {key: value for key, value in whole.items() if key in ("repeats", "data", "preset")}
    folder.file.write_text(words + "\n" + tomli_w.dumps(kept))
    damaged = r"mine/sweep\.toml is damaged .*start the sweep again under another name"
    with pytest.raises(UserError, match=damaged):
        sweep_folder.find("mine", runs).sweep()
    folder.file.write_text(tomli_w.dumps({**whole, "repeats": 0}))
    with pytest.raises(UserError, match=damaged):
        sweep_folder.find("mine", runs).sweep()
