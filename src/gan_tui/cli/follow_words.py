"""What is said of a run that is followed as text, when it starts and when it has ended."""

from collections.abc import Iterator

from gan_tui.run import documents
from gan_tui.run.events import Started
from gan_tui.run.folder import RunFolder
from gan_tui.run.holder import NOT_HERE, Standing
from gan_tui.run.outcome import stuck
from gan_tui.run.state import RunState
from gan_tui.run.summaries import summary_of
from gan_tui.supervision import ways_on
from gan_tui.text import counted


def of_start(event: Started) -> Iterator[str]:
    """A line for each thing that is known of a training: of a script's, little may be."""
    data, is_script = event.dataset, event.task == documents.SCRIPT
    yield f"{event.preset}: {event.title}" if event.title != event.preset else event.title
    for name, rows in event.networks.items():
        layers = [row for row in rows if row["kind"] != "Input"]
        parameters = sum(row["parameters"] for row in layers)
        yield f"  {name}: {counted(len(layers), 'layer')}, {parameters:,} parameters"
    held_back = f" and {data['validation']:,} for validation" if data.get("validation") else ""
    if data["train"] or not is_script:
        yield f"  data: {data['name']}, {data['train']:,} examples{held_back} ({data['origin']})"
    if event.start:
        yield f"  start: {event.start}"
    told = [
        counted(event.steps_total, "step") if event.steps_total or not is_script else "",
        f"batch {event.batch_size}" if event.batch_size or not is_script else "",
        f"seed {event.seed}" if not is_script else "",
        f"on {', '.join(event.devices)}" if event.devices else "",
    ]
    if any(told):
        yield f"  {', '.join(filter(None, told))}"


def of_end(folder: RunFolder, state: RunState, standing: Standing, prepared: bool) -> Iterator[str]:
    """What became of a run that is there, and the way on; `prepared` says whether it ended while it started."""
    is_script, word = documents.is_script(folder), folder.word
    at = f" at step {state.step:,}" if state.step or not is_script else ""
    shown = standing.shown(state.state)
    if state.state == "finished":
        yield f"Finished{at}: {state.reason}" if state.reason else f"Finished{at}."
        if words := stuck(state):
            summary = summary_of(folder)
            longer = "" if summary.ended_early else f"; {ways_on.longer(folder, summary)}"
            yield f"{words} {ways_on.with_other_seed(folder)} trains it with another{longer}."
    elif state.state == "stopped":
        saved = state.checkpoints[-1].step if state.checkpoints else 0
        where = "there" if saved and saved == state.step else f"step {saved:,}" if saved else "the first step"
        why = "" if state.reason in ("", "asked to stop") else f": {state.reason}"
        does = f"continues from {where}" if saved or not is_script else "starts it again"
        yield f"Stopped{at}{why}; gan-tui resume {word} {does}."
    elif shown in NOT_HERE:
        yield f"{shown.capitalize()}, last seen at step {state.step:,}: {standing.about}."
        yield f"gan-tui resume --here {word} trains it here all the same."
    else:
        reason = state.reason if state.state == "failed" else "its processes were killed"
        yield f"Failed{at}: {reason}"
        yield f"gan-tui resume {word} {_way_on(state, prepared)}; trainer.log may show why."


def _way_on(state: RunState, prepared: bool) -> str:
    """What resuming a run does that has failed, while it `prepared` to go on or later; half a sentence."""
    if not state.checkpoints:
        return "begins again: there is no checkpoint yet"
    refused = prepared and state.state == "failed"  # and would be again, for the same reason
    return "tries again, once that is mended" if refused else "continues from the last checkpoint"
