"""What lies at a path is told, or why it cannot be: never an error of the system's."""

from pathlib import Path

import pytest

from gan_tui.data import own
from gan_tui.errors import UserError
from gan_tui.presets.own_data import refuse_missing
from shell import said

TOO_LONG = f"/tmp/{'x' * 300}"


def refused(do: object, *given: object) -> str:
    with pytest.raises(UserError) as refusal:
        do(*given)  # type: ignore[operator]
    return str(refusal.value)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("mnis", "mnist"), ("MNIST", "mnist"), ("fashion", "fashion-mnist"), ("fashion_mnist", "fashion-mnist"),
     ("cifar-10", "cifar10"), ("photos", "")],
)  # fmt: skip
def test_a_name_that_was_misspelt_is_offered(
    typed: str, meant: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    near = f'; did you mean "{meant}", the published set?' if meant else "."
    for command in (("train", "gan", "--data", typed), ("data", "show", typed)):
        assert said(capsys, *command)[2] == f"gan-tui: There is nothing at {tmp_path}/{typed}: check the path{near}\n"


@pytest.mark.parametrize("name", ["mine.npy", "mine.npz", "train-images-idx3-ubyte"])
def test_an_empty_file_of_arrays_is_to_be_saved_again(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"")
    assert refused(own.look, str(tmp_path / name)) == f"{tmp_path}/{name} is empty: save it again, or name another."


@pytest.mark.parametrize("name", ["mine.npy", "train-images-idx3-ubyte"])
def test_a_file_that_the_disk_cannot_read_is_not_said_to_be_spoilt(name: str, tmp_path: Path) -> None:
    (tmp_path / name).symlink_to("/proc/self/mem")  # whose first page nobody can read
    assert refused(own.look, str(tmp_path / name)) == (
        f"{tmp_path}/{name} cannot be read: the disk cannot read or write it; it may be failing: copy what matters to "
        "another."
    )


@pytest.mark.parametrize("place", [TOO_LONG, f"{TOO_LONG}/a.csv", f"{TOO_LONG}.npz", f"/{'deep/' * 900}"])
def test_a_path_that_no_disk_could_hold(place: str) -> None:
    for words in (refused(own.look, place), refused(refuse_missing, {"data": place})):
        assert words.startswith(place[:190]) and words.endswith(
            "cannot be looked at: File name too long; use a shorter name."
        )
