"""What would end a run that trains in the background, or starve it: logging out, limits, jobs and containers."""

import resource
from collections.abc import Iterator, Mapping
from pathlib import Path

from gan_tui.doctor.findings import Finding, Outcome
from gan_tui.system import machine
from gan_tui.system.memory import MORE_THREADS
from gan_tui.text import duration, harmless, size

NEEDED = 1_000_000_000
"""Bytes of memory that a small training takes: TensorFlow alone takes about 650 MB."""
LEAST = 700_000_000
"""Bytes without which TensorFlow does not even load."""
ADDRESSES = 8_000_000_000
"""Bytes of addresses that TensorFlow may reserve, of which it uses few."""
FEWEST_FILES = 256
"""Open files that a process may need."""
FEWEST_THREADS, LEAST_THREADS = 300, 40
"""Processes and threads that a user may need, with more cores more; and without which TensorFlow does not start."""
JOBS = {
    "SLURM_JOB_ID": "Slurm",
    "PBS_JOBID": "PBS",
    "LSB_JOBID": "LSF",
    "COBALT_JOBID": "Cobalt",
    "FLUX_JOB_ID": "Flux",
    "GITHUB_RUN_ID": "GitHub",
    "CI_JOB_ID": "GitLab",
    "OAR_JOB_ID": "OAR",
    "_CONDOR_JOB_AD": "HTCondor",
    "SGE_JOB_SPOOL_DIR": "Grid Engine",
    "BUILD_TAG": "Jenkins",
}
"""Variable → the batch system, or what builds and tests, that sets it."""
CONTAINERS = (".dockerenv", "run/.containerenv", "run/systemd/container", ".singularity.d")
"""Files of which one is there in a container, by Docker, Podman, LXC or systemd, Apptainer."""
PODS = ("var/run/secrets/kubernetes.io", "run/secrets/kubernetes.io")
"""Folders of which one is there in most pods of Kubernetes."""

Limits = Mapping[str, int]
"""Name of a limit, as in `resource.RLIMIT_…` → its value; one without an end is left out."""


def logging_out(user: str, root: Path = Path("/")) -> Finding:
    """Whether systemd ends all that a user started when the user logs out."""
    if not (root / "run/systemd/system").is_dir():
        return Finding("logging out", "does not end runs: systemd does not manage sessions here")
    settings = _logind(root)
    if settings.get("KillUserProcesses", "no").lower() not in ("yes", "true", "on", "1"):
        return Finding("logging out", "does not end runs")
    only, spared = settings.get("KillOnlyUsers", "").split(), settings.get("KillExcludeUsers", "root").split()
    if user in spared or (only and user not in only):
        return Finding("logging out", f"does not end runs of {harmless(user, 40)}")
    if (root / "var/lib/systemd/linger" / user).exists():
        return Finding("logging out", "does not end runs: lingering is enabled")
    text = "systemd ends all runs when you log out (KillUserProcesses=yes, and lingering is off)"
    return Finding("logging out", text, "attention", "loginctl enable-linger")


def _logind(root: Path) -> dict[str, str]:
    """systemd-logind's settings: its file, then every drop-in by name; a remark in the file tells what is built in."""
    places = ("usr/lib/systemd", "usr/local/lib/systemd", "run/systemd", "etc/systemd")  # later ones hide earlier ones
    mains = [root / place / "logind.conf" for place in reversed(places)]
    main = next((path for path in mains if path.exists()), None)
    drop_ins = {path.name: path for place in places for path in sorted((root / place / "logind.conf.d").glob("*.conf"))}
    settings: dict[str, str] = {}
    for path in (main, *(drop_ins[name] for name in sorted(drop_ins))):
        for line in _lines(path) if path else ():
            key, equals, value = line.removeprefix("#" if path == main else "\0").partition("=")
            if equals and (not line.startswith("#") or key.strip() not in settings):
                settings[key.strip()] = value.strip()
    return settings


def _lines(path: Path) -> Iterator[str]:
    try:
        yield from (line.strip() for line in path.read_text(errors="replace").splitlines())
    except OSError:
        return


def memory(total: int, limit: int | None, limits: Limits) -> list[Finding]:
    """Bytes there are, what control groups allow, and the limits of this shell."""
    found = [_memory_there(total, limit)]
    for name, option, least in (("RLIMIT_AS", "-v", ADDRESSES), ("RLIMIT_DATA", "-d", NEEDED)):
        allowed = limits.get(name, least)
        if allowed < least:
            text = f"this shell allows {size(allowed)} of memory (ulimit {option}), which may be too little"
            found.append(Finding("limit", text, _short_of(allowed), f"ulimit {option} unlimited"))
    return found


def _memory_there(total: int, limit: int | None) -> Finding:
    text = size(total) if limit is None else f"{size(limit)} of {size(total)}: limited by a container or a job"
    have = total if limit is None else min(total, limit)
    if have >= NEEDED:
        return Finding("memory", text)
    text += f"; TensorFlow needs about {size(NEEDED)}, and a process that needs more is killed"
    return Finding("memory", text, _short_of(have), "free -h" if limit is None else "docker update --memory 4g NAME")


def _short_of(have: int) -> Outcome:
    return "broken" if have < LEAST else "attention"


def processors(quota: float | None, limits: Limits) -> list[Finding]:
    """Shares of processors, and time after which a process is killed."""
    found = []
    if quota is not None:
        text = f"{quota:g} processors are allowed by a container or a job"
        if quota < 1:
            found.append(Finding("processors", text, "attention", "docker update --cpus 2 NAME"))
        else:
            found.append(Finding("processors", text))
    if "RLIMIT_CPU" in limits:
        text = f"this shell's processes are killed after {duration(limits['RLIMIT_CPU'])} of CPU time (ulimit -t)"
        found.append(Finding("processor time", text, "attention", "ulimit -t unlimited"))
    return found


def files(limits: Limits) -> list[Finding]:
    """How many files may be open, and how long they may be."""
    most = limits.get("RLIMIT_NOFILE")
    found = [Finding("open files", f"{most:,}" if most is not None else "unlimited")]
    if most is not None and most < FEWEST_FILES:
        text = f"at most {most:,} at once (ulimit -n); a run may need {FEWEST_FILES}"
        found = [Finding("open files", text, "attention", f"ulimit -n {FEWEST_FILES}")]
    if "RLIMIT_FSIZE" in limits:
        text = f"files may have at most {size(limits['RLIMIT_FSIZE'])} (ulimit -f)"
        found.append(Finding("file length", text, "attention", "ulimit -f unlimited"))
    return found


def threads(most: int | None) -> list[Finding]:
    """How many processes and threads there may be."""
    if most is None or most >= FEWEST_THREADS:
        return []
    text = f"at most {most:,} processes and threads at once; a run may need {FEWEST_THREADS}"
    return [Finding("processes", text, "broken" if most < LEAST_THREADS else "attention", MORE_THREADS)]


def jobs(environ: Mapping[str, str]) -> list[Finding]:
    """Whether this is a job of a cluster or of a build, which ends with all that was started in it."""
    return [
        Finding(
            "batch job",
            f"{system} job {harmless(_number(environ, variable), 40)}: everything started in it ends with it, at its "
            "time limit at the latest",
            "attention",
            "gan-tui resume RUN",
        )
        for variable, system in JOBS.items()
        if environ.get(variable)
    ]


def service(root: Path = Path("/")) -> list[Finding]:
    """Whether this is in a service of systemd, which by default ends all that is left in its control group."""
    for line in _lines(root / "proc/self/cgroup"):
        _, controllers, path = (*line.split(":", 2), "", "")[:3]
        units = [part for part in path.split("/") if part.endswith((".service", ".scope"))]
        if controllers not in ("", "name=systemd") or not units:
            continue
        *around, unit = units
        if unit.endswith(".service") and not unit.startswith("user@"):
            of_user = " --user" if any(one.startswith("user@") for one in around) else ""
            text = f"everything started in {harmless(unit, 60)} ends with it, unless its KillMode is process"
            remedy = f"systemd-run{of_user} --scope gan-tui train PRESET --detach"
            return [Finding("service", text, "attention", remedy)]
    return []


def _number(environ: Mapping[str, str], variable: str) -> str:
    """What a batch system calls a job; of one whose variable names a file, what it says besides."""
    return environ.get("JOB_ID", "") if variable.startswith("SGE") else environ[variable].rpartition("/")[2]


def container(environ: Mapping[str, str], root: Path = Path("/")) -> list[Finding]:
    """Whether this is a container, which ends with its first process."""
    is_pod = "KUBERNETES_SERVICE_HOST" in environ or any((root / mark).exists() for mark in PODS)
    if not (is_pod or environ.get("container") or any((root / mark).exists() for mark in CONTAINERS)):
        return []
    first = harmless(next(_lines(root / "proc/1/comm"), "process 1"), 40)
    if first in ("systemd", "init", "tini", "docker-init", "dumb-init", "sleep"):
        return [Finding("container", f"ends with {first}, which keeps running")]
    text = f"this {'pod' if is_pod else 'container'} ends with its process 1 ({first}), and all runs with it"
    remedy = "gan-tui resume RUN" if is_pod else "docker run --init --detach IMAGE sleep infinity"
    return [Finding("container", text, "attention", remedy)]


def limits_of_this_process() -> Limits:
    names = ("RLIMIT_AS", "RLIMIT_DATA", "RLIMIT_CPU", "RLIMIT_NOFILE", "RLIMIT_FSIZE")
    soft = {name: resource.getrlimit(getattr(resource, name))[0] for name in names}
    return {name: value for name, value in soft.items() if value != resource.RLIM_INFINITY}


def found_here(user: str, environ: Mapping[str, str], root: Path = Path("/")) -> list[Finding]:
    """All of these checks, on this machine."""
    limits = limits_of_this_process()
    return [
        logging_out(user, root),
        *memory(machine.physical_memory(), machine.memory_limit(root), limits),
        *processors(machine.processors_limit(root), limits),
        *files(limits),
        *threads(machine.threads_limit(root)),
        *jobs(environ),
        *service(root),
        *container(environ, root),
    ]
