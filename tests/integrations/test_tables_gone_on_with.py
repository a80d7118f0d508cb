"""A table that a second training has appended to, with its own header in the middle."""

from pathlib import Path

import pytest

from gan_tui.integrations.logs import formats
from gan_tui.integrations.logs.table import TableReader
from watched_log import Watched

FIRST = "epoch,loss,val_loss\n0,0.9,1.9\n1,0.7,1.7\n"


def followed(path: Path, *texts: str) -> Watched:
    """What comes of a table that is written and looked at text by text, damaged nowhere."""
    watched = None
    for text in texts:
        with path.open("ab") as file:
            file.write(text.encode())
        watched = (watched or Watched(formats.opened(path).reader())).look()
    assert watched is not None and watched.reader.damaged == 0 and not watched.reader.not_shown
    assert Watched(TableReader(path)).look().state.series.keys() == watched.state.series.keys()
    return watched


@pytest.mark.parametrize("header", ["epoch,val_loss,loss", "\ufeffepoch,val_loss,loss", "epoch, val_loss, loss\r"])
@pytest.mark.parametrize("looks", [1, 2], ids=["at once", "while it grows"])
def test_another_order_of_columns_mixes_no_curves(tmp_path: Path, header: str, looks: int) -> None:
    second = f"{header}\n2,1.6,0.6\n3,1.5,0.5\n"
    watched = followed(tmp_path / "log.csv", *([FIRST + second] if looks == 1 else [FIRST, second]))
    assert watched.points("loss") == [(0, 0.9), (1, 0.7), (2, 0.6), (3, 0.5)]
    assert watched.points("val_loss") == [(0, 1.9), (1, 1.7), (2, 1.6), (3, 1.5)]


def test_more_or_fewer_columns_stand_under_their_own_names(tmp_path: Path) -> None:
    text = "epoch;loss\n0;0,9\n1;0,7\nepoch;loss;val_loss\n2;0,5;0,6\n3;0,4;0,5\nepoch;val_loss\n4;0,3\n"
    watched = followed(tmp_path / "log.csv", text)
    assert watched.points("loss") == [(0, 0.9), (1, 0.7), (2, 0.5), (3, 0.4)]
    assert watched.points("val_loss") == [(2, 0.6), (3, 0.5), (4, 0.3)]


def test_a_training_that_begins_again_takes_the_place_of_the_first_and_that_is_said(tmp_path: Path) -> None:
    watched = followed(tmp_path / "log.csv", "epoch,loss\n0,0.9\n1,0.7\nepoch,loss\n0,0.8\n")
    assert watched.points("loss") == [(0, 0.8)]
    assert any("went back to step 0" in alert.text for alert in watched.state.alerts)


def test_words_among_numbers_are_no_header(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text("step,loss,note\n1,0.5,loss\n2,0.4,note\n-,-,loss\n3,0.3,step\n")
    assert Watched(TableReader(log)).look().points("loss") == [(1, 0.5), (2, 0.4), (3, 0.3)]


def test_two_columns_of_one_name_are_both_kept(tmp_path: Path) -> None:
    watched = followed(tmp_path / "log.csv", "step,loss,loss\n1,0.5,0.6\n2,0.4,0.5\n")
    assert watched.points("loss") == [(1, 0.5), (2, 0.4)] and watched.points("loss (2)") == [(1, 0.6), (2, 0.5)]


@pytest.mark.parametrize("said", ["sep=;", '"sep=;"', "\ufeffsep=;\r"])
@pytest.mark.parametrize("looks", [1, 2], ids=["at once", "while it grows"])
def test_what_a_spreadsheet_says_of_its_marks_is_no_header(tmp_path: Path, said: str, looks: int) -> None:
    first, second = f"{said}\nepoch;loss\n0;0,9\n1;0,7\n", "2;0,6\n"
    watched = followed(tmp_path / "log.csv", *([first + second] if looks == 1 else [first, second]))
    assert watched.points("loss") == [(0, 0.9), (1, 0.7), (2, 0.6)]
