"""How the group of a run is started, as its folder tells who starts it again.

No setting of its preset: a checkpoint restores into any number of workers, and the run stays the same.
"""

from dataclasses import dataclass

from gan_tui.errors import TRAINING_FAILED, UserError
from gan_tui.run import group_around
from gan_tui.run.folder import RunFolder
from gan_tui.system import untrusted_files, whole_files
from gan_tui.system.cluster import MOST_WORKERS

FILE = "group.toml"
ALL = "all"
ENTERED, TRUSTED = "GAN_TUI_GROUP", "GAN_TUI_TRUST_NETWORK"
"""Set for the processes of a run whose group the environment tells of (`group_around`), or whose network is trusted."""
GPUS = "GAN_TUI_GPUS"
"""How many devices of this machine train together, by MirroredStrategy: a number, or all."""
_LARGEST = 1 << 12
"""Bytes."""
MOST_HERE = 64
"""Workers that one machine starts."""
NOT_SEVERAL = "TensorFlow does not find several GPUs on this machine, so --gpus changes nothing."
NONE_HERE = "TensorFlow finds no GPU on this machine, so --gpus changes nothing; gan-tui doctor tells why."


@dataclass(frozen=True)
class GroupStart:
    """Either more than one worker on this machine, or GPUs of one process."""

    workers: int = 1
    gpus: str = ""
    """A number, "all", or empty: as many as TensorFlow takes by itself."""

    def keep(self, folder: RunFolder) -> None:
        """Write it into a run's folder, in place of what was there. Raises OSError."""
        if self == ALONE:
            (folder.root / FILE).unlink(missing_ok=True)
            return
        said = f"workers = {self.workers}\n" if self.workers > 1 else f'gpus = "{self.gpus}"\n'
        whole_files.put(folder.root / FILE, said.encode())


ALONE = GroupStart()


def of_run(folder: RunFolder) -> GroupStart:
    """What a run was started with; a process alone, where nothing that can be understood is said."""
    try:
        said = untrusted_files.toml(untrusted_files.read(folder.root / FILE, _LARGEST, follow=False).decode())
        return checked(said.get("workers", 1), said.get("gpus", ""))
    except (OSError, ValueError, UserError):
        return ALONE


def checked(workers: object, gpus: object) -> GroupStart:
    """What is asked for. Raises UserError where that cannot be started."""
    if not isinstance(workers, int) or isinstance(workers, bool) or not 1 <= workers <= MOST_HERE:
        raise UserError(f"--workers is how many processes of this machine train together, from 1 to {MOST_HERE}.")
    is_count = isinstance(gpus, str) and gpus.isascii() and gpus.isdecimal() and 1 <= int(gpus) <= MOST_WORKERS
    if gpus not in ("", ALL) and not is_count:
        raise UserError('--gpus is how many GPUs of this machine train together, a number or "all".')
    if workers > 1 and gpus:
        raise UserError(
            "--workers and --gpus cannot be used together: one process has several GPUs (--gpus all), or several "
            "processes of this machine share its processor (--workers 2)."
        )
    return GroupStart(workers, str(gpus))


def refuse_fewer_gpus(wanted: str, found: int) -> None:
    """Raises UserError where more GPUs are asked for than TensorFlow finds."""
    if wanted.isdecimal() and not found:
        raise UserError(
            f"--gpus {wanted}: TensorFlow finds no GPU on this machine, as gan-tui doctor explains; leave it out, or "
            "have several processes share the processor (--workers 2).",
            TRAINING_FAILED,
        )
    if wanted.isdecimal() and int(wanted) > found:
        raise UserError(
            f"--gpus {wanted} asks for more GPUs than TensorFlow finds on this machine; gan-tui doctor tells which "
            "there are.",
            TRAINING_FAILED,
        )


def is_group(folder: RunFolder) -> bool:
    """Whether a run's trainer is one of a group, for which none can be prepared: TensorFlow must learn it first."""
    return bool(group_around.variables_of(folder.path)) or of_run(folder) != ALONE
