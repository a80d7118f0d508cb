"""Opening what may come from anybody."""

import os
import time
from pathlib import Path

import pytest

from gan_tui.errors import UserError
from gan_tui.system import untrusted_files


def test_a_pipe_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="it is not a file"):
        untrusted_files.read(tmp_path / "pipe", 10)


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/tty", "/proc/self"])
def test_devices_and_folders_are_refused(path: str) -> None:
    with pytest.raises(OSError, match=r"it is (not a file|a folder)"):
        untrusted_files.read(Path(path), 10)


def test_a_link_is_followed_only_where_it_may_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"here")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    assert untrusted_files.read(tmp_path / "link", 10) == b"here"
    with pytest.raises(OSError, match="it is a link"):
        untrusted_files.read(tmp_path / "link", 10, follow=False)


def test_a_name_with_nul_is_no_file() -> None:
    with pytest.raises(OSError, match="no file is called that"):
        untrusted_files.read(Path("a\0b"), 10)


def test_no_more_than_the_limit_is_read(tmp_path: Path) -> None:
    with (tmp_path / "huge").open("wb") as file:
        file.truncate(10**12)
    with pytest.raises(OSError, match="larger than 1,000 bytes"):
        untrusted_files.read(tmp_path / "huge", 1000)


@pytest.mark.parametrize(
    "text",
    [
        "a." * 100_000 + "b = 1",
        "[" + "a . " * 60_000 + "b]",
        "x = {" + "a." * 100_000 + "b = 1}",
        '"a\\"."' + '."\\"b"' * 40_000 + " = 1",
        "'a'" + ".'b'" * 60_000 + " = 1",
        "[[" + "a." * 100_000 + "b]]",
    ],
)
def test_a_key_of_many_parts_is_refused_before_it_is_parsed(text: str) -> None:
    begin = time.process_time()
    with pytest.raises(ValueError, match="a key has more than 9 parts"):
        untrusted_files.toml(text)
    assert time.process_time() - begin < 5


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 100_000,
        "a = " + "{b = " * 40_000,
        '"' * 200_001,
        '"\\' * 100_000,
        "'''" * 60_001,
        '"""\\' * 50_000,
    ],
)
def test_a_text_made_to_take_long_does_not(text: str) -> None:
    begin = time.process_time()
    with pytest.raises(ValueError, match=r"."):
        untrusted_files.toml(text)
    assert time.process_time() - begin < 5


def test_dots_in_strings_numbers_and_remarks_are_no_parts_of_keys() -> None:
    text = """
    about = "One.two.three.four.five.six.seven.eight.nine.ten.eleven"  # a.b.c.d.e.f.g.h.i.j.k.l
    other = '''a.b.c.d.e.f.g.h.i.j.k.l
    a.b.c.d.e.f.g.h.i.j.k.l'''
    list = [1.5, 2.5, 3.5, 1.5, 2.5, 3.5, 1.5, 2.5, 3.5, 1.5]
    a.b.c = 1
    """
    assert untrusted_files.toml(text)["a"] == {"b": {"c": 1}}


def test_a_folder_with_a_link_or_a_pipe_anywhere_is_not_written_into(tmp_path: Path) -> None:
    run = tmp_path / "run"
    (run / "samples" / "wall").mkdir(parents=True)
    (run / "samples" / "wall" / "000000001.png").write_bytes(b"")
    untrusted_files.refuse_links(run)
    (run / "samples" / "away").symlink_to(tmp_path)
    with pytest.raises(UserError, match=r"run: samples/away is a link; put what it points to in its place\."):
        untrusted_files.refuse_links(run)
    (run / "samples" / "away").unlink()
    os.mkfifo(run / "trainer.log")
    with pytest.raises(UserError, match=r"run: trainer\.log is no file; remove it\."):
        untrusted_files.refuse_links(run)
