"""Worker 0's side of a group that comes together, trains, and ends.

Whoever belongs to it is started where gan-tui is to start it, waited for, kept in touch with while nothing is trained,
and told of the end.
"""

import importlib
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from gan_tui.errors import UserError
from gan_tui.presets.group_gains import too_small
from gan_tui.run import group_start
from gan_tui.run.buffered_log import BufferedLog
from gan_tui.run.event_log import read_head
from gan_tui.run.events import NETWORK, Alert
from gan_tui.run.folder import RunFolder
from gan_tui.system import listening, private_network
from gan_tui.system.cluster import HERE, Cluster, cluster_of
from gan_tui.training import computed_with
from gan_tui.training.command_pipe import CommandPipe
from gan_tui.training.group import broken, told
from gan_tui.training.group.arrival import Arrival
from gan_tui.training.group.broken import GROUP, GroupBroken
from gan_tui.training.group.others import END_SECONDS, Others, cluster_here
from gan_tui.training.group.usage import Usage, rows
from gan_tui.training.stopped_early import stopped_early

if TYPE_CHECKING:  # they bring TensorFlow along
    from gan_tui.training.group.group import Group
    from gan_tui.training.tasks import Task

IDLE_SECONDS = 2.0
"""Between two words to a group that takes no steps: who is lost meanwhile is noticed."""
GONE_SECONDS = 0.5
"""Until a process that was killed is seen to have ended."""


class Company:
    """The group that a trainer belongs to; or it is alone."""

    def __init__(self, folder: RunFolder, log: BufferedLog, pipe: CommandPipe) -> None:
        """Who is to belong to it. Raises UserError where it must not be."""
        self._folder, self._log, self._pipe = folder, log, pipe
        start = group_start.of_run(folder)
        self.cluster = cluster_of(os.environ) if group_start.ENTERED in os.environ else None
        if self.cluster is None and start.workers > 1:
            self.cluster = cluster_here(start.workers)
        if self.cluster:
            private_network.refuse_public(self.cluster, group_start.TRUSTED in os.environ)
        if start.gpus:
            os.environ[group_start.GPUS] = start.gpus
        self.group: Group | None = None
        self._others: Others | None = None
        self._task: Task | None = None
        self._step: Callable[[], int] = lambda: 0
        self._ended = threading.Event()

    def gather(self) -> None:
        """Join it, before TensorFlow's first operation. Raises UserError, OSError, and what TensorFlow does."""
        if self.cluster:
            listening.refuse_taken(self.cluster.workers[0])
            os.environ["TF_CONFIG"] = self.cluster.as_tf_config()
            if self.cluster.source == HERE:
                self._others = Others(self._folder, self.cluster)
            loading = threading.Thread(target=importlib.import_module, args=("tensorflow",), daemon=True)
            loading.start()
            arrival = Arrival(self.cluster, self._log, self._lost)
            arrival.wait()
            private_network.refuse_public(self.cluster, group_start.TRUSTED in os.environ)  # all names are known now
            loading.join()
            listening.refuse_taken(self.cluster.workers[0])  # another worker may be here, with the same port
            with arrival.joining(self._pipe, lambda: stopped_early(self._folder, self._log, self._pipe)):
                self._join()
            self._log.write(told.waiting(self.cluster, {}))  # whoever was named as missing is there
        elif group_start.GPUS in os.environ:
            os.environ.pop("TF_CONFIG", None)  # a group that nobody has entered: devices of this machine are asked for
            self._join()

    def to_know(self, task: "Task") -> list[tuple[str, str]]:
        """What a person may not expect of it, but for what was said as the run began: (kind of alert, sentence)."""
        alerts = (record.event for record in read_head(self._folder.events_file, Alert))
        said = {alert.text for alert in alerts if isinstance(alert, Alert)}
        return [(kind, sentence) for kind, sentence in self._sentences(task) if sentence not in said]

    def _sentences(self, task: "Task") -> Iterator[tuple[str, str]]:
        if self.cluster:
            yield NETWORK, private_network.TO_KNOW
        elif group_start.GPUS in os.environ and self.group is None:
            yield GROUP, group_start.NOT_SEVERAL if computed_with.has_gpu() else group_start.NONE_HERE
        if self.group and (small := too_small(task.preset, len(task.dataset.train), self.group.size)):
            yield GROUP, small

    def _join(self) -> None:
        from gan_tui.training.group.group import group_here

        self.group = group_here()
        if not self.cluster:  # --gpus 1 asks for no group
            found = self.group.size if self.group else int(computed_with.has_gpu())
            group_start.refuse_fewer_gpus(os.environ[group_start.GPUS], found)
        self._pipe.obey_signals()  # the strategy has taken SIGTERM for itself

    def _lost(self) -> dict[int, str]:
        return self._others.ended() if self._others else {}

    def begin(self, task: "Task", step: Callable[[], int]) -> None:
        """All begin where worker 0 is; from now on, nobody is lost unnoticed. Raises UserError where they differ."""
        self._task, self._step = task, step
        if self.group:
            self.group.begin(task, step())
        if self.cluster:
            steps: Any = task.steps
            steps.idle()  # compiled here: while it is, nobody else may use the layers
            members = (self.cluster, steps)
            threading.Thread(target=self._keep_in_touch, args=members, name="group", daemon=True).start()

    def _keep_in_touch(self, cluster: Cluster, steps: Any) -> None:
        using, due = Usage(computed_with.devices()), 0.0
        while not self._ended.wait(IDLE_SECONDS / 4):
            try:
                if time.monotonic() >= due:
                    due = time.monotonic() + told.seconds_between(len(cluster.workers))
                    table = steps.usage(using.numbers())
                    self._log.write(told.training(cluster, rows(table, steps.reducing())))
                elif time.monotonic() - steps.spoken_at >= IDLE_SECONDS:
                    steps.idle()
            except Exception as error:  # noqa: BLE001 (raised where commands are asked for)
                if not self._ended.is_set():
                    self._pipe.failure = error
                return

    def end(self) -> None:
        """The training is over, for all."""
        self._ended.set()
        if self._task and self.cluster:
            steps: Any = self._task.steps
            steps.end()

    def disperse(self, patiently: bool) -> None:
        """End whoever was started here, if need be at once."""
        self._ended.set()
        self._pipe.failure = None
        if self._others:
            self._others.end(END_SECONDS if patiently else 0.0)

    def explained(self, error: Exception) -> Exception:
        """The error, or that the group broke."""
        if self.cluster is None or isinstance(error, UserError):  # who is refused ends, too, and may have been sooner
            return error
        if not (self._lost() or broken.is_of_group(error, self.cluster.index)):
            return error
        if self._others and not self._lost():
            time.sleep(GONE_SECONDS)
        gone = broken.lost_of(error, self.cluster, self._lost())
        if gone:
            self._log.write(told.lost(self.cluster, gone))
        words = broken.in_words(error, self.cluster, gone)
        return GroupBroken(words, broken.way_on(self.cluster, self._folder.word), self._step())


@contextmanager
def company(folder: RunFolder, log: BufferedLog, pipe: CommandPipe) -> Iterator[Company]:
    """A training's, from before TensorFlow's first operation to its end. Raises GroupBroken."""
    gathered, well = Company(folder, log, pipe), False
    try:
        gathered.gather()
        yield gathered
        gathered.end()
        well = True
    except Exception as error:
        if (explained := gathered.explained(error)) is error:
            raise
        raise explained from error
    finally:
        gathered.disperse(well)
