"""The page of a run: what stands in it, in words and for the eye; and that nothing of a run acts in it."""

import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from files import old_run
from gan_tui import presets
from gan_tui.dashboard.themes import inks
from gan_tui.integrations.export import page, svg_charts
from gan_tui.integrations.export.markup import Markup, joined, tag
from gan_tui.integrations.export.svg_charts import Line
from gan_tui.integrations.export.whole_run import WholeRun
from gan_tui.presets.run_settings import RunSetting, settings_of
from gan_tui.run.events import Alert, Epoch, Metrics, Picture, Setting, Started, State, Text
from gan_tui.run.folder import RunFolder
from gan_tui.run.series import Series
from logs import written
from recorded import append, picture, recorded_run, started
from script_runs import add, curves, script_run
from shell import said

Capture = pytest.CaptureFixture[str]
HOSTILE = """<script>alert(1)</script><img src=x onerror=alert(2)>'"&lt;</td></svg><svg onload=a>"""


class Read(HTMLParser):
    """A page: its elements with their attributes, and its words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, name: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append((name, dict(attributes)))
        if name not in ("meta", "img", "br"):
            self._open.append(name)

    def handle_endtag(self, name: str) -> None:
        assert self._open.pop() == name, "elements lie in each other"

    def handle_data(self, data: str) -> None:
        if "style" not in self._open and data.strip():
            self.words.append(data.strip())

    def of(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for each, attributes in self.elements if each == name]

    @property
    def text(self) -> str:
        return " ".join(self.words)


def paged(folder: RunFolder) -> str:
    run = WholeRun.read(folder)
    return page.page(run, settings_of(folder), inks(True), inks(False))


def of_xor(runs: Path, *events: object, name: str = "own", **settings: object) -> RunFolder:
    preset = presets.find("xor").with_settings(settings)
    folder = presets.new_run(preset, runs, name)
    append(folder, State("starting"), started(preset), State("training"), *events)
    return folder


def test_the_page_of_a_run_has_all_of_it(runs: Path) -> None:
    folder = of_xor(
        runs,
        Metrics([1, 2, 3, 4], {"loss": [0.75, 0.5, 0.25, 0.375], "accuracy": [0.5, 0.5, 0.75, 1.0]}),
        Setting("learning_rate", 0.02, 3),
        Alert("nan", "The loss was not a finite number.", 4),
        Text("notes", 4, "It went well.\nMostly."),
        State("finished", "all steps are done"),
        learning_rate=0.25,
    )
    append(folder, picture(folder, 4))
    text = paged(folder)
    read = Read(text)
    words = read.text
    assert read.words[0] == "own: a run of gan-tui"
    for told in (
        "XOR", "finished : all steps are done", "4 of 400", "CPU: 2 cores", "keras 3.15.1",
        "first 0.7500 at step 1, last 0.3750 at step 4, least 0.2500 at step 3",
        "first 0.5000 at step 1, last 1.0000 at step 4, most 1.0000 at step 4",
        "3 learning_rate 0.02", "Alert: The loss was not a finite number.", "It went well. Mostly.",
        "generated , step 4",
    ):  # fmt: skip
        assert told in words, told
    assert [read.words.index(title) for title in ("Results", "Charts", "Pictures", "Settings", "Layers")] == sorted(
        read.words.index(title) for title in ("Results", "Charts", "Pictures", "Settings", "Layers")
    )
    assert len(read.of("h1")) == 1
    assert len(read.of("caption")) == len(read.of("table"))
    (image,) = read.of("img")
    assert image["alt"] == "generated at step 4: 4 tiles of 28 × 28 pixels"
    assert str(image["src"]).startswith("data:image/png;base64,")
    assert len(read.of("svg")) == 2
    assert all(each["role"] == "img" and each["aria-label"] for each in read.of("svg"))


def test_settings_that_differ_from_the_preset_come_first_and_are_marked(runs: Path) -> None:
    folder = of_xor(runs, learning_rate=0.25)
    first, *others = settings_of(folder)
    usual = presets.find("xor").settings["learning_rate"]
    assert first == RunSetting("learning_rate", "0.25", f"{usual:g}")
    assert {each.usual for each in others} == {None}
    assert [each.is_default for each in others] == sorted(each.is_default for each in others)
    text = paged(folder)
    (marked,) = re.findall(r'<tr class="changed">(.*?)</tr>', text)
    assert re.sub(r"<[^>]*>", " ", marked).split() == ["learning_rate", "0.25", f"{usual:g}"]


def test_nothing_is_fetched_and_nothing_runs(runs: Path) -> None:
    text = paged(recorded_run(runs))
    read = Read(text)
    policy = next(each["content"] for each in read.of("meta") if each.get("http-equiv"))
    assert str(policy).startswith("default-src 'none'; img-src data:; style-src 'sha256-")
    assert not read.of("script")
    assert not read.of("link")
    assert not re.search(r"https?:|url\(|@import", text)
    assert not any("style" in attributes for _, attributes in read.elements), "the policy lets none through"


def test_a_hostile_name_stays_words(runs: Path) -> None:
    layer = {
        "name": HOSTILE, "kind": HOSTILE, "layer": HOSTILE, "output_shape": [1], "parameters": 1, "trainable": 1,
        "from": [HOSTILE],
    }  # fmt: skip
    data = {"name": HOSTILE, "origin": HOSTILE, "train": 4, "validation": 0}
    folder = presets.new_run(presets.find("xor"), runs, "own")
    folder.path.rename(moved := runs / HOSTILE.replace("/", "|"))
    folder = RunFolder(moved)
    start = Started(HOSTILE, HOSTILE, "plane", 1, {HOSTILE: [layer]}, data, [HOSTILE], {HOSTILE: HOSTILE}, 10, 1, 4)
    append(
        folder, start, Metrics([1, 2], {HOSTILE: [1, 2]}), Epoch(1, 2, {f"val_{HOSTILE}": 1.0}),
        Alert(HOSTILE, HOSTILE, 1), Text(HOSTILE, 1, HOSTILE), Setting(HOSTILE, HOSTILE, 1), State("failed", HOSTILE),
    )  # fmt: skip
    shown = picture(folder, 1)
    append(folder, Picture(HOSTILE, 1, shown.file, HOSTILE, [28, 28], 4, labels=[HOSTILE] * 4))
    run = WholeRun.read(folder)
    text = page.page(run, [RunSetting(HOSTILE, HOSTILE, HOSTILE)], inks(True), inks(False))
    read = Read(text)
    ours = {
        "html", "head", "meta", "title", "style", "body", "main", "header", "footer", "section", "h1", "h2", "h3", "p",
        "span", "div", "table", "caption", "thead", "tbody", "tr", "th", "td", "time", "figure", "figcaption", "img",
        "b", "details", "summary", "ul", "li", "svg", "path", "text", "circle",
    }  # fmt: skip
    assert {name for name, _ in read.elements} <= ours
    assert len(read.of("img")) == 1
    assert not any(name.startswith("on") for _, attributes in read.elements for name in attributes)
    assert "alert(1)" in read.text


def test_markup_escapes_all_but_itself() -> None:
    assert tag("b", "<i>", tag("i", "&"), title='"<') == '<b title="&quot;&lt;">&lt;i&gt;<i>&amp;</i></b>'
    assert joined("<", Markup("<br>"), by="&") == "&lt;&amp;<br>"


@pytest.mark.parametrize("name", ["xor", "flag", "shapes", "tape", "pair"])
@pytest.mark.parametrize("state", ["finished", "stopped"])
def test_old_runs(state: str, name: str, runs: Path, tmp_path: Path, capsys: Capture) -> None:
    folder, file = old_run(state, name, runs), tmp_path / "page.html"
    assert said(capsys, "export", name, "--html", str(file)) == (0, f"{file}\n", "")
    read = Read(file.read_text())
    run = WholeRun.read(folder)
    assert len(read.of("img")) == len(run.pictures)
    assert all(f"first {0}"[:5] in read.text for _ in run.state.series)
    assert "Layers" in read.words
    assert file.stat().st_size < 1_000_000


def test_the_log_of_another_tool(tmp_path: Path, runs: Path, capsys: Capture) -> None:
    log = written("tf_summary", tmp_path)
    shown = log.reader()
    run = WholeRun.read(log)
    assert log._reader is shown, "who looks at it goes on looking"
    (tag,) = run.pictures
    names = [tmp_path / f"log.{suffix}" for suffix in ("csv", "html", "png", "gif")]
    words = ("--csv", names[0], "--html", names[1], "--png", f"{tag}={names[2]}", "--gif", f"{tag}={names[3]}")
    assert said(capsys, "export", str(log.path), *map(str, words)) == (0, "".join(f"{name}\n" for name in names), "")
    read = Read(names[1].read_text())
    assert len(read.of("svg")) == len(run.state.series)
    assert "TensorBoard log" in read.words
    assert len(read.of("img")) == 1


def test_the_run_of_a_script(runs: Path) -> None:
    folder = script_run(runs, document={"config": {"lr": 0.1, "net": {"depth": 3}}})
    add(folder, curves(["train/loss", "train/acc"], [1, 2, 3]), Text("notes", 3, "It went well."))
    assert settings_of(folder) == [RunSetting("lr", "0.1"), RunSetting("net.depth", "3")]
    words = Read(paged(folder)).text
    assert all(told in words for told in ("net.depth 3", "It went well.", "train/loss", "command"))
    assert "preset" not in words


# Charts --------------------------------------------------------------------------------------------------


def series_of(values: list[float], first: int = 1) -> Series:
    return Series.empty().extended(range(first, first + len(values)), values)


def paths(drawn: Markup, kind: str) -> list[str]:
    return [str(each["d"]) for each in Read(drawn).of("path") if kind in str(each.get("class")).split()]


def test_a_curve_goes_through_its_values() -> None:
    drawn = svg_charts.chart([Line("training", series_of([0.0, 1.0, 0.5]), 0)], [], 3, "loss")
    (path,) = paths(drawn, "line")
    places = [tuple(map(float, pair.split())) for pair in re.split("[ML]", path)[1:]]
    (x0, y0), (x1, y1), (x2, y2) = places
    assert x1 - x0 == pytest.approx(x2 - x1, abs=0.2)
    assert (y0 - y1) == pytest.approx(2 * (y2 - y1), abs=0.3)


def test_what_is_not_finite_is_a_gap() -> None:
    drawn = svg_charts.chart([Line("training", series_of([1, 2, np.nan, 3, 4, np.nan, 5]), 0)], [], 7, "loss")
    (path,) = paths(drawn, "line")
    assert re.sub("[^ML]", "", path) == "MLMLM"
    assert len(Read(drawn).of("circle")) == 1, "one that no line goes to is a dot"
    assert "no finite value" in svg_charts.chart([Line("t", series_of([np.nan]), 0)], [], 1, "loss")


def test_a_spike_of_a_single_step_is_seen_among_a_million() -> None:
    values = np.full(1_000_000, 0.5, np.float32)
    values[654_321] = 9.0
    series = Series.empty().extended(range(1, 1_000_001), values)
    drawn = svg_charts.chart([Line("training", series, 0)], [], 1_000_000, "loss")
    (spread,) = paths(drawn, "spread")
    tops = [float(pair.split()[1]) for pair in re.split("[ML]", spread)[1:]]
    assert min(tops) < sorted(tops)[1] - 100
    assert len(drawn) < 60_000


def test_ticks_are_those_of_a_chart_on_the_screen() -> None:
    drawn = svg_charts.chart([Line("training", series_of(list(np.linspace(0, 1, 2000))), 0)], [], 2000, "loss")
    words = Read(drawn).words
    assert {"0", "1k", "2k", "0.0", "1.0"} <= {*words} or {"0", "1k", "2k"} <= {*words}
    assert "step" in words
    assert words[-1] == "training"


def test_names_at_the_ends_do_not_lie_over_each_other() -> None:
    lines = [Line(f"curve {n}", series_of([1.0, 1.0 + n / 1000]), n) for n in range(4)]
    drawn = svg_charts.chart([*lines, Line("far", series_of([0.0, 5.0]), 0)], [], 2, "loss")
    places = sorted(float(str(each["y"])) for each in Read(drawn).of("text") if "name" in str(each["class"]))
    assert len(places) == 5
    assert min(np.diff(places)) >= 13.9


def test_epochs_of_a_single_step_are_counted(runs: Path) -> None:
    steps = list(range(1, 31))
    folder = of_xor(runs, Metrics(steps, {"loss": [0.5] * 30}), State("finished", "all steps are done"))
    assert "epochs 30 " in Read(paged(folder)).text, "one that has no events of epochs, as all points are a batch"
