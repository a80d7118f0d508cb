"""What a sweep's command line means, what is refused, and in which words; nothing is trained here."""

# ruff: noqa: E501 (a table reads best with a row a line)

import re
import time
from pathlib import Path

import pytest
import tomli_w

from gan_tui import presets
from gan_tui.errors import UserError
from gan_tui.sweep import folder as sweep_folder
from gan_tui.sweep import sweep
from gan_tui.sweep.sweep import Job, Sweep
from gan_tui.sweep.until import Until
from gan_tui.sweep.values import split
from photos import photos
from shell import said


def made(name: str, *changes: str, until: str | None = None, repeats: int = 1, **settings: object) -> Sweep:
    return sweep.made(presets.find(name).with_settings(settings), changes, until, repeats)


# Values ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1,2,4", ["1", "2", "4"]),
        (" 1 , 2 ", ["1", "2"]),
        ("adam", ["adam"]),
        ("[8],[8,8]", ["[8]", "[8,8]"]),
        ("[[1,2],[3]],4", ["[[1,2],[3]]", "4"]),
        ("'a,b.csv',\"c]\"", ["'a,b.csv'", '"c]"']),
        ('["accuracy","mae"],["accuracy"]', ['["accuracy","mae"]', '["accuracy"]']),
    ],
)
def test_commas_part_values_outside_brackets_and_quotes(text: str, values: list[str]) -> None:
    assert list(split(text)) == values


@pytest.mark.parametrize("text", ["", ",", "1,,2", "1,", "[8", "8]", "[8],]8[", "'a", "[8,8],"])
def test_half_a_bracket_and_empty_values_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"unmatched bracket|empty value"):
        list(split(text))


def test_every_combination_in_the_order_given_with_every_seed() -> None:
    swept = made("plane", "hidden=[8],[8,8]", "points=ring,circle", repeats=2, seed=5)
    assert swept.combinations == [
        {"hidden": (8,), "points": "ring"}, {"hidden": (8,), "points": "circle"},
        {"hidden": (8, 8), "points": "ring"}, {"hidden": (8, 8), "points": "circle"},
    ]  # fmt: skip
    assert swept.jobs[:3] == [Job(0, 5), Job(0, 6), Job(1, 5)] and len(swept.jobs) == 8
    preset = swept.with_values(swept.combinations[3], 6)
    assert (preset.settings["hidden"], preset.settings["points"], preset.settings["seed"]) == ((8, 8), "circle", 6)
    assert sweep.words(swept.combinations[3]) == "hidden=[8,8] points=circle"


def test_without_values_only_seeds_vary() -> None:
    swept = made("shapes", repeats=3)
    assert swept.combinations == [{}]
    assert [job.seed for job in swept.jobs] == [42, 43, 44]


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("accuracy=1.0", Until("accuracy", 1.0, False)),
        ("loss=0.1", Until("loss", 0.1, True)),
        ("loss<=0.1", Until("loss", 0.1, True)),
        ("loss >= 0.1", Until("loss", 0.1, False)),
        ("accuracy<=0.5", Until("accuracy", 0.5, True)),
    ],
)
def test_losses_fall_and_the_rest_rises_unless_said_otherwise(text: str, until: Until) -> None:
    assert made("xor", until=text).until == until


def test_an_error_falls_like_a_loss() -> None:
    assert made("simple", until="mae=0.1").until == Until("mae", 0.1, True)


def test_the_metrics_of_a_preset_are_known_without_tensorflow() -> None:
    def names(preset: str) -> tuple[str, ...]:
        return tuple(metric.name for metric in sweep.made(presets.find(preset), [], None, 1).metrics)

    assert names("xor") == ("loss", "accuracy")
    assert names("fashion-cnn") == ("loss", "accuracy", "val_loss", "val_accuracy")
    assert names("gan")[:3] == ("d_loss", "d_accuracy", "g_loss")


# Wrong use ---------------------------------------------------------------------------------------

WRONG: list[tuple[tuple[str, ...], str]] = [
    ((), r"gan-tui sweep needs a PRESET, such as gan-tui sweep xor --set batch_size=1,2,4\."),
    (("xor", "--set", "steps=10,20", "--set", "epochs=1,2"), r"steps and epochs both say how long to train; sweep one of them\."),
    (("xro",), r'There is no preset "xro", did you mean "xor"\? .*'),
    (("xor", "--set", "batchsize=1,2"), r'xor: unknown setting "batchsize" for this task, did you mean "batch_size"\?'),
    (("xor", "--set", "foo=1,2"), r'xor: unknown setting "foo" for this task, choose from (?!.*points).*'),
    (("xor", "--set", "hidden=[2]"), r'xor: unknown setting "hidden" for this data set, choose from (?!.*points).*'),
    (("xor", "--set", "batch_size"), r'--set takes KEY=V1,V2,…, such as --set batch_size=1,2,4, not "batch_size"\.'),
    (("xor", "--set", "batch_size=1,0"), r"xor with batch_size=0: batch_size must be a whole number from 1 to 1,000,000, not 0\."),
    (("xor", "--set", "batch_size=1,8"), r"batch_size 8 is more than the 4 training examples of xor; choose a smaller one\."),
    (("xor", "--set", "batch_size=1,,2"), r'xor: "1,,2" has an empty value; write V1,V2 without empty places\.'),
    (("xor", "--set", "optimizer=adam,adm"), r'xor: optimizer cannot be "adm", did you mean "adam"\?'),
    (("plane", "--set", "hidden=[8],[8,8"), r'plane: "\[8\],\[8,8" has an unmatched bracket or quote\.'),
    (("xor", "--set", "batch_size=2,2"), r"--set batch_size has 2 twice; list each value once\."),
    (("xor", "--set", "batch_size=1", "--set", "batch_size=2"), r"--set batch_size is given twice; put all its values into one: --set batch_size=V1,V2\."),
    (("xor", "--set", "seed=1,2"), r"seed cannot be swept: --seed sets the first seed and --repeats how many\."),
    (("xor", "--epochs", "5", "--set", "epochs=1,2"), r"--steps and --epochs apply to all combinations; to sweep either with --set, leave them out\."),
    (("xor", "--epochs", "5", "--steps", "5"), r"--epochs and --steps cannot be used together; .*"),
    (("xor", "--repeats", "0"), r"--repeats must be from 1 to 100,000 here, not 0\."),
    (("xor", "--seed", "2147483647", "--repeats", "2"), r"--seed and --repeats go beyond the largest seed, 2,147,483,647; start lower\."),
    (("xor", "--set", "learning_rate=" + ",".join(f"{n}e-5" for n in range(1, 5002)), "--set", "batch_size=1,2"), r"That makes 10,002 combinations, more than 10,000; use fewer values, or draw some of them: --search random --trials 100\."),
    (("xor", "--until", "accuracy"), r'--until takes NAME=VALUE, such as --until accuracy=1\.0, not "accuracy"\.'),
    (("xor", "--until", "accuracy=high"), r'--until takes NAME=VALUE, such as --until accuracy=1\.0, not "accuracy=high"\.'),
    (("xor", "--until", "accuracy=nan"), r"--until takes NAME=VALUE, .*"),
    (("xor", "--until", "acuracy=1"), r'xor has no metric "acuracy", did you mean "accuracy"\?'),
    (("xor", "--until", "val_loss=1"), r'xor has no metric "val_loss", choose from loss, accuracy\.'),
    (("shapes", "--set", "validation_split=0.2,0", "--until", "val_loss=1"), r'shapes with validation_split=0 has no metric "val_loss", .*'),
    (("xor", "--until", "accuracy=100"), r"accuracy >= 100 cannot be reached: accuracy is never above 1\."),
    (("xor", "--until", "loss=-1"), r"loss <= -1 cannot be reached: loss is never below 0\."),
    (("xor", "--set", "batch_size=4,1", "--steps", "2", "--until", "loss=1"), r"--until needs a whole epoch, and xor with batch_size=1 trains only 2 of the 4 steps of one; give more --steps, or --epochs\."),
    (("xor", "--name", "../x"), r'"\.\./x" is not a valid sweep name: it has "/"; use the letters .*, digits, "\.", "_" and "-"\.'),
    (("xor", "--name=-n"), r'"-n" is not a valid sweep name: it begins with "-"; begin with a letter or a digit\.'),
    (("xor", "--runs-dir", "/dev/null/runs"), r"Cannot create a sweep in /dev/null/runs/sweeps: Not a directory; choose another folder with --runs-dir or GAN_TUI_RUNS\."),
    (("--resume", "xor-1"), r'There is no sweep "xor-1" in .*, start one with gan-tui sweep PRESET --set KEY=V1,V2\.'),
    (("--resume", "../x"), r'There is no sweep "\.\./x" in .*'),
    (("xor", "--resume", "xor-1"), r"--resume NAME continues a sweep as it was started; leave out all else but --trials, --on, --by, --rows and --json\."),
    (("--resume", "xor-1", "--set", "batch_size=1"), r"--resume NAME continues .*"),
    (("conv10-tape", "--set", "momentum=auto,0.9"), r'conv10-tape with momentum=0\.9: momentum: the tape engine needs momentum = "auto"\.'),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("arguments", "sentence"), WRONG, ids=[" ".join(row[0])[:60] or "nothing" for row in WRONG])
def test_wrong_use_is_answered_in_one_sentence(
    arguments: tuple[str, ...], sentence: str, runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = said(capsys, "sweep", *arguments)
    assert re.fullmatch(f"gan-tui: {sentence}\n", err)
    assert (code, out) == (2, "")
    assert not runs.exists(), "nothing half-written"


def test_what_was_typed_is_shown_harmless(capsys: pytest.CaptureFixture[str]) -> None:
    attack = "x\x1b]52;c;aGk=\x07\u202e"
    for arguments in ((attack,), ("xor", "--set", attack), ("xor", "--set", f"batch_size={attack}"),
                      ("xor", "--set", f"{attack}=1"), ("xor", "--until", attack), ("xor", "--until", f"{attack}=1"),
                      ("xor", "--name", attack), ("--resume", attack), ("xor", "--set", f"batch_size=[{attack}")):  # fmt: skip
        code, out, err = said(capsys, "sweep", *arguments)
        assert code == 2 and out == ""
        assert err.endswith("\n") and err[:-1].isprintable(), arguments


def test_epochs_cannot_vary_where_steps_rule() -> None:
    with pytest.raises(UserError, match="sweep steps instead"):
        made("xor", "epochs=1,2", steps=5)


@pytest.mark.slow
def test_thousands_of_combinations_are_looked_through_quickly() -> None:
    took = dict[int, float]()
    for many in (200, 2000):
        begin = time.process_time()
        swept = made("xor", "learning_rate=" + ",".join(f"{n}e-6" for n in range(1, many + 1)))
        took[many] = time.process_time() - begin
        assert len(swept.combinations) == many
    assert took[2000] < 30 * took[200], "each is looked at once, not with each other"


def test_a_sweep_comes_back_from_its_file_as_it_was() -> None:
    for swept in (
        made("plane", "hidden=[8],[8,8]", "learning_rate=0.1,1e-5", until="loss=0.25", repeats=7, seed=3),
        made("xor"),
        made("shapes", "restore_best=true,false", until="val_accuracy=0.9"),
    ):
        document = swept.as_document()
        again = sweep.from_document(document)
        assert again.as_document() == document
        assert (again.jobs, again.combinations, again.until) == (swept.jobs, swept.combinations, swept.until)
        assert (
            again.with_values(again.combinations[-1], 9).settings
            == swept.with_values(swept.combinations[-1], 9).settings
        )


def test_a_new_sweep_has_no_results_and_is_its_owners_alone(runs: Path) -> None:
    swept = made("xor", "batch_size=1,2", repeats=2)
    folder = sweep_folder.find_or_make(swept, runs, None)
    assert folder.results(swept) == {}
    assert (folder.path, folder.file.stat().st_mode & 0o777) == (runs / "sweeps" / "xor-1", 0o600)
    assert (folder.path.stat().st_mode & 0o777, folder.path.parent.stat().st_mode & 0o777) == (0o700, 0o700)


# Networks that follow the data ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "inputs"),
    [("image_size=16,32", [(16, 16, 3), (32, 32, 3)]), ("color=grey,rgb", [(8, 8, 1), (8, 8, 3)])],
)
def test_networks_follow_the_data_in_each_training_of_a_sweep_that_was_kept(
    change: str, inputs: list[tuple[int, ...]], tmp_path: Path, runs: Path
) -> None:
    place = str(photos(tmp_path / "pictures", {"cat": 6, "dog": 6}, [(8, 8)]))
    swept = made("fashion-cnn", change, data=place, batch_size=4)
    kept = sweep_folder.find_or_make(swept, runs, None).sweep()
    assert [kept.with_values(values).networks[0].input for values in kept.combinations] == inputs
    assert kept.as_document() == swept.as_document()


def test_a_sweep_over_data_trains_on_each_of_them(tmp_path: Path) -> None:
    place = str(photos(tmp_path / "pictures", {"cat": 6, "dog": 6}, [(16, 16)]))
    kept = sweep.from_document(made("fashion-cnn", f"data=mnist,{place}", batch_size=4).as_document())
    networks = [kept.with_values(values).networks[0] for values in kept.combinations]
    assert [(each.input, each.output) for each in networks] == [((28, 28, 1), (10,)), ((16, 16, 3), (2,))]


def test_a_sweep_that_was_kept_with_sizes_in_numbers_is_continued(runs: Path) -> None:
    swept = made("fashion-cnn", "batch_size=8,16")
    folder = sweep_folder.find_or_make(swept, runs, "mine")
    written = folder.document()
    written["preset"]["networks"] = presets.find("fashion-cnn").as_document()["networks"]
    folder.file.write_text(tomli_w.dumps(written))
    again = sweep_folder.find("mine", runs)
    assert again.sweep().with_values({"batch_size": 16}).networks[0].input == (28, 28, 1)
    assert again.has(again.sweep().as_document())
    assert sweep_folder.find_or_make(swept, runs, "mine").path == again.path
