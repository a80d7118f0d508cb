"""Event files that grow, are cut, replaced, begun again or broken: what is shown is what is sound in them."""

import os
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from event_files import checksums, event, field, record, scalar, scalar_v2, scalars, summary, varint, version
from gan_tui.integrations.logs import formats
from gan_tui.integrations.logs.log_folder import LogFolder
from gan_tui.run.events import Alert, Metrics, Resumed
from gan_tui.run.state import RunState
from logs import LOGS, all_records, shown, written

NAME = "events.out.tfevents.1.host"


def log(root: Path, content: bytes, name: str = NAME) -> LogFolder:
    (root / name).write_bytes(content)
    return formats.opened(root)


def points(state: RunState, name: str = "loss") -> list[tuple[int, float]]:
    series = state.series[name]
    return list(zip(series.steps.tolist(), series.values.tolist(), strict=True))


COUNTED = [(step, float(step)) for step in range(1, 101)]


def test_what_is_appended_is_read_and_nothing_twice(tmp_path: Path) -> None:
    folder = log(tmp_path, version() + scalars("loss", COUNTED[:50]))
    reader = folder.reader()
    state = shown(folder, reader)
    assert points(state) == COUNTED[:50]
    assert reader.read() == []
    with (tmp_path / NAME).open("ab") as file:
        file.write(scalars("loss", COUNTED[50:]))
    assert points(state.apply_all(all_records(reader))) == COUNTED
    assert reader.read() == []


def test_a_torn_last_record_waits_for_its_rest(tmp_path: Path) -> None:
    whole = version() + scalars("loss", COUNTED[:3])
    last = len(whole) - len(scalars("loss", COUNTED[2:3]))
    for end in range(last, len(whole)):
        folder = log(tmp_path, whole[:end])
        reader = folder.reader()
        state = shown(folder, reader)
        assert points(state) == COUNTED[:2]
        assert reader.read() == []
        (tmp_path / NAME).write_bytes(whole)
        assert points(state.apply_all(all_records(reader))) == COUNTED[:3]
        assert reader.damaged == 0


@pytest.mark.parametrize("make", (scalar, scalar_v2))
def test_each_broken_byte_costs_its_record_alone(make: object, tmp_path: Path) -> None:
    records = [record(event(step, summary(make("loss", float(step))))) for step in range(1, 21)]  # type: ignore[operator]
    begin = len(version()) + sum(map(len, records[:9]))
    whole = version() + b"".join(records)
    for place in range(begin, begin + len(records[9])):
        broken = bytearray(whole)
        broken[place] ^= 0x55
        folder = log(tmp_path, bytes(broken))
        reader = folder.reader()
        kept = points(shown(folder, reader))
        assert kept == [(step, float(step)) for step in range(1, 21) if step != 10], place - begin
        assert reader.damaged == 1


def test_a_file_that_is_cut_or_written_anew_is_another_history(tmp_path: Path) -> None:
    folder = log(tmp_path, version() + scalars("loss", COUNTED))
    reader = folder.reader()
    shown(folder, reader)
    for content in (version() + scalars("loss", COUNTED[:7]), version() + scalars("other", COUNTED)):
        histories = reader.histories
        (tmp_path / NAME).write_bytes(content)
        state = RunState().apply_all(all_records(reader))
        assert reader.histories > histories
        assert {name: series.length for name, series in state.series.items()} == (
            {"loss": 7} if b"loss" in content else {"other": 100}
        )


def test_another_file_under_the_name_is_another_history(tmp_path: Path) -> None:
    folder = log(tmp_path, version() + scalars("loss", COUNTED))
    reader = folder.reader()
    shown(folder, reader)
    (tmp_path / "other").write_bytes(version() + scalars("loss", [(step, -1.0) for step, _ in COUNTED]))
    (tmp_path / "other").rename(tmp_path / NAME)
    assert points(RunState().apply_all(all_records(reader)))[-1] == (100, -1.0)
    assert reader.histories == 2


def test_a_folder_whose_files_were_removed_for_a_new_run_is_another_history(tmp_path: Path) -> None:
    folder = log(tmp_path, version() + scalars("loss", COUNTED))
    reader = folder.reader()
    shown(folder, reader)
    (tmp_path / NAME).unlink()
    (tmp_path / NAME.replace(".1.", ".2.")).write_bytes(version() + scalars("acc", COUNTED[:5]))
    os.utime(tmp_path, (1, 1))
    reader._due = 0.0  # type: ignore[attr-defined]  # the next look at the folder, now
    assert set(RunState().apply_all(all_records(reader)).series) == {"acc"}
    assert reader.histories == 2


def test_several_files_are_read_in_the_order_in_which_they_were_begun(tmp_path: Path) -> None:
    (tmp_path / "events.out.tfevents.200.host").write_bytes(version() + scalars("loss", COUNTED[60:]))
    folder = log(tmp_path, version() + scalars("loss", COUNTED[:60]), "events.out.tfevents.100.host")
    assert points(shown(folder)) == COUNTED


def test_steps_that_go_back_drop_what_the_earlier_attempt_measured_of_that_metric(tmp_path: Path) -> None:
    first = scalars("loss", COUNTED[:80]) + scalars("lr", COUNTED[:80])
    again = scalars("loss", [(step, -1.0) for step in range(51, 61)])
    for parts in ((first + again,), (first, again)):
        folder = log(tmp_path, version() + parts[0])
        reader = folder.reader()
        state = shown(folder, reader)
        for more in parts[1:]:
            with (tmp_path / NAME).open("ab") as file:
                file.write(more)
            found = all_records(reader)
            assert [record.event for record in found if isinstance(record.event, Resumed)] == [Resumed(50, ["loss"])]
            state = state.apply_all(found)
        assert points(state) == [*COUNTED[:50], *((step, -1.0) for step in range(51, 61))]
        assert points(state, "lr") == COUNTED[:80]
        assert state.step == 80


def test_a_metric_without_steps_is_its_last_value(tmp_path: Path) -> None:
    folder = log(tmp_path, version() + scalars("loss", [(0, float(n)) for n in range(500)]))
    assert points(shown(folder)) == [(0, 499.0)]
    assert folder.not_shown == {"points of steps that have a later one": 499}


def test_steps_from_nought_and_steps_that_are_none(tmp_path: Path) -> None:
    folder = log(tmp_path, version() + scalars("loss", [(-5, 9.0), (0, 1.0), (7, 2.0), (2**62, 3.0)]))
    assert points(shown(folder)) == [(0, 1.0), (7, 2.0)]
    assert folder.not_shown == {"points whose step is below 0 or too large": 2}


def test_a_session_that_starts_drops_all_that_came_after_its_step(tmp_path: Path) -> None:
    start = record(event(30, field(7, field(1, 1))))
    folder = log(tmp_path, version() + scalars("loss", COUNTED) + scalars("lr", COUNTED) + start)
    state = shown(folder)
    assert points(state) == points(state, "lr") == COUNTED[:29]


def test_a_session_that_starts_in_one_folder_leaves_the_others_of_the_run(tmp_path: Path) -> None:
    start = record(event(0, field(7, field(1, 1))))
    for name, content in (("train", scalars("loss", COUNTED)), ("validation", start + scalars("loss", COUNTED[:9]))):
        (tmp_path / name).mkdir()
        (tmp_path / name / NAME).write_bytes(version() + content)
    state = shown(formats.opened(tmp_path))
    assert points(state) == COUNTED
    assert points(state, "val_loss") == COUNTED[:9]


def test_files_of_one_second_are_read_as_they_were_begun(tmp_path: Path) -> None:
    for n in range(12):
        (tmp_path / f"events.out.tfevents.1700000000.host.77.{n}").write_bytes(
            version() + scalars("loss", [COUNTED[n]])
        )
    assert points(shown(formats.opened(tmp_path))) == COUNTED[:12]


def test_more_metrics_than_are_shown_are_cut_and_said(tmp_path: Path) -> None:
    content = b"".join(scalars(f"layer/{n}", [(1, 1.0)]) for n in range(300))
    folder = log(tmp_path, version() + content)
    reader = folder.reader()
    records = all_records(reader)
    state = RunState().apply_all(records)
    assert len(state.series) == 256
    assert folder.not_shown == {"metrics beyond the first 256": 44}
    alerts = [record.event.text for record in records if isinstance(record.event, Alert)]
    assert alerts == ["Only the first 256 metrics of this log are shown."]


def test_names_are_harmless_and_stay_apart(tmp_path: Path) -> None:
    tags = ["a\x1b[31mb", "a\x1b[31mc", "x" * 200 + "1", "x" * 200 + "2", "", "\u202e", "[red]b"]
    folder = log(tmp_path, version() + b"".join(scalars(tag, [(1, float(n))]) for n, tag in enumerate(tags)))
    series = shown(folder).series
    assert sorted(values.last or 0.0 for values in series.values()) == [float(n) for n in range(len(tags))]
    assert all(name.isprintable() and 0 < len(name) <= 80 for name in series)


def test_thousands_of_tags_of_one_length_are_parted_at_once(tmp_path: Path) -> None:
    content = b"".join(scalars(f"tag{n % 3000:05}", [(n, 1.0)]) for n in range(6000))
    folder = log(tmp_path, version() + content)
    assert len(shown(folder).series) == 256


def test_one_step_may_have_many_metrics_in_one_event(tmp_path: Path) -> None:
    many = [summary(*(scalar(f"m{n}", step * n) for n in range(40))) for step in range(30)]
    folder = log(tmp_path, version() + b"".join(record(event(step, each)) for step, each in enumerate(many)))
    state = shown(folder)
    assert points(state, "m7") == [(step, step * 7.0) for step in range(30)]
    events = [found.event for found in all_records(folder.reader())]
    assert sum(isinstance(found, Metrics) for found in events) <= 64


def test_what_is_no_file_is_passed_over(tmp_path: Path) -> None:
    folder = log(tmp_path, version() + scalars("loss", COUNTED))
    os.mkfifo(tmp_path / "events.out.tfevents.2.pipe")
    (tmp_path / "events.out.tfevents.3.folder").mkdir()
    (tmp_path / "events.out.tfevents.4.broken").symlink_to("nowhere")
    (tmp_path / "loop").symlink_to(tmp_path)
    assert points(shown(folder)) == COUNTED
    assert [found.path for found in formats.below(tmp_path)] == [tmp_path]


def test_lengths_and_numbers_that_are_too_large_are_damage(tmp_path: Path) -> None:
    huge = np.uint64(2**63).tobytes()
    head = huge + checksums(np.frombuffer(huge, np.uint8)[None]).tobytes()
    nested = event(1, field(5, varint(10) + varint(2**40)))
    content = version() + head + record(nested) + record(b"\xff" * 40) + scalars("loss", COUNTED)
    folder = log(tmp_path, content)
    reader = folder.reader()
    assert points(shown(folder, reader)) == COUNTED
    assert reader.damaged == 3


def test_an_image_that_says_it_is_huge_is_not_unpacked(tmp_path: Path) -> None:
    image = field(1, 60_000) + field(2, 60_000) + field(3, 3) + field(4, b"\x89PNG")
    folder = log(tmp_path, version() + record(event(1, summary(field(1, b"image") + field(4, image)))))
    assert shown(folder).pictures == {}
    assert folder.not_shown == {"images that are too large, or too many together": 1}


def test_a_log_that_is_not_there_any_more_is_quiet(tmp_path: Path) -> None:
    folder = written("purged", tmp_path)
    reader = folder.reader()
    shown(folder, reader)
    for file in folder.path.iterdir():
        file.unlink()
    folder.path.rmdir()
    assert reader.read() == []
    assert folder.standing().word == "deleted"


def test_an_empty_file_waits(tmp_path: Path) -> None:
    folder = log(tmp_path, b"")
    reader = folder.reader()
    shown(folder, reader)
    (tmp_path / NAME).write_bytes(version() + scalars("loss", COUNTED))
    assert points(RunState().apply_all(all_records(reader))) == COUNTED


def test_every_fixture_is_opened_as_tensorboard(tmp_path: Path) -> None:
    for name in ("torch", "tensorboardx", "keras", "tf_summary", "summary_v1", "purged"):
        assert [found.path for found in formats.below(LOGS / name)] == [LOGS / name]


def test_a_record_that_is_too_long_is_passed_over_without_being_held(tmp_path: Path) -> None:
    length = np.uint64(1 << 27).tobytes()
    with (tmp_path / NAME).open("wb") as file:
        file.write(version() + scalars("loss", COUNTED[:50]))
        file.write(length + checksums(np.frombuffer(length, np.uint8)[None]).tobytes())
        file.seek((1 << 27) + 4, os.SEEK_CUR)  # a hole: it takes no room
        file.write(scalars("loss", COUNTED[50:]))
    folder = formats.opened(tmp_path)
    reader = folder.reader()
    tracemalloc.start()
    assert points(shown(folder, reader)) == COUNTED
    assert tracemalloc.get_traced_memory()[1] < 1 << 25
    tracemalloc.stop()
    assert reader.damaged == 1


def test_megabytes_of_noise_are_one_damage_and_end_nothing(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).bytes(6_000_000)
    folder = log(tmp_path, version() + scalars("loss", COUNTED[:50]) + noise + scalars("loss", COUNTED[50:]))
    reader = folder.reader()
    state = RunState()
    for _ in range(100):
        state = state.apply_all(reader.read())
    assert points(state) == COUNTED
    assert reader.damaged == 1


def test_runs_below_a_run_stay_runs_of_their_own(tmp_path: Path) -> None:
    for name in ("exp1/train", "exp2/train", "exp2/validation", "notes/1700000000.5"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / NAME).write_bytes(version() + scalars("loss", COUNTED))
    folder = log(tmp_path, version() + scalars("own", COUNTED))
    assert set(shown(folder).series) == {"own"}
    found = [str(each.path.relative_to(tmp_path)) for each in formats.below(tmp_path)]
    assert found == [".", "exp1", "exp2", "notes/1700000000.5"]
    (tmp_path / "validation").mkdir()
    (tmp_path / "validation" / NAME).write_bytes(version() + scalars("own", COUNTED))
    assert set(shown(folder).series) == {"own", "val_own"}


def test_tags_of_texts_beyond_those_shown_are_counted(tmp_path: Path) -> None:
    text = field(8, field(1, 7) + field(8, b"word")) + field(9, field(1, field(1, b"text")))
    records = [record(event(1, summary(field(1, b"tag %d" % n) + text))) for n in range(300)]
    folder = log(tmp_path, version() + b"".join(records))
    assert len(shown(folder).texts) == 256
    assert folder.not_shown == {"tags of pictures and texts beyond the first 256": 44}
