"""Tables of one's own: what is found in them, what is left out and said, and what is refused in a sentence."""

import codecs
from pathlib import Path

import numpy as np
import pytest

from gan_tui.data import own
from gan_tui.data.own import tables
from gan_tui.data.own.table_rows import Scaling
from gan_tui.errors import UserError

IRIS = Path(__file__).parents[1] / "fixtures" / "tables" / "iris.csv"


def written(folder: Path, content: str | bytes, name: str = "mine.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def found(folder: Path, content: str | bytes, label: str = "", name: str = "mine.csv") -> own.Found:
    return own.look(str(written(folder, content, name)), label)


def refused(folder: Path, content: str | bytes, label: str = "", name: str = "mine.csv") -> str:
    """What is said of a table, without its folder."""
    with pytest.raises(UserError) as error:
        found(folder, content, label, name)
    return str(error.value).replace(str(folder / name), "FILE")


def test_words_that_are_alike_as_far_as_they_are_shown_are_no_classes(tmp_path: Path) -> None:
    long, why = "w" * 80, "words that are alike in their first 80 characters: shorten them"
    words = "".join(f"{n % 7},{long}{'xy'[n % 2]}\n" for n in range(40))
    assert refused(tmp_path, f"a,label\n{words}") == (
        f"FILE has nothing to learn in its column label ({why}); name another column with --label."
    )
    inputs = "".join(f"{n % 7},{long}{'xy'[n % 2]},{'no' if n % 3 else 'yes'}\n" for n in range(40))
    assert f"left out: text ({why})" in found(tmp_path, f"a,text,label\n{inputs}").notes
    whole = found(tmp_path, f"a,label\n{words.replace('w' * 80, 'w' * 79)}")
    assert whole.names == (f"{'w' * 79}x", f"{'w' * 79}y")


CODES = ["007", "07", "7", "012"]
GAP = "\N{NARROW NO-BREAK SPACE}"
PRINTED = {
    "narrow blanks": [f"8{GAP}74{n}" for n in range(40)],
    "a long minus": [f"\N{MINUS SIGN}{n}" if n < 15 else str(n) for n in range(40)],
    "brackets": [f"({n})" if n < 10 else str(n) for n in range(40)],
    "two marks": [f"{n},5" if n % 2 else f"{n}.5" for n in range(40)],
}


def test_codes_keep_the_zeros_before_them(tmp_path: Path) -> None:
    rows = "".join(f"{n % 9},{CODES[n % 4]}\n" for n in range(80))
    assert set(found(tmp_path, f"a,code\n{rows}").names) == set(CODES)
    inputs = "".join(f"{CODES[n % 4]},{n / 7:.3f}\n" for n in range(80))
    assert set(found(tmp_path, f"code,y\n{inputs}").inputs) == {f"code={code}" for code in CODES}
    towns = "".join(f"{n:05},{n % 7}\n" for n in [*range(900, 1100), *range(900, 1100)])
    why = "left out: town (more than 100 different codes with zeros before them: write numbers without)"
    assert refused(tmp_path, f"town,y\n{towns}") == f"FILE has no column to learn y from; {why}."
    decimals = "".join(f"0.{n:02},{n}\n" for n in range(40))
    assert found(tmp_path, f"x,y\n{decimals}").inputs == ("x",), "these are numbers"


@pytest.mark.parametrize("case", PRINTED)
def test_numbers_as_they_are_printed_are_no_words(case: str, tmp_path: Path) -> None:
    rows = "".join(f"{n * n};{value}\n" for n, value in enumerate(PRINTED[case]))
    first = next(value for value in PRINTED[case] if not value.replace(".", "").isdigit())
    said = f'(numbers amid other signs, such as "{first}": write numbers alone)'.replace(GAP, " ")
    assert said in refused(tmp_path, f"a;y\n{rows}").replace(GAP, " ")


def test_a_first_row_that_is_like_the_others_is_told(tmp_path: Path) -> None:
    rows = "".join(
        f"{'blue' if n % 2 else 'red'},{'round' if n % 3 else 'flat'},{'AB'[n % 5 == 0]}\n" for n in range(60)
    )
    said = "the first row was taken for names, though its words stand below it, too: put a row of names above it"
    assert said in found(tmp_path, rows).notes
    assert said not in found(tmp_path, f"colour,form,kind\n{rows}").notes


@pytest.mark.parametrize("size", [1e-12, 1e-200, 1.0, 1e200])
def test_numbers_of_any_size_are_scaled(size: float, tmp_path: Path) -> None:
    path = written(tmp_path, "a,y\n" + "".join(f"{n * size!r},{n % 7 * size!r}\n" for n in range(60)))
    scaling = Scaling.of(tables.rows(path, "", as_numbers=True), np.arange(60))
    assert np.isclose(scaling.inputs().std(), 1) and np.isclose(scaling.targets().std(), 1)


# What is found ------------------------------------------------------------------------------


def test_iris_is_found_with_its_columns_and_classes() -> None:
    iris = own.look(str(IRIS))
    assert iris.says == "150 rows, 4 numbers, species in 3 classes"
    assert iris.names == ("setosa", "versicolor", "virginica") and iris.label == "species" and iris.count == 150
    assert iris.inputs == ("sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)")
    assert iris.notes == ("the last column, species, is learnt; --label names another",)
    by_length = own.look(str(IRIS), "sepal length (cm)")
    assert by_length.names == () and by_length.is_number
    assert by_length.says == "150 rows, 3 numbers, 1 column of words, sepal length (cm) from 4.3 to 7.9"
    assert by_length.inputs[-3:] == ("species=setosa", "species=versicolor", "species=virginica")
    assert own.look(str(IRIS), "5").label == "species", "a column by its number"


MARKS = {
    "commas": "x,y,kind\n1.5,2,a\n-2e1,.5,b\n3,4,a\n",
    "semicolons and decimal commas": "x;y;kind\n1,5;2;a\n-2e1;,5;b\n3;4;a\n",
    "semicolons and points": "x;y;kind\n1.5;2;a\n-20;0.5;b\n3;4;a\n",
    "tabs": "x\ty\tkind\n1.5\t2\ta\n-20\t0.5\tb\n3\t4\ta\n",
    "CRLF": "x,y,kind\r\n1.5,2,a\r\n-20,0.5,b\r\n3,4,a\r\n",
    "CR": "x,y,kind\r1.5,2,a\r-20,0.5,b\r3,4,a\r",
    "a BOM": "\ufeffx,y,kind\n1.5,2,a\n-20,0.5,b\n3,4,a\n",
    "quotes": '"x","y","kind"\n"1.5","2","a"\n-20,0.5,b\n3,4,"a"\n',
    "blank lines": "\n\nx,y,kind\n\n1.5,2,a\n,,\n-20,0.5,b\n3,4,a\n\n",
    "blanks around": "x , y, kind\n 1.5, 2 ,a \n-20,0.5, b\n3,4,a\n",
    "what spreadsheets write first": "sep=;\nx;y;kind\n1.5;2;a\n-20;0.5;b\n3;4;a\n",
    "no end of the last line": "x,y,kind\n1.5,2,a\n-20,0.5,b\n3,4,a",
}


@pytest.mark.parametrize("content", MARKS.values(), ids=MARKS)
def test_a_table_is_the_same_however_it_is_written(tmp_path: Path, content: str) -> None:
    path = written(tmp_path, content)
    table = own.look(str(path))
    assert (table.inputs, table.names, table.label, table.count) == (("x", "y"), ("a", "b"), "kind", 3)
    rows = tables.rows(path, "")
    assert rows.x.tolist() == [[1.5, 2], [-20, 0.5], [3, 4]] and rows.classes.tolist() == [0, 1, 0]


def test_words_in_quotes_may_hold_marks_lines_and_quotes(tmp_path: Path) -> None:
    table = found(tmp_path, 'x,kind\n1,"one, or\nmore"\n2,"a ""b"""\n3,"a ""b"""\n')
    assert table.names == ('a "b"', "one, or more") and table.count == 3


def test_of_a_table_whose_last_columns_are_empty_it_is_said_which_is_learnt(tmp_path: Path) -> None:
    table = found(tmp_path, "a,b,kind\n1,2,\n3,4,NA\n5,6,?\n")
    assert table.label == "b"
    assert table.notes[0] == "the last column that holds anything, b, is learnt; --label names another"


def test_a_table_without_a_header_has_columns_by_number(tmp_path: Path) -> None:
    table = found(tmp_path, "5.1,3.5,a\n4.9,3.0,b\n4.7,3.2,a\n")
    assert table.inputs == ("column 1", "column 2") and table.label == "column 3" and table.count == 3
    assert "it has no header, so its columns are called by their numbers" in table.notes


def test_latin_1_is_read_and_said(tmp_path: Path) -> None:
    table = found(tmp_path, "größe,art\n1,weiß\n2,rot\n3,rot\n".encode("latin-1"))
    assert table.inputs == ("größe",) and table.names == ("rot", "weiß")
    assert table.notes[0] == "its text is no UTF-8 and was read as Latin-1"


def test_letters_of_windows_are_read_and_said(tmp_path: Path) -> None:
    """In Latin-1, Š, Ž and € are signs of no sight: classes that differ in them alone would be one."""
    table = found(tmp_path, ("x,art\n" + "1,Š-City\n2,Ž-City\n3,€\n" * 2).encode("cp1252"))
    assert table.names == ("Š-City", "Ž-City", "€")
    assert table.notes[0] == "its text is no UTF-8 and was read as Windows-1252"


def test_missing_numbers_and_words_are_told_apart(tmp_path: Path) -> None:
    gaps = ["", "NA", "N/A", "nan", "NULL", "?", "-"]
    lines = [
        f"{cell},{word},{kind}"
        for cell, word, kind in zip([*gaps, "1", "3.5"], ["red", "blue", "?"] * 3, "ab" * 5, strict=False)
    ]
    path = written(tmp_path, "\n".join(["size,color,kind", *lines, "4,red,", "5,red,?"]))
    table = own.look(str(path))
    assert table.inputs == ("size", "color=blue", "color=red", "color unknown")
    assert table.count == 9 and "2 rows without a label left out" in table.notes
    assert table.notes[-1] == "missing numbers take the mean of the training part: size (63 %)"
    rows = tables.rows(path, "")
    assert np.isnan(rows.x[:7, 0]).all() and rows.x[7:, 0].tolist() == [1, 3.5]
    assert rows.x[:3, 1:].tolist() == [[0, 1, 0], [1, 0, 0], [0, 0, 1]]
    assert rows.words(0) == ["?", "red"] and rows.words(8) == ["3.5", "?"]


def test_columns_of_no_use_are_left_out_and_named(tmp_path: Path) -> None:
    head = "number,name,born,country,empty,price,size,kind"
    lines = [f"{n},name {n},2001-02-{n:02d},fr,,$1{n}00,{n * n},{'ab'[n % 2]}" for n in range(1, 10)]
    table = found(tmp_path, "\n".join([head, *lines]))
    assert table.inputs == ("size",)
    assert table.notes[-1] == (
        'left out: number (row numbers), name (all different words), born (dates), country (always "fr"), '
        "empty (empty) and 1 more"
    )
    prices = found(tmp_path, "\n".join(["price,size,kind", *(f"$1{n}00,{n * n},{'ab'[n % 2]}" for n in range(1, 10))]))
    assert prices.notes[-1] == 'left out: price (numbers amid other signs, such as "$1100": write numbers alone)'


@pytest.mark.parametrize("name", ["", "Unnamed: 0", "Unnamed: 0.1"])
def test_the_row_numbers_that_pandas_writes_are_no_input_whatever_their_order(tmp_path: Path, name: str) -> None:
    some = [31, 4, 159, 26, 5, 35, 8]  # as of rows drawn at random
    lines = "\n".join(f"{n},{n * n % 7 / 3},{n / 4}" for n in some)
    assert found(tmp_path, f"{name},area,rent\n{lines}").notes[-1] == f"left out: {name or 'column 1'} (row numbers)"
    for other in ("built,area,rent", "area,,rent"):  # named by somebody, or not before all else
        assert len(found(tmp_path, f"{other}\n{lines}").inputs) == 2
    assert len(found(tmp_path, f"{name},area,rent\n{lines}\n4,1,1").inputs) == 2  # the same twice: it counts no rows


def test_columns_are_the_same_however_far_down_their_first_word_stands(tmp_path: Path) -> None:
    sizes = ["1", "2", "1.5"] * 3000
    table = found(
        tmp_path, "\n".join(["size,x,kind", *(f"{s},{n / 3},{'ab'[n % 2]}" for n, s in enumerate(sizes)), "XL,1,a"])
    )
    assert table.inputs == ("size=1", "size=1.5", "size=2", "size=XL", "x")
    path = written(tmp_path, "x,y\n" + "\n".join(f"{n / 4},{n}e-1" for n in range(9000)) + "\nNA,1_0\n")
    with pytest.raises(UserError, match=r'\(numbers, and words such as "1_0"\)'):
        own.look(str(path))


def test_row_numbers_are_learnt_from_where_there_is_nothing_else(tmp_path: Path) -> None:
    table = found(tmp_path, "hour,degrees\n" + "\n".join(f"{n},{20.5 + n % 7}" for n in range(1, 30)))
    assert table.inputs == ("hour",) and table.is_number


@pytest.mark.parametrize(
    ("labels", "names"),
    [
        ([0, 1], ("0", "1")),
        ([3, 1, 2] * 5, ("1", "2", "3")),
        (["1.0", "2.0", "10"] * 5, ("1", "2", "10")),
        ([1, 2, 3], ()),
        ([0.5, 1.5] * 10, ()),
        (list(range(21)) * 10, ()),
        (["class10", "class2"] * 2, ("class2", "class10")),
        (["true", "false"] * 2, ("false", "true")),
    ],
)
def test_few_whole_numbers_that_come_again_are_classes(
    tmp_path: Path, labels: list[object], names: tuple[str, ...]
) -> None:
    table = found(tmp_path, "x,label\n" + "\n".join(f"{n * 1.5},{label}" for n, label in enumerate(labels)))
    assert table.names == names
    as_number = table.with_number()
    assert as_number.names == (() if all(name.isdigit() for name in names) else names)


def test_classes_are_learnt_as_numbers_where_a_number_is_wanted(tmp_path: Path) -> None:
    path = written(tmp_path, "x,stars\n" + "\n".join(f"{n / 2},{n % 5 + 1}" for n in range(40)))
    assert own.look(str(path)).says == "40 rows, 1 number, stars in 5 classes"
    assert own.look(str(path)).with_number().says == "40 rows, 1 number, stars from 1 to 5"
    assert tables.rows(path, "", as_numbers=True).labels[:5].tolist() == [1, 2, 3, 4, 5]


def test_numbers_take_the_scale_of_the_training_part(tmp_path: Path) -> None:
    path = written(tmp_path, "size,color,price\n1,red,10.5\n3,blue,30.5\n,red,20\n100,blue,7\n")
    rows = tables.rows(path, "")
    scaling = Scaling.of(rows, np.array([0, 1, 2]))
    assert scaling.inputs().tolist() == [[-1, 0, 1], [1, 1, 0], [0, 0, 1], [98, 1, 0]], "a missing one is at the mean"
    told = scaling.as_document()
    assert told["version"] == 1
    assert told["inputs"] == [
        {"name": "size", "missing": 0.25, "type": "number", "mean": 2.0, "deviation": 1.0},
        {"name": "color", "missing": 0.0, "type": "words", "words": ["blue", "red"], "unknown": False},
    ]
    mean, deviation = told["label"]["mean"], told["label"]["deviation"]
    assert (told["label"]["name"], told["label"]["type"], round(mean, 4)) == ("price", "number", 20.3333)
    assert np.allclose(scaling.targets()[:, 0] * deviation + mean, [10.5, 30.5, 20, 7])


def test_numbers_that_are_very_large_or_near_each_other_keep_their_differences(tmp_path: Path) -> None:
    path = written(tmp_path, "x,z,y\n" + "\n".join(f"{1.7e9 + n % 4},{(n % 4) * 1e200},{n / 3}" for n in range(8)))
    inputs = Scaling.of(tables.rows(path, ""), np.arange(8)).inputs()
    assert np.allclose(inputs, np.tile(np.array([-1.5, -0.5, 0.5, 1.5])[:, None] / 1.25**0.5, (2, 2)))


# What is refused ------------------------------------------------------------------------------

NO_MARK = "FILE says sep= without a mark that can stand between columns; write sep=, or leave the line out."
GOOD = "x,kind\n1,a\n2,b\n"
ODD: dict[str, tuple[str | bytes, str, str]] = {
    "nothing in it": ("", "", "FILE is empty; name a table with a row for each example."),
    "blanks alone": (" \n\n", "", "FILE is empty; name a table with a row for each example."),
    "a header alone": ("x,kind\n", "", "FILE has no rows; name a table with a row for each example."),
    "a single row": ("x,kind\n1,a\n", "", "FILE has a single row; name a table with a row for each example."),
    "a single column": (
        "x\n1\n2\n", "",
        "FILE has no commas, semicolons or tabs between columns; save it as CSV with two columns at least.",
    ),
    "bars between columns": (
        "x|kind\n1|a\n2|b\n", "",
        "FILE has no commas, semicolons or tabs between columns; save it as CSV with two columns at least.",
    ),
    "a row too short": (
        "x,y,kind\n1,2,a\n1,b\n2,3,a\n", "", "FILE, line 3: has 2 columns, and the first row 3; give every row as many."
    ),
    "a row too long": (
        "x,kind\n1,a\n2,b\n3,a,b\n", "", "FILE, line 4: has 3 columns, and the first row 2; give every row as many."
    ),
    "a quote that is not closed": (
        'x,kind\n1,a\n2,"b\n3,a\n', "",
        "FILE, line 4: has a quote that is not closed, or with something between it and the next column; write quotes "
        "in quotes twice.",
    ),
    "a cell that is too long": (
        f"x,kind\n1,a\n{'z' * 200_000},b\n3,a\n", "",
        "FILE, line 3: has a cell of more than 131,072 characters; shorten it, or leave its column out.",
    ),
    "a cell that is too long far below": (
        "x,kind\n" + "1,a\n2,b\n" * 20 + f"{'z' * 200_000},b\n", "",
        "FILE, line 42: has a cell of more than 131,072 characters; shorten it, or leave its column out.",
    ),
    "a quote said to be between columns": ('sep="\n' + GOOD, "", NO_MARK),
    "nothing said to be between columns": ("sep=\n" + GOOD, "", NO_MARK),
    "an end of a line said to be between columns": ("sep=\r\n" + GOOD, "", NO_MARK),
    "two ends of a line said to be between columns": ("sep=\r\r\n" + GOOD, "", NO_MARK),
    "a quote that is not closed far below": (
        "x,kind\n" + "1,a\n2,b\n" * 20 + '3,"a"b\n', "",
        "FILE, line 42: has a quote that is not closed, or with something between it and the next column; write quotes "
        "in quotes twice.",
    ),
    "UTF-16": (codecs.BOM_UTF16_LE + GOOD.encode("utf-16-le"), "", "FILE is text in UTF-16; save it as CSV in UTF-8."),
    "UTF-16 without its mark": ((GOOD * 9).encode("utf-16-le"), "", "FILE is text in UTF-16; save it as CSV in UTF-8."),
    "bytes that are no text": (b"x,kind\n1,a\n\0\1\2,b\n", "", "FILE is not text; name a CSV file."),
    "a spreadsheet": (
        b"PK\3\4\x14\x00rest", "",
        "FILE is a packed file or one of a spreadsheet program, not text; unpack it, or save it as CSV.",
    ),
    "a web page": ("<!DOCTYPE html><p>x,y", "", "FILE is a web page, not the data; download the file itself."),
    "a pointer": (
        "version https://git-lfs.github.com/spec/v1\noid 1\n", "",
        "FILE is a Git LFS pointer, not the data (git lfs pull fetches them).",
    ),
    "two columns of one name": (
        "x,x,kind\n1,2,a\n2,3,b\n", "", 'FILE has two columns called "x"; give one of them another name.'
    ),
    "a label that is not there": (
        "size,kind\n1,a\n2,b\n", "kin",
        'FILE has no column "kin" to learn as the label, did you mean "kind"?',
    ),
    "a label beyond the last": (
        "size,kind\n1,a\n2,b\n", "3", 'FILE has no column "3" to learn as the label, choose from size, kind.'
    ),
    "one class alone": (
        "x,kind\n1,a\n2,a\n3,a\n", "",
        'FILE has nothing to learn in its column kind (always "a"); name another column with --label.',
    ),
    "one class and gaps": (
        "x,kind\n1,a\n2,a\n3,\n", "",
        "FILE has the same label in kind wherever there is one; name another column with --label.",
    ),
    "one number alone": (
        "x,kind\n1,7\n2,7\n3,7\n", "",
        'FILE has nothing to learn in its column kind (always "7"); name another column with --label.',
    ),
    "labels that are dates": (
        "x,day\n1,2020-01-02\n2,2020-01-03\n3,2020-01-05\n", "",
        "FILE has nothing to learn in its column day (dates); name another column with --label.",
    ),
    "labels that are names": (
        "x,name\n1,ann\n2,bob\n3,cid\n4,dan\n", "",
        "FILE has nothing to learn in its column name (all different words); name another column with --label.",
    ),
    "too many classes": (
        "x,kind\n" + "".join(f"{n},k{n % 1100}\n" for n in range(2300)), "",
        "FILE has over 1,000 different words in kind, too many for classes; name another column with --label.",
    ),
    "numbers with words among them": (
        "x,price\n" + "".join(f"{n * 2},{n * 1.5}\n" for n in range(60)) + "3,sold out\n", "",
        'FILE has nothing to learn in its column price (numbers, and words such as "sold out"); name another column '
        "with --label.",
    ),
    "nothing to learn from": (
        "name,day,kind\nann,2020-01-02,a\nbob,2020-01-03,b\ncid,2020-01-05,a\n", "",
        "FILE has no column to learn kind from; left out: name (all different words), day (dates).",
    ),
    "an empty label": (
        "x,kind,\n1,,\n2,,\n", "kind",
        "FILE has nothing to learn in its column kind (empty); name another column with --label.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("content", "label", "said"), ODD.values(), ids=ODD)
def test_an_odd_table_is_refused_in_a_sentence(tmp_path: Path, content: str | bytes, label: str, said: str) -> None:
    assert refused(tmp_path, content, label) == said


OTHERS = {
    "mine.xlsx": "FILE is a table of another kind; save it as CSV.",
    "mine.parquet": "FILE is a table of another kind; save it as CSV.",
    "mine.json": "FILE is a table of another kind; save it as CSV.",
    "mine.csv.gz": "FILE is packed; unpack it first.",
    "photos.zip": "FILE is packed; unpack it first.",
    "photos.tar.gz": "FILE is packed; unpack it first.",
}


@pytest.mark.parametrize(("name", "said"), OTHERS.items(), ids=OTHERS)
def test_a_table_of_another_kind_is_refused_by_its_name(tmp_path: Path, name: str, said: str) -> None:
    assert refused(tmp_path, GOOD, name=name) == said


def test_a_table_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gan_tui.data.own.table_text.LARGEST_FILE", 1_000_000)
    monkeypatch.setattr("gan_tui.data.own.table_text.MOST_ROWS", 100)
    large = "x,kind\n" + "1,a\n" * 300_000
    assert refused(tmp_path, large) == "FILE is larger than 1 MB; name a table with fewer rows or columns."
    assert refused(tmp_path, "x,kind\n" + "1,a\n" * 101) == "FILE has more than 100 rows; name a table with fewer."
    wide = ",".join(f"c{n}" for n in range(5000))
    assert refused(tmp_path, f"{wide}\n") == "FILE has 5,000 columns; name a table with at most 4,096."
    words = (
        ",".join(f"c{n}" for n in range(61))
        + "\n"
        + "\n".join(",".join([f"w{(n * k) % 89}" for k in range(1, 61)] + ["ab"[n % 2]]) for n in range(95))
    )
    assert "inputs, and at most 4,096 are learnt from; leave columns out." in refused(tmp_path, words)


def test_words_that_act_are_made_harmless(tmp_path: Path) -> None:
    table = found(tmp_path, "x\x1b[2J,kind\n1,a\x1b]0;evil\x07\n2,b\n3,b\n")
    assert "\x1b" not in repr(table).replace("\\x1b", "\x1b").replace("path", "") and len(table.names) == 2


def test_a_file_that_changed_is_looked_at_anew(tmp_path: Path) -> None:
    assert found(tmp_path, GOOD).count == 2
    assert found(tmp_path, GOOD + "3,b\n").count == 3
