"""gan-tui doctor: each check on small real trees and limits, and the command as a person reads it."""

import json
import os
import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import psutil
import pytest

from files import tree
from gan_tui.cli import arguments
from gan_tui.doctor import detached, examine, findings, software, surroundings
from gan_tui.doctor.findings import Finding
from gan_tui.system.gpu import GpuUse
from gan_tui.system.terminal import Client, abilities

SYSTEMD = {"run/systemd/system/x": ""}


def state(finding: Finding) -> tuple[str, str]:
    return finding.state, finding.remedy


# What would end a run --------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, ("ok", "")),
        ({"etc/systemd/logind.conf": "[Login]\nKillUserProcesses=yes\n"}, ("attention", "loginctl enable-linger")),
        ({"etc/systemd/logind.conf": "[Login]\n#KillUserProcesses=yes\n"}, ("attention", "loginctl enable-linger")),
        ({"etc/systemd/logind.conf": "[Login]\n#KillUserProcesses=no\n"}, ("ok", "")),
        ({"usr/lib/systemd/logind.conf": "#KillUserProcesses=yes\n", "etc/systemd/logind.conf": "\n"}, ("ok", "")),
        (
            {
                "etc/systemd/logind.conf": "KillUserProcesses=no\n",
                "usr/lib/systemd/logind.conf.d/50-kill.conf": "[Login]\nKillUserProcesses = yes\n",
            },
            ("attention", "loginctl enable-linger"),
        ),
        (
            {
                "usr/lib/systemd/logind.conf.d/50-kill.conf": "[Login]\nKillUserProcesses=yes\n",
                "etc/systemd/logind.conf.d/50-kill.conf": "[Login]\nKillUserProcesses=no\n",
            },
            ("ok", ""),
        ),
        ({"etc/systemd/logind.conf.d/9.conf": "KillUserProcesses=yes\nKillExcludeUsers=ada\n"}, ("ok", "")),
        ({"etc/systemd/logind.conf.d/9.conf": "KillUserProcesses=yes\nKillOnlyUsers=bob\n"}, ("ok", "")),
        ({"etc/systemd/logind.conf": "KillUserProcesses=yes\n", "var/lib/systemd/linger/ada": ""}, ("ok", "")),
    ],
)
def test_logging_out_ends_runs_where_systemd_says_so_and_nobody_lingers(
    files: dict[str, str], expected: tuple[str, str], tmp_path: Path
) -> None:
    assert state(detached.logging_out("ada", tree(tmp_path, SYSTEMD | files))) == expected


def test_without_systemd_logging_out_ends_nothing(tmp_path: Path) -> None:
    root = tree(tmp_path, {"etc/systemd/logind.conf": "KillUserProcesses=yes\n"})
    assert detached.logging_out("ada", root).state == "ok"


def test_memory_that_tensorflow_does_not_fit_into_is_found() -> None:
    assert [one.state for one in detached.memory(16_000_000_000, None, {})] == ["ok"]
    assert [one.state for one in detached.memory(16_000_000_000, 900_000_000, {})] == ["attention"]
    assert [one.state for one in detached.memory(16_000_000_000, 500_000_000, {})] == ["broken"]
    _, limit = detached.memory(16_000_000_000, None, {"RLIMIT_AS": 2_000_000_000})
    assert "2 GB of memory (ulimit -v)" in limit.text and state(limit) == ("attention", "ulimit -v unlimited")


def test_limits_that_end_a_run_are_found() -> None:
    (limit,) = detached.processors(None, {"RLIMIT_CPU": 600})
    assert "10 min 00 s" in limit.text and state(limit) == ("attention", "ulimit -t unlimited")
    assert [one.state for one in detached.processors(0.5, {})] == ["attention"]
    assert [one.state for one in detached.processors(4.0, {})] == ["ok"]
    few, length = detached.files({"RLIMIT_NOFILE": 64, "RLIMIT_FSIZE": 1_000_000})
    assert (few.remedy, length.remedy) == ("ulimit -n 256", "ulimit -f unlimited")


def test_batch_jobs_and_containers_are_found(tmp_path: Path) -> None:
    (job,) = detached.jobs({"SLURM_JOB_ID": "12\x1b[31m3"})
    assert "Slurm job 12 [31m3" in job.text and job.state == "attention"
    (job,) = detached.jobs({"SGE_JOB_SPOOL_DIR": "/var/spool/sge/n7", "JOB_ID": "77"})
    assert job.text.startswith("Grid Engine job 77: ")
    assert detached.jobs({}) == [] and detached.container({}, tmp_path) == []
    (container,) = detached.container({}, tree(tmp_path, {".dockerenv": "", "proc/1/comm": "bash\n"}))
    assert "process 1 (bash)" in container.text and container.state == "attention"
    (lasting,) = detached.container({}, tree(tmp_path, {"proc/1/comm": "tini\n"}))
    assert lasting.state == "ok"


def test_a_service_that_takes_what_it_started_along_is_found(tmp_path: Path) -> None:
    """systemd ends what is in a service's control group with it; a scope lasts as long as what is in it."""

    def found(groups: str) -> list[Finding]:
        return detached.service(tree(tmp_path, {"proc/self/cgroup": groups}))

    (runner,) = found("0::/system.slice/runner.service\n")
    assert runner.text == "everything started in runner.service ends with it, unless its KillMode is process"
    assert state(runner) == ("attention", "systemd-run --scope gan-tui train PRESET --detach")
    (own,) = found("4:memory:/\n1:name=systemd:/user.slice/user@1000.service/app.slice/tmux.service/a\n")
    assert "tmux.service" in own.text
    assert state(own) == ("attention", "systemd-run --user --scope gan-tui train PRESET --detach")
    assert found("0::/user.slice/user-1000.slice/user@1000.service/tmux-spawn-1.scope\n") == []
    assert found("0::/user.slice/user-1000.slice/session-3.scope\n") == found("0::/\n") == found("") == []
    (job,) = detached.jobs({"GITLAB_CI": "true", "CI_JOB_ID": "77"})
    assert job.text == "GitLab job 77: everything started in it ends with it, at its time limit at the latest"


@pytest.mark.parametrize(
    ("environ", "mark", "what"),
    [
        ({"KUBERNETES_SERVICE_HOST": "10.0.0.1"}, "etc/passwd", "pod"),
        ({}, "var/run/secrets/kubernetes.io/serviceaccount/token", "pod"),
        ({"container": "oci"}, "etc/passwd", "container"),
        ({}, "run/systemd/container", "container"),
        ({}, ".singularity.d/runscript", "container"),
    ],
)
def test_containers_of_all_kinds_are_found(environ: dict[str, str], mark: str, what: str, tmp_path: Path) -> None:
    (found,) = detached.container(environ, tree(tmp_path, {mark: "", "proc/1/comm": "python\n"}))
    assert found.text == f"this {what} ends with its process 1 (python), and all runs with it"
    assert ("docker" in found.remedy) == (what == "container")


# Where runs are kept --------------------------------------------------------------


def test_a_folder_for_runs_is_tried_out_and_left_as_it_was(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/a / ext4 rw 0 0\nserver:/home {tmp_path} nfs4 rw 0 0\nproc /proc proc rw 0 0\n")
    before = sorted(tmp_path.rglob("*"))
    folder, free, kind, locks = surroundings.runs_folder(tmp_path / "a/b/runs", mounts, lambda path: 600_000_000)
    assert sorted(tmp_path.rglob("*")) == before
    assert (folder.state, locks.state, free.state) == ("ok", "ok", "attention")
    assert "nfs4: a network file system" in kind.text and kind.remedy == "export GAN_TUI_RUNS=/another/folder"
    assert surroundings.runs_folder(tmp_path, mounts, lambda path: 1000)[1].state == "broken"


def test_a_folder_that_takes_no_runs_is_broken(tmp_path: Path) -> None:
    (found,) = surroundings.runs_folder(Path("/proc/1/runs"), tmp_path / "mounts", lambda path: 10**12)
    assert state(found) == ("broken", "export GAN_TUI_RUNS=/another/folder")


def test_the_deepest_mount_tells_the_kind_of_file_system(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text("a / ext4 rw\nb /home\\040of/ada fuse.sshfs rw\nc /mnt/données\\0401 nfs rw\nbroken\n\n")
    assert surroundings.file_system(Path("/home of/ada/runs"), mounts) == "fuse.sshfs"
    assert surroundings.file_system(Path("/mnt/données 1/runs"), mounts) == "nfs"
    mounts.write_bytes(b"a / ext4 rw\nb /tab\\011back\\134slash\xff nfs4 rw\n")
    assert surroundings.file_system(Path("/tab\tback\\slash\udcff/runs"), mounts) == "nfs4"
    assert surroundings.file_system(Path("/home"), mounts) == "ext4"
    assert surroundings.file_system(Path("/home"), tmp_path / "none") == ""


def test_sockets_are_tried_out(tmp_path: Path) -> None:
    assert surroundings.sockets(lambda: tmp_path / "x.sock").state == "ok"
    assert list(tmp_path.iterdir()) == []
    assert state(surroundings.sockets(lambda: tmp_path / "missing/x.sock")) == ("broken", "export TMPDIR=/tmp")


# Terminal, versions, devices --------------------------------------------------------------


def test_a_terminal_that_cannot_show_the_dashboard_is_told_apart() -> None:
    def states(term: str, columns: int) -> list[str]:
        environ = {"TERM": term}
        return [one.state for one in surroundings.the_terminal(environ, abilities(environ, "utf-8"), True, columns, 40)]

    assert states("xterm-256color", 120) == ["ok"] * 4
    assert states("dumb", 120)[0] == "attention"
    assert states("xterm", 40)[3] == "attention"
    assert surroundings.the_locale("UTF-8").state == surroundings.the_locale("utf8").state == "ok"
    assert state(surroundings.the_locale("iso8859-1")) == ("attention", "export LC_ALL=C.UTF-8")


def test_without_a_terminal_nothing_is_asked_of_it() -> None:
    """In a service, a CI job or a cron job there is neither a terminal nor TERM, and nothing is wrong with that."""
    term, size = surroundings.the_terminal({}, abilities({}, "utf-8"), False, 80, 24)
    assert [(one.state, one.text) for one in (term, size)] == [
        ("ok", "not set"),
        ("ok", "not a terminal: runs are shown as lines of text"),
    ]
    unnamed, *_ = surroundings.the_terminal({}, abilities({}, "utf-8"), True, 80, 24)
    assert unnamed.text == "not set, so the dashboard does not know how to place text on the screen"
    assert state(unnamed) == ("attention", "export TERM=xterm-256color")


def test_what_mosh_may_do_to_colours_is_said_where_it_is_on_the_way() -> None:
    full = abilities({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "utf-8")
    (found,) = surroundings.the_link(["bash", "mosh-server", "systemd"], full)
    assert found.state == "ok" and found.text.endswith("export GAN_TUI_COLORS=256")
    assert surroundings.the_link(["bash", "sshd"], full) == []
    assert surroundings.the_link(["mosh-server"], abilities({"TERM": "xterm-256color"}, "utf-8")) == []
    assert psutil.Process(os.getppid()).name() in surroundings.ancestors()


def test_what_the_dashboard_cannot_show_is_said_with_the_reason() -> None:
    def characters(environ: dict[str, str], client: Client | None = None) -> Finding:
        can = abilities({"TERM": "tmux-256color", **environ}, "utf-8", client)
        (found,) = [one for one in surroundings.the_terminal(environ, can, True, 120, 40) if one.name == "characters"]
        return found

    tmux = {"TMUX": "/tmp/tmux-0/default,1,0", "LANG": "C.UTF-8"}
    full = characters(tmux, Client(True, "xterm-256color"))
    assert full.text.startswith("block and braille characters, pictures in quadrants; where they are torn")
    assert full.state == "ok"
    assert "set to draw them two cells wide" in full.text and full.text.endswith("export GAN_TUI_ASCII=1")
    blind = characters(tmux, Client(False, "xterm-256color"))
    assert state(blind) == ("attention", "tmux -u attach")
    assert blind.text == "ASCII only: tmux was attached without UTF-8"
    console = characters(tmux, Client(True, "linux"))
    assert (console.state, console.text) == (
        "ok",
        "no block or braille characters: the Linux console's font has none",
    )
    assert characters({"GAN_TUI_ASCII": "1"}).text == "ASCII only: GAN_TUI_ASCII is set"


def test_packages_that_are_missing_or_too_old_are_found() -> None:
    def find(name: str) -> str:
        if name == "numpy":
            raise PackageNotFoundError
        return "3.9.0"

    found = {one.name: one for one in software.versions(find)}
    assert found["numpy"].state == "broken" and found["numpy"].remedy.endswith("-m pip install numpy")
    assert found["keras"].state == "attention" and found["tensorflow"].state == "ok"


def test_devices_are_asked_in_another_process(tmp_path: Path) -> None:
    def asked(code: str, seconds: float = 20.0) -> Finding:
        return software.devices((sys.executable, "-c", code), seconds, tmp_path)

    assert asked("print('noise'); print('GPUs: []'); print('more')").text == f"CPU: {os.cpu_count()} cores, no GPU"
    assert asked("""print('noise', end='\\nGPUs: ["H100"]')""").text == "GPU: H100"
    assert asked("import nothing_of_that_name").state == "broken"
    assert "No module named" in asked("import nothing_of_that_name").text
    illegal = asked("import os; os.kill(os.getpid(), 4)")
    assert illegal.text == "TensorFlow does not load: it uses instructions that this processor lacks, such as AVX"
    assert asked("import time; time.sleep(60)", 0.2).state == "attention"
    tree(tmp_path, {"dev/nvidia0": ""})
    assert asked("print('\\nGPUs: []')").state == "attention"
    assert "tensorflow" not in sys.modules


def test_devices_are_asked_for_as_a_trainer_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a person has set for Keras does not reach it."""
    fake = "import os; assert os.environ['KERAS_BACKEND'] == 'tensorflow' and 'KERAS_MAX_EPOCHS' not in os.environ\n"
    tree(tmp_path, {"tensorflow.py": f"{fake}class config: list_physical_devices = staticmethod(lambda kind: [])"})
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *sys.path]))
    monkeypatch.setenv("KERAS_BACKEND", "theano")
    monkeypatch.setenv("KERAS_MAX_EPOCHS", "few")
    found = software.devices(root=tmp_path)
    assert (found.state, found.text) == ("ok", f"CPU: {os.cpu_count()} cores, no GPU")


def test_a_gpu_that_others_have_filled_is_told() -> None:
    free, full = GpuUse(3_200_000_000, 24_000_000_000, 87.0), GpuUse(23_500_000_000, 24_000_000_000, None)
    fine = software.gpus(["L4"], [free])
    assert (fine.state, fine.text) == ("ok", "GPU: L4, 3.2 GB of 24 GB in use")
    assert software.gpus(["L4"], []).text == "GPU: L4"
    short = software.gpus(["L4", "L4"], [free, full])
    assert (short.state, short.remedy) == ("attention", "nvidia-smi")
    assert short.text.endswith("GPU: L4, 23.5 GB of 24 GB in use: other programs leave a run too little memory")


# The command --------------------------------------------------------------


def test_the_command_says_what_helps_and_fits_into_80_columns(
    runs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(software, "devices", lambda: Finding("devices", "CPU: 2 cores, no GPU"))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("SLURM_JOB_ID", "7")
    assert arguments.main(["doctor"]) == 0
    printed = capsys.readouterr()
    assert "takes a few seconds" in printed.err
    assert all(len(line) <= 80 for line in printed.out.splitlines() if "->" not in line)
    assert "  attention  batch job" in printed.out and "-> gan-tui resume RUN\n" in printed.out
    assert str(runs) in "".join(printed.out.split()) and not runs.exists()


def test_the_command_fails_where_no_run_can_work(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(software, "devices", lambda: Finding("devices", "CPU"))
    assert arguments.main(["doctor", "--runs-dir", "/proc/1/runs", "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["works"] is False
    assert {"group": "where runs are kept", "name": "folder", "state": "broken"}.items() <= next(
        row for row in said["found"] if row["state"] == "broken"
    ).items()


def test_the_summary_counts_what_is_wrong() -> None:
    fine, look, bad = Finding("a", "x"), Finding("b", "y", "attention", "c"), Finding("d", "z", "broken", "e")
    assert findings.printed({"h": [fine]}, 80).endswith("No problems found.")
    assert "Runs work here; needs attention: 1." in findings.printed({"h": [fine, look]}, 80)
    assert "Runs cannot work here; broken: 1." in findings.printed({"h": [look, bad]}, 80)
    assert examine.works({"h": [look]}) and not examine.works({"h": [bad]})


def test_few_processes_are_too_few_for_tensorflow() -> None:
    assert detached.threads(None) == detached.threads(4096) == []
    assert [(f.state, f.text, f.remedy) for most in (200, 8) for f in detached.threads(most)] == [
        ("attention", "at most 200 processes and threads at once; a run may need 300", "ulimit -u 4096"),
        ("broken", "at most 8 processes and threads at once; a run may need 300", "ulimit -u 4096"),
    ]
