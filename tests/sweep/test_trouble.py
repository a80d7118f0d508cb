"""What is said of a worker that is gone: what ssh, shells and kernels leave behind, put in words."""

import pytest

from gan_tui.sweep.engines.trouble import trouble
from gan_tui.sweep.places import read


@pytest.mark.parametrize(
    ("code", "last_words", "reason", "in_vain"),
    [
        (255, "No ED25519 host key is known for box1 and you have requested strict checking.\nHost key verification "
         "failed.\n", "its host key is not known here; run ssh to it once, and confirm it", True),
        (255, "@@@\n@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed.",
         "its host key is another than the one known here; find out why before you take the old one away: "
         "ssh-keygen -R", True),
        (255, "ada@box1: Permission denied (publickey,password).",
         "it lets nobody in without a password or a key; load yours with ssh-add, or put it there with ssh-copy-id",
         True),
        (255, "ssh: Could not resolve hostname bx1: Name or service not known",
         "there is no machine of that name; check its spelling", True),
        (255, "ssh: connect to host box1 port 22: Connection refused",
         "no ssh server answers there; start one, or check the port", False),
        (255, "Timeout, server box1 not responding.", "the link to it is gone", False),
        (255, "", "its worker was killed, or the link to it broke", False),
        (127, "sh: 1: exec: gan-tui: not found",
         "there is no gan-tui; install it there, or end --on with the path of one: venv/bin/gan-tui", True),
        (2, "gan-tui: \"sweep-worker\" is no command", "the gan-tui there is an older one; install the version there "
         "that is here", True),
        (137, "Killed\x1b[2J\n\n", 'its worker ended with exit code 137: "Killed [2J"', False),
        (-9, "", "the command that leads there was killed", False),
    ],
)  # fmt: skip
def test_what_ended_a_worker_before_it_spoke(code: int, last_words: str, reason: str, in_vain: bool) -> None:
    met = trouble(code, last_words, True, False)
    assert (met.reason, met.in_vain) == (reason, in_vain)


def test_of_one_that_has_trained_nothing_is_in_vain() -> None:
    met = trouble(255, "Permission denied (publickey).", True, True)
    assert not met.in_vain
    assert trouble(127, "", False, True).reason == "its worker ended with exit code 127"
    assert trouble(1, "no memory", False, True).reason == 'its worker ended with exit code 1: "no memory"'
    assert trouble(1, "a warning of long ago", False, True, True).reason == "its worker ended with exit code 1"


def test_a_path_that_leads_nowhere_is_named() -> None:
    met = trouble(127, "sh: /opt/venv/bin/gan-tui: not found", True, False, program="/opt/venv/bin/gan-tui")
    assert met.in_vain and met.reason == "there is no /opt/venv/bin/gan-tui; end --on with the path of a gan-tui"
    assert "\x1b" not in trouble(127, "", False, False, program="/a\x1b[2J/gan-tui").reason
    assert [place.program for place in read(["sh -c /opt/gan-tui", "sh -x"]).behind] == ["/opt/gan-tui", ""]
