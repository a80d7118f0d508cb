"""Points lie where their class says; a CSV goes out and comes back whole, and a wrong one is refused by its place."""

import codecs
import os
from pathlib import Path

import numpy as np
import pytest

from gan_tui.data import point_rows, points
from gan_tui.data.points import Points
from gan_tui.errors import WRONG_USE, UserError
from gan_tui.run import event_schema

# Named sets ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", points.PLANE)
def test_a_named_set_lies_in_the_unit_square_and_is_what_was_announced(name: str) -> None:
    made = points.make(name)
    assert made.x.dtype == np.float32 and made.x.shape == (points.PLANE[name].count, 2)
    assert made.x.min() >= 0 and made.x.max() <= 1
    assert made.classes.shape == (len(made.x),)
    assert set(made.classes.tolist()) == set(range(points.PLANE[name].classes))
    assert made.count_classes == points.PLANE[name].classes
    assert len(np.unique(made.x, axis=0)) == len(made.x)


@pytest.mark.parametrize("name", [*points.PLANE, "triples"])
def test_a_named_set_is_the_same_every_time(name: str) -> None:
    one, other = points.make(name), points.make(name)
    assert one.x.tobytes() == other.x.tobytes() and one.classes.tolist() == other.classes.tolist()


def test_the_sets_of_the_articles() -> None:
    def rows(name: str) -> list[tuple[list[float], int]]:
        made = points.make(name)
        return list(zip(made.x.tolist(), made.classes.tolist(), strict=True))

    assert rows("simple") == [([0, 1], 0), ([1, 0], 1)]
    assert rows("xor") == [([0, 0], 0), ([0, 1], 1), ([1, 0], 1), ([1, 1], 0)]
    assert rows("triples") == [([0, 0, 1], 0), ([1, 0, 0], 1), ([0, 1, 0], 2)]


def from_the_middle(made: Points) -> tuple[np.ndarray, np.ndarray]:
    """(distance, angle) of each point."""
    x, y = (made.x - 0.5).astype(np.float64).T
    return np.hypot(x, y), np.arctan2(y, x)


def test_circle_and_ring_hold_what_lies_within_their_edges() -> None:
    circle, ring = points.make("circle"), points.make("ring")
    assert ((from_the_middle(circle)[0] < 0.35) == (circle.classes == 1)).all()
    radius = from_the_middle(ring)[0]
    assert (((radius > 0.2) & (radius < 0.38)) == (ring.classes == 1)).all()


def test_the_arms_of_the_spiral_wind_around_each_other() -> None:
    spiral = points.make("spiral")
    radius, angle = from_the_middle(spiral)
    turned = (angle - 3 * np.pi * radius / 0.46) % (2 * np.pi)  # 0 on one arm, π on the other
    away = np.minimum(turned, 2 * np.pi - turned)
    outer = radius > 0.06  # further in, the hand that shook the points turns them far
    assert (away[outer & (spiral.classes == 0)] < 0.6).all()
    assert (away[outer & (spiral.classes == 1)] > np.pi - 0.6).all()
    for kind in (0, 1):
        assert (spiral.classes == kind).sum() == 200


def test_the_checkerboard_has_sixteen_fields_of_25_points() -> None:
    made = points.make("checkerboard")
    column, row = (made.x * 4).astype(int).T
    assert ((column + row) % 2 == made.classes).all()
    assert np.bincount(4 * row + column).tolist() == [25] * 16


def test_the_smiley_smiles() -> None:
    made = points.make("smiley")
    radius, _ = from_the_middle(made)
    face, features, outside = (made.x[made.classes == kind] for kind in range(3))
    assert [len(face), len(features), len(outside)] == [200, 200, 200]
    assert radius[made.classes == 2].min() > radius[made.classes != 2].max()
    eyes, mouth = features[features[:, 1] > 0.5], features[features[:, 1] < 0.5]
    assert (eyes[:, 0] < 0.5).sum() > 20 and (eyes[:, 0] > 0.5).sum() > 20
    assert np.abs(eyes[:, 0] - 0.5).min() > 0.05
    corners, middle = mouth[np.abs(mouth[:, 0] - 0.5) > 0.2], mouth[np.abs(mouth[:, 0] - 0.5) < 0.1]
    assert corners[:, 1].mean() > middle[:, 1].mean() + 0.05


# CSV files, good ones ------------------------------------------------------------------------------------


def random_points(count: int) -> Points:
    random = np.random.default_rng(0)
    bits = random.integers(0, 0x3F800001, (count, 2), dtype=np.uint32)  # every float32 from 0 to 1, tiny ones too
    return Points(bits.view(np.float32), random.integers(0, 10, count))


def test_points_come_back_to_the_last_bit(tmp_path: Path) -> None:
    file, made = tmp_path / "points.csv", random_points(point_rows.MOST_POINTS)
    points.write_csv(file, made)
    back = points.read_csv(file)
    assert back.x.tobytes() == made.x.tobytes()
    assert back.classes.tolist() == made.classes.tolist()
    assert points.extent(file) == points.Extent(10_000, 10)
    assert file.read_text().startswith("x,y,class\n")
    assert [path.name for path in tmp_path.iterdir()] == ["points.csv"]


def test_the_largest_file_that_is_written_can_be_read(tmp_path: Path) -> None:
    tiny = np.full((point_rows.MOST_POINTS, 2), 1.1754944e-38, np.float32)
    points.write_csv(tmp_path / "points.csv", Points(tiny, np.arange(point_rows.MOST_POINTS) % 2))
    assert (tmp_path / "points.csv").stat().st_size < point_rows.LARGEST_FILE
    assert len(points.read_csv(tmp_path / "points.csv").x) == point_rows.MOST_POINTS
    assert event_schema.MOST_POINTS >= point_rows.MOST_POINTS, "and events hold what a network makes of each"


def test_a_write_that_fails_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "points.csv"
    points.write_csv(file, points.make("xor"))
    before = file.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        points.write_csv(file, points.make("ring"))
    assert file.read_bytes() == before and [path.name for path in tmp_path.iterdir()] == ["points.csv"]


@pytest.mark.parametrize(
    "content",
    [
        b"0,0,0\n1,0.5,1\n",
        b"x,y,class\n0,0,0\n1,0.5,1\n",
        b"\xef\xbb\xbfX, Y, Class\r\n0,0,0\r\n1.0,5e-1,1",
        b'"x","y","class"\n\n 0 , -0.0 ,0\n\n1,.5,1\n\n',
        b"0,0,0\r1,0.5,1\r",
        b"x,y,class\n0.0,0.0,0.0\n1.0,0.5,1.0\n",
    ],
    ids=["plain", "header", "spreadsheet", "quotes and blanks", "old line ends", "pandas"],
)
def test_what_people_and_programs_write_is_read(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_bytes(content)
    read = points.read_csv(tmp_path / "points.csv")
    assert read.x.tolist() == [[0, 0], [1, 0.5]] and read.classes.tolist() == [0, 1]


def test_classes_between_that_no_point_has_count(tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text("0,0,1\n1,1,3\n")
    assert points.read_csv(tmp_path / "points.csv").count_classes == 4
    assert points.extent(tmp_path / "points.csv") == points.Extent(2, 4)


# CSV files, wrong ones -----------------------------------------------------------------------------------

GOOD = "0,0,0\n1,1,1\n"
SEMICOLONS = " has semicolons between its columns; expected commas, and points in numbers: 0.25,0.75,1."

WRONG = [
    # content, the sentence after the file's name
    ("", " is empty; expected a line x,y,class for each point, such as 0.25,0.75,1."),
    ("\n \n", " is empty; "),
    ("x,y,class\n", " is empty; "),
    ("0,0,1\n1,1,1\n", " has only points of class 1; expected at least two classes."),
    (GOOD + "0.5,0.5\n", ", line 3, column 3: expected class (a line is x,y,class)."),
    ("0;0;0\n", SEMICOLONS),
    ("x;y;class\n0,25;0,75;1\n", SEMICOLONS),
    ("\n0,25;0,75;1\n", SEMICOLONS),
    ("sep=;\n0;0;0\n", SEMICOLONS),
    ("x\ty\tclass\n", " has tabs between its columns; expected commas, and points in numbers: 0.25,0.75,1."),
    (GOOD + "0;0;0\n", ", line 3, column 2: expected y (a line is x,y,class)."),
    ("X,Y,Label\n", ', line 1: expected the header x,y,class or none, not "X,Y,Label".'),
    ("x,y,class\nX,Y,Label\n", ', line 2, column 1: expected x, a number from 0 to 1, not "X".'),
    (GOOD + "0.5,0.5,1,1\n", ", line 3, column 4: expected nothing more (a line is x,y,class)."),
    (GOOD + "\n0.5,abc,1\n", ', line 4, column 2: expected y, a number from 0 to 1, not "abc".'),
    (GOOD + ",0.5,1\n", ', line 3, column 1: expected x, a number from 0 to 1, not "".'),
    (GOOD + "nan,0.5,1\n", ', line 3, column 1: expected x, a number from 0 to 1, not "nan".'),
    (GOOD + "0.5,NaN,1\n", ', line 3, column 2: expected y, a number from 0 to 1, not "NaN".'),
    (GOOD + "inf,0.5,1\n", ', line 3, column 1: expected x, a number from 0 to 1, not "inf".'),
    (GOOD + "1.01,0.5,1\n", ', line 3, column 1: expected x, a number from 0 to 1, not "1.01".'),
    (GOOD + "0.5,-0.1,1\n", ', line 3, column 2: expected y, a number from 0 to 1, not "-0.1".'),
    (GOOD + "0_1,0.5,1\n", ', line 3, column 1: expected x, a number from 0 to 1, not "0_1".'),
    (GOOD + "0.5,0.5,1.5\n", ', line 3, column 3: expected a class, a whole number from 0 to 9, not "1.5".'),
    (GOOD + "0.5,0.5,10\n", ', line 3, column 3: expected a class, a whole number from 0 to 9, not "10".'),
    (GOOD + "0.5,0.5,-1\n", ', line 3, column 3: expected a class, a whole number from 0 to 9, not "-1".'),
    (GOOD + "0.5,0.5,٣\n", ', line 3, column 3: expected a class, a whole number from 0 to 9, not "٣".'),
    (GOOD + "0.5,0.5,\n", ', line 3, column 3: expected a class, a whole number from 0 to 9, not "".'),
    ("class,x,y\n" + GOOD, ', line 1: expected the header x,y,class or none, not "class,x,y".'),
    (GOOD + "x,y,class\n", ', line 3, column 1: expected x, a number from 0 to 1, not "x".'),
    ("x,y\n0,0\n", ", line 1, column 3: expected class (a line is x,y,class)."),
    ("x,y,class\n" + "0,0,0\n" * 5000 + "1,1,1\n" * 5001, ", line 10002: has more than 10,000 points."),
    ("0," + "9" * 5000 + ",0\n", ", line 1, column 2: expected y, a number from 0 to 1, not \"9999"),
    (GOOD + "\x1b[2J,0,0\n", ', line 3, column 1: expected x, a number from 0 to 1, not "[2J".'),
    (" " * (point_rows.LARGEST_FILE + 1), " is larger than 1,000,000 bytes; expected at most 10,000 points."),
    ("0,25;0,75;1\n".encode("utf-16"), " is text in UTF-16; save it as CSV in UTF-8."),
    (codecs.BOM_UTF16_BE + "0,0,0".encode("utf-16-be"), " is text in UTF-16; save it as CSV in UTF-8."),
    ("Größe,y,class\n".encode("latin-1"), " is not text in UTF-8; save it as CSV in UTF-8."),
    (b"PK\x03\x04\0\0\0", " is not text; expected a CSV file of x,y,class."),
]  # fmt: skip


@pytest.mark.parametrize(("content", "sentence"), WRONG, ids=[f"{row[0][-20:]!r}" for row in WRONG])
def test_a_malformed_file_is_refused_by_line_and_column(content: str | bytes, sentence: str, tmp_path: Path) -> None:
    file = tmp_path / "points.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    for read in (points.read_csv, points.extent):
        with pytest.raises(UserError) as caught:
            read(file)
        assert str(caught.value).startswith(f"{file}{sentence}")
        assert caught.value.code == WRONG_USE
        assert str(caught.value).isprintable()


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    for name, sentence in (
        ("nowhere.csv", f"Cannot read the points {tmp_path}/nowhere.csv: No such file or directory; check the path."),
        ("", f"{tmp_path} is not a file; expected a CSV file of x,y,class."),
        ("pipe.csv", f"{tmp_path}/pipe.csv is not a file; expected a CSV file of x,y,class."),
        ("a" * 300, f"Cannot read the points {tmp_path}/aaa"),
    ):
        for read in (points.read_csv, points.extent):
            with pytest.raises(UserError) as caught:
                read(tmp_path / name)
            assert str(caught.value).startswith(sentence)
