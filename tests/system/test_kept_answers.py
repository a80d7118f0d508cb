"""What a person has chosen, kept beside what others keep at the same instant."""

from concurrent.futures import ThreadPoolExecutor

from gan_tui.system import kept_answers


def test_several_that_keep_at_once_all_succeed_and_one_of_them_holds() -> None:
    def keep(number: int) -> None:
        for turn in range(40):
            kept_answers.keep("race", {"who": str(number), "turn": str(turn)})
            assert kept_answers.kept("race")["who"]

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(keep, range(8)))
    folder = kept_answers._file("race")
    assert folder is not None and [path.name for path in folder.parent.iterdir()] == ["race.json"]
    assert folder.stat().st_mode & 0o777 == 0o600
