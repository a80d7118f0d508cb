"""The list of runs: what is known at once, what is read, in which order, and which of them."""

import os
import time
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from gan_tui.errors import UserError
from gan_tui.presets.changed import KnownChanges
from gan_tui.run import conditions, known_results, notes, summaries
from gan_tui.run.columns import COLUMNS, age_words, ordered
from gan_tui.run.events import Metrics, State
from gan_tui.run.folder import RunFolder
from gan_tui.run.listing import Listed, Listing, Setup
from gan_tui.run.results import Results
from gan_tui.run.summaries import RunSummary
from recorded import append, held, recorded_run


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    return tmp_path / "runs"


def _listing(runs: Path) -> Listing:
    """As another program finds them."""
    summaries._known.clear()
    return Listing(lambda: summaries.summaries(runs), KnownChanges())


def _whole(listing: Listing) -> list[Listed]:
    rows = listing.rows()
    for row in listing.missing(rows):
        listing.read(row)
    rows = listing.rows()
    listing.keep(rows)
    return rows


def _told(rows: list[Listed]) -> list[object]:
    """What two programs tell alike."""
    every = [(replace(row.summary, folder=None, standing=None), row) for row in rows]  # type: ignore[arg-type]
    return [(row.path, run, row.summary.shown, row.results, row.setup, row.note) for run, row in every]


def _index() -> Path:
    return Path(os.environ["XDG_CACHE_HOME"]) / "gan-tui" / "runs.json"


def test_a_log_is_read_once_and_known_to_the_next_program(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recorded_run(runs, "xor", 100, learning_rate=0.5)
    listing = _listing(runs)
    (row,) = listing.rows()
    assert row.results is None, "it is listed before its log is read"
    (row,) = _whole(listing)
    assert row.results is not None and row.results.best == pytest.approx(0.99)
    assert row.changed_words == "learning_rate=0.5 steps=400" and row.settings["optimizer"] == "rmsprop"
    again = _listing(runs)
    monkeypatch.setattr(RunFolder, "reader", lambda self, block=0: pytest.fail("read again"))
    monkeypatch.setattr(summaries, "read_tail", lambda *arguments: pytest.fail("read again"))
    (known,) = again.rows()
    assert known.results == row.results and known.setup == row.setup and not again.missing([known])
    assert _told([known]) == _told([row])


def test_only_who_made_it_may_read_what_is_kept(runs: Path) -> None:
    recorded_run(runs, "xor")
    _whole(_listing(runs))
    assert _index().stat().st_mode & 0o777 == 0o600 and _index().parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[1]", b'{"form":1,"found":{"x":3,"y":[1,2]}}', b'{"form":1,"found":[]}']
)
def test_a_damaged_index_costs_reading_and_nothing_else(runs: Path, content: bytes) -> None:
    recorded_run(runs, "xor")
    before = _told(_whole(_listing(runs)))
    _index().write_bytes(content)
    assert _told(_whole(_listing(runs))) == before


def test_an_index_that_says_anything_is_believed_in_nothing(runs: Path) -> None:
    folder = recorded_run(runs, "xor")
    before = _told(_whole(_listing(runs)))
    document = orjson.loads(_index().read_bytes())
    version, found = document["found"][str(folder.path)]
    no_results, no_summary = {**found, "results": {"curve": "x"}}, {**found, "summary": 3}
    for wrong in ({"summary": found["summary"]}, no_results, no_summary, 7, None):
        document["found"][str(folder.path)] = [version, wrong]
        _index().write_bytes(orjson.dumps(document))
        assert _told(_whole(_listing(runs))) == before
    harmful = {**found, "summary": {**found["summary"], "preset": "\x1b[31mred", "state": "training"}}
    document["found"][str(folder.path)] = [version, harmful]
    _index().write_bytes(orjson.dumps(document))
    assert _listing(runs).rows()[0].summary.state == "finished"


def test_a_run_that_was_trained_on_since_is_read_again(runs: Path) -> None:
    folder = recorded_run(runs, "xor", 10)
    _whole(_listing(runs))
    writer = folder.writer()
    writer.write(Metrics([11], {"loss": [0.5], "accuracy": [1.0]}), State("finished", "all steps are done"))
    writer.close()
    listing = _listing(runs)
    (row,) = listing.rows()
    assert row.results is None and listing.missing([row]) == [row]
    assert _whole(listing)[0].results.best == 1.0  # type: ignore[union-attr]


def test_a_run_that_trains_is_read_on_and_never_from_its_beginning(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = recorded_run(runs, "xor", 10, "training")
    with held(folder):
        listing, begun = _listing(runs), list[RunFolder]()
        usual = RunFolder.reader
        monkeypatch.setattr(RunFolder, "reader", lambda self, *rest: begun.append(self) or usual(self, *rest))
        (row,) = _whole(listing)
        assert row.results is not None and row.results.newest == pytest.approx(0.9)
        writer = folder.writer()
        writer.write(Metrics([11], {"loss": [0.5], "accuracy": [1.0]}))
        writer.close()
        (row,) = rows = listing.rows()
        assert row.results is not None and row.results.newest == pytest.approx(0.9), "what was known stays"
        assert listing.missing(rows) == rows
        (row,) = _whole(listing)
        assert row.results is not None and row.results.newest == 1.0 and len(begun) == 1
        assert not _index().exists(), "what still grows is not kept"


def test_a_run_that_was_killed_is_let_go_of_and_kept(runs: Path) -> None:
    folder, listing = recorded_run(runs, "xor", 10, "training"), _listing(runs)
    with held(folder):
        _whole(listing)
        assert folder.path in listing._results._growing
    rows = listing.rows()
    assert not listing.missing(rows) and not listing._results._growing, "its log is as it was"
    listing.keep(rows)
    assert str(folder.path) in orjson.loads(_index().read_bytes())["found"]


def test_a_log_of_which_a_part_could_not_be_read_is_read_from_its_beginning(
    runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = recorded_run(runs, "xor", 10, "training")
    with held(folder):
        listing = _listing(runs)
        with monkeypatch.context() as broken:
            broken.setattr(known_results, "of_state", lambda state: 1 / 0)
            _whole(listing)
        append(folder, Metrics([11], {"loss": [0.5], "accuracy": [0.25]}))
        (row,) = _whole(listing)
    assert row.results is not None and (row.results.newest, row.results.best) == (0.25, pytest.approx(0.9))


def test_a_huge_log_of_another_tool_holds_up_no_list() -> None:
    log = replace(_row("log").summary, is_log=True, log=(1 << 30, 0, 0))
    listing = Listing(lambda: [log], KnownChanges())
    assert not listing.missing(listing.rows())


def test_two_programs_that_keep_at_once_lose_nothing(runs: Path) -> None:
    recorded_run(runs, "xor")
    first = _listing(runs)
    for row in first.rows():
        first.read(row)
    recorded_run(runs, "gan")
    second = _listing(runs)
    for row in second.rows():
        second.read(row)
    second.keep(second.rows())
    first.keep(first.rows())
    third = _listing(runs)
    assert not third.missing(third.rows())


# Order ------------------------------------------------------------------------------------------


def _row(name: str, note: str = "", judged: str = "accuracy", best: float | None = None, **fields: object) -> Listed:
    from gan_tui.run.holder import ENDED, Standing
    from gan_tui.run.metrics import guessed

    settings = {key: value for key, value in fields.items() if key in ("learning_rate", "optimizer", "hidden")}
    changed = {key: str(value) for key, value in settings.items()}
    run = RunSummary(
        RunFolder(Path("/runs") / name), str(fields.get("preset", "xor")), str(fields.get("state", "finished")), "",
        Standing(ENDED), int(str(fields.get("step", 100))), 400, time.time() - float(str(fields.get("age", 60))), "",
        0, 0.0,
    )  # fmt: skip
    results = Results(guessed(judged), best, best, 1, (), float(str(fields.get("seconds", 5))), {judged: best})
    return Listed(run, results if best is not None else None, Setup(settings, changed), note)


ROWS = [
    _row("a", best=0.5, learning_rate=0.1, age=10, seconds=90, state="failed"),
    _row("b", best=0.9, learning_rate=0.001, age=7200, preset="gan", note="Try this one again"),
    _row("c", judged="loss", best=0.1, age=10 * 86400, step=300, optimizer="adam"),
    _row("d", hidden="[8,8]", state="stopped"),
    _row("e", best=0.7, learning_rate=0.1, age=100, seconds=7200),
]


@pytest.mark.parametrize(
    ("by", "order"),
    [
        ("name", "abcde"), ("state", "bceda"), ("preset", "bacde"), ("age", "adebc"), ("duration", "eabcd"),
        ("step", "cabde"), ("best", "beacd"), ("newest", "beacd"), ("learning_rate", "baecd"), ("accuracy", "beacd"),
        ("note", "bacde"), ("optimizer", "cabde"),
    ],
)  # fmt: skip
def test_rows_are_ordered_by_any_column_and_what_is_not_known_stands_last(by: str, order: str) -> None:
    assert "".join(row.name for row in ordered(ROWS, by)) == order


def test_an_order_turned_round_leaves_what_is_not_known_at_the_end() -> None:
    assert "".join(row.name for row in ordered(ROWS, "best", turned=True)) == "caebd"


@pytest.mark.parametrize(
    ("seconds", "words"), [(5, "5 s"), (119, "119 s"), (600, "10 min"), (96_000, "27 h"), (3e5, "3 days")]
)
def test_an_age_is_told_as_coarsely_as_tells_runs_apart(seconds: float, words: str) -> None:
    assert age_words(seconds) == words


def test_every_column_says_what_it_has() -> None:
    assert all(column.about for column in COLUMNS)
    with pytest.raises(UserError, match=r'There is no column "lerning_rate", did you mean "learning_rate"\?'):
        ordered(ROWS, "lerning_rate")


# Which of them ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", "abcde"), ("gan", "b"), ("TRY again", "b"), ("preset=gan learning_rate<0.01 state=finished", "b"),
        ("state!=finished", "ad"), ("learning_rate=0.1", "ae"), ("learning_rate=1e-3", "b"), ("age<1h", "ade"),
        ("age>3d", "c"), ("age>=2h", "bc"), ("duration>1h", "e"), ("step>=300", "c"), ("best>0.6 accuracy<0.8", "e"),
        ("optimizer=ADAM", "c"), ("optimizer!=adam", "abde"), ("hidden=[8,8]", "d"), ("hidden=[8,*", "d"),
        ("preset=g*", "b"), ("changed=optimizer", "c"), ("note='Try this one again'", "b"), ("loss<1", "c"),
        ("name=a", "a"), ("note=", "acde"), ("'try this", "b"),
    ],
)  # fmt: skip
def test_words_and_conditions_choose_runs_that_meet_all_of_them(text: str, names: str) -> None:
    assert "".join(row.name for row in conditions.asked(text).of(ROWS)) == names


def _alike(name: str, settings: dict[str, bool | int | float | str], **values: float) -> Listed:
    """A run that has settings and metrics of the same names."""
    row = _row(name, judged="loss", best=0.1)
    assert row.results is not None
    return replace(row, setup=Setup(settings), results=replace(row.results, values=values))


ALIKE = [
    _alike("a", {"learning_rate": 0.01, "seed": 1_234_567, "loss": "mse"}, learning_rate=0.0001, loss=0.5),
    _alike("b", {"learning_rate": 0.001, "seed": 1_234_568, "loss": "huber"}, loss=0.2),
    _alike("c", {"learning_rate": 0.1, "seed": (1 << 60) + 1}, learning_rate=0.00001, loss=0.1),
]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("seed=1234567", "a"), ("seed!=1234568", "ac"), ("seed=1152921504606846977", "c"),
        ("seed=1152921504606846976", ""), ("learning_rate=0.01", "a"), ("learning_rate<0.05", "ab"),
        ("loss=mse", "a"), ("loss!=mse", "bc"), ("loss=0.2", "b"), ("loss<0.3", "bc"),
    ],
)  # fmt: skip
def test_whole_numbers_are_exact_and_what_was_set_is_asked_for_by_its_name(text: str, names: str) -> None:
    assert "".join(row.name for row in conditions.asked(text).of(ALIKE)) == names


def test_what_some_runs_also_measure_is_ordered_by_what_was_set() -> None:
    assert "".join(row.name for row in ordered(ALIKE, "learning_rate")) == "bac"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("age<soon", 'age takes a time, such as 90s, 30min, 2h, 3d or 2w, not "soon".'),
        ("age<3", 'age takes a time, such as 90s, 30min, 2h, 3d or 2w, not "3".'),
        ("learning<1", 'learning<1: no run has a setting or metric "learning", did you mean "learning_rate"?'),
        ("learning_rate<fast", 'learning_rate<fast: learning_rate takes a number, not "fast".'),
        ("learning_rate=fast", 'learning_rate=fast: learning_rate takes a number, not "fast".'),
        ("best=high", 'best=high: best takes a number, not "high".'),
        ("state<finished", "state<finished: state takes = and != alone; it is no number."),
        ("best>", "best> needs a value, such as best>1."),
        ("=finished", '"=finished" has no name before it; a condition is like state=finished.'),
    ],
)
def test_a_condition_that_cannot_be_met_is_refused_with_what_can(text: str, sentence: str) -> None:
    with pytest.raises(UserError) as refused:
        conditions.asked(text).of(ROWS)
    assert str(refused.value) == sentence


# Notes ------------------------------------------------------------------------------------------


def test_a_note_is_one_harmless_private_line_and_empty_words_take_it_away(runs: Path) -> None:
    folder = recorded_run(runs, "xor")
    assert notes.of(folder) == ""
    notes.write(folder, "  best\x1b[31m so\nfar ")
    assert notes.of(folder) == "best [31m so far" and (folder.path / notes.NAME).stat().st_mode & 0o777 == 0o600
    assert _listing(runs).rows()[0].note == "best [31m so far"
    notes.write(folder, "")
    assert notes.of(folder) == "" and not (folder.path / notes.NAME).exists()
    with pytest.raises(UserError, match="at most 200 characters, and this one has 300; shorten it"):
        notes.write(folder, "x" * 300)


def test_a_note_of_wide_letters_is_kept_whole_or_refused(runs: Path) -> None:
    folder = recorded_run(runs, "xor")
    assert notes.write(folder, "漢" * 100) == "漢" * 100 == notes.of(folder)
    with pytest.raises(UserError, match="at most 200 characters, a wide one counting for two, and this one has 300"):
        notes.write(folder, "漢" * 150)
    assert notes.of(folder) == "漢" * 100


def test_a_note_from_anybody_is_read_as_harmless_words(runs: Path, tmp_path: Path) -> None:
    folder = recorded_run(runs, "xor")
    (folder.path / notes.NAME).write_bytes(b"\xff\x1b]52;x\x07 hello\n" + b"y" * 900)
    assert notes.of(folder).isprintable() and len(notes.of(folder)) <= notes.LONGEST
    (folder.path / notes.NAME).unlink()
    (tmp_path / "secret").write_text("secret")
    (folder.path / notes.NAME).symlink_to(tmp_path / "secret")
    assert notes.of(folder) == "", "no link in a run is followed"


def test_results_of_a_log_that_cannot_be_understood_are_none(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = recorded_run(runs, "xor")
    monkeypatch.setattr(RunFolder, "reader", lambda *arguments: 1 / 0)
    assert known_results.KnownResults().read(summaries.summary_of(folder)).judged_by is None
