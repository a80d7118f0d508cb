"""Makes the pictures of this folder from real runs, driven through the real program in a real terminal.

python screenshots/make.py [NAME ...]      (about five minutes on two processor cores; without names all of them)
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import chdir, contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests" / "support"))

from draw import HEIGHT, MARGIN, WIDTH, draw  # noqa: E402  (beside this file)
from PIL import Image  # noqa: E402

import kitty_terminal  # noqa: E402  (the folder was added above)
from browser import browser  # noqa: E402  (likewise)
from gan_tui.data.flowers import NAMES, make  # noqa: E402
from pty_terminal import GAN_TUI, Terminal, end_runs  # noqa: E402  (the folder was added above)

MINUTE = 60.0
GAN_STEPS = 2500
"""By then the embedded digits are recognisable."""
XOR_SEED = 1
"""One of the few that solve XOR within 1000 epochs."""
TOLD_STEPS = 3000
"""After which a generator makes the digit that it is told, nine times of ten."""
PAGE = 1100, 2000
"""Pixels of a browser's window."""
FLOWERS, PAINTED_STEPS = 1200, 1500
"""Photos of a person's own, so to speak, and steps after which a generator of them paints petals."""
DOWN, LEFT, ENTER, ESCAPE, CLEAR = "\x1b[B", "\x1b[D", "\r", "\x1b", "\x15"


def main(names: list[str]) -> None:
    with tempfile.TemporaryDirectory(prefix="gan-tui-screenshots-") as folder:
        os.environ["GAN_TUI_RUNS"] = folder
        try:
            scenes = (xor, plane, script, own_data, own_networks, fashion_cnn, gan, page, comparison, runs, sweep)
            for scene in (*scenes, group):
                if not names or scene.__name__ in names:
                    scene()
        finally:
            end_runs(Path(folder))


# Scenes ----------------------------------------------------------


def xor() -> None:
    """A decision surface, and a run that was not lucky for the menu's list."""
    train("xor", "--seed", "2")
    train("xor", "--seed", str(XOR_SEED), "--epochs", "2000")
    with attached("xor-2") as terminal:
        terminal.wait_for("surface  step 2,000")
        save(terminal, "xor")


def plane() -> None:
    """A smiley that a network has learnt from points."""
    train("plane", "--steps", "2000")
    with attached("plane-1") as terminal:
        terminal.wait_for("surface  step 2,000")
        save(terminal, "plane")


def script() -> None:
    """A Keras script with one line more, while it trains."""
    with subprocess.Popen((sys.executable, "petals.py"), cwd=HERE, stdout=subprocess.DEVNULL) as training:
        runs = Path(os.environ["GAN_TUI_RUNS"])
        wait_for(lambda: (runs / "petals").exists(), training)
        with attached("petals") as terminal:
            terminal.wait_for("epoch 8", 3 * MINUTE)
            look_for("feature maps", terminal)
            save(terminal, "script")


def own_data() -> None:
    """Photos in folders: looked at from the menu, told apart with their classes' names, and painted in colour."""
    with flowers() as photos:
        with Terminal(GAN_TUI) as terminal:
            terminal.wait_for("Presets", MINUTE)
            terminal.type("o")
            terminal.wait_for("Type the path")
            terminal.type(f"{photos}\r")
            terminal.wait_for("4 classes", MINUTE)
            save(terminal, "data")
        train("fashion-cnn", "--data", photos, "--epochs", "8")
        with attached("fashion-cnn-1") as terminal:
            look_for("mistakes", terminal)
            save(terminal, "mistakes")
        painted = start("dcgan-64", "--data", photos, "--set", "image_size=32", "--steps", str(PAINTED_STEPS))
        with attached(painted) as terminal:
            terminal.wait_for("✓ finished", 15 * MINUTE)
            save(terminal, "flowers")


def own_networks() -> None:
    """A residual network as a diagram, a generator that is told which digit to make, and all settings of a preset."""
    train("resnet-small", "--steps", "40")
    with attached("resnet-small-1") as terminal:
        terminal.type("2")
        terminal.wait_for("add")
        terminal.type("g")
        terminal.pump(0.5)
        for _ in range(5):
            terminal.type(DOWN)
            terminal.pump(0.2)
        save(terminal, "residual")
    told = start("cgan", "--steps", str(TOLD_STEPS))
    with attached(told) as terminal:
        terminal.wait_for("✓ finished", 15 * MINUTE)
        save(terminal, "cgan")
    with Terminal(GAN_TUI) as terminal:
        terminal.wait_for("Presets", MINUTE)
        terminal.type("a")
        terminal.wait_for("Each step")
        terminal.type("rate")
        terminal.wait_for("learning_rate")
        save(terminal, "settings")


@contextmanager
def flowers() -> Iterator[str]:
    """A folder of JPEG files in four classes, by the number of their petals, below the working folder."""
    images, classes = make(FLOWERS, seed=0)
    with tempfile.TemporaryDirectory(prefix="gan-tui-") as folder, chdir(folder):
        root = Path("flowers")
        for number, (image, kind) in enumerate(zip(images, classes, strict=True)):
            file = root / NAMES[kind] / f"{number:04}.jpg"
            file.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(image).save(file, quality=92)
        yield str(root)


def fashion_cnn() -> None:
    """Feature maps, with a few epochs of validation on the charts; then kernels, confusions and the diagram."""
    folder = start("fashion-cnn")
    with attached(folder) as terminal:
        terminal.wait_for("epoch 4 of", 2 * MINUTE)
        terminal.wait_for("feature maps of", MINUTE)
        save(terminal, "fashion-cnn")
        terminal.wait_for("✓ finished", 5 * MINUTE)
        for view, name in (("kernels of conv2d ", "kernels"), ("confusion matrix", "confusion")):
            look_for(view, terminal)
            save(terminal, name)
        terminal.type("g")
        terminal.pump(0.5)
        save(terminal, "diagram")


def gan() -> None:
    """Generated digits, then every page of the same run, and the menu with the runs there are."""
    folder = start("gan")
    with attached(folder) as terminal:
        terminal.wait_for(lambda: step_of(terminal) >= GAN_STEPS, 15 * MINUTE)
        terminal.wait_for(lambda: picture_of(terminal) >= GAN_STEPS, MINUTE)
        save(terminal, "gan")
        with other_keys(terminal, "\t", ESCAPE):
            for keys in (*[LEFT] * 12, "+", "+"):
                terminal.type(keys)
                terminal.pump(0.2)
            save(terminal, "zoomed")
        terminal.type("0")
        with other_keys(terminal, "2", "1"):
            terminal.wait_for("discriminator")
            save(terminal, "layers")
        with other_keys(terminal, "?", ESCAPE):
            terminal.wait_for("dotted")
            save(terminal, "help")
        with other_keys(terminal, "t", "t"):
            terminal.pump(0.5)
            save(terminal, "gan-light")
        terminal.type(ESCAPE)
        terminal.wait_for("Presets")
        save(terminal, "menu")
    with attached(folder, 80, 24) as terminal:
        terminal.wait_for("generated  step")
        save(terminal, "gan-80x24")
    with attached(folder, replies=kitty_terminal.REPLIES) as terminal:
        terminal.wait_for(kitty_terminal.PLACEHOLDER, MINUTE)
        save(terminal, "pixels")
    subprocess.run((*GAN_TUI, "stop", folder), check=True, stdout=subprocess.DEVNULL)


def page() -> None:
    """A run that was exported as a page, in a browser."""
    train("fashion-cnn", "--epochs", "4", "--set", "learning_rate=0.002", "--name", "clothes")
    with tempfile.TemporaryDirectory(prefix="gan-tui-") as folder, browser() as opened:
        file = Path(folder, "clothes.html")
        subprocess.run((*GAN_TUI, "export", "clothes", "--html", file), check=True, stdout=subprocess.DEVNULL)
        opened.resize(*PAGE)
        opened.open(file.as_uri())
        opened.wait_for("Versions")
        opened.screenshot(HERE / "page.png")
        print(f"{(HERE / 'page.png').relative_to(HERE.parent)}  a page in Chromium")


def comparison() -> None:
    """Two learning rates over each other, with what differs below."""
    train("fashion-cnn", "--epochs", "4", "--name", "fast", "--set", "learning_rate=0.003")
    train("fashion-cnn", "--epochs", "4", "--name", "slow", "--set", "learning_rate=0.0002")
    for size, name in (((120, 40), "comparison"), ((80, 24), "comparison-80x24")):
        with attached("fast", *size) as terminal:
            terminal.type("C")
            terminal.wait_for("Compare fast with")
            terminal.type(ENTER)
            terminal.wait_for("2 finished", MINUTE)
            terminal.type("v")
            terminal.wait_for("training faint")
            save(terminal, name)


def sweep() -> None:
    """A sweep while it runs: who trains what, and the curves of the best."""
    values = ("--set", "batch_size=1,2,4", "--set", "learning_rate=0.03,0.1", "--repeats", "6", "--epochs", "1500")
    command = (*GAN_TUI, "sweep", "xor", *values, "--until", "accuracy=1.0", "--name", "xor-sizes")
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as training:
        runs = Path(os.environ["GAN_TUI_RUNS"])
        wait_for(lambda: (runs / "sweeps" / "xor-sizes" / "trainings").exists(), training)
        for size, name in (((120, 40), "sweep"), ((80, 24), "sweep-80x24")):
            with Terminal((*GAN_TUI, "attach", "xor-sizes"), *size) as terminal:
                terminal.wait_for(lambda: _number(r"(\d+) of 36 trainings done", terminal) >= 16, 15 * MINUTE)
                terminal.wait_for("▶", MINUTE)
                save(terminal, name)
        training.send_signal(signal.SIGINT)


def group() -> None:
    """Two workers that take the steps of one run together."""
    folder = start("fashion-cnn", "--workers", "2", "--epochs", "40")
    for size, name in (((120, 40), "group"), ((80, 24), "group-80x24")):
        with attached(folder, *size) as terminal:
            terminal.wait_for("% reducing", 10 * MINUTE)
            terminal.type("4")
            terminal.wait_for("worker  host", MINUTE)
            terminal.wait_for(lambda: "TensorFlow's servers" not in terminal.text(), 10 * MINUTE)
            save(terminal, name)
    subprocess.run((*GAN_TUI, "stop", folder), check=True, stdout=subprocess.DEVNULL)
def runs() -> None:
    """All runs over the whole screen, two of them marked, with the chosen one below."""
    with own_home():
        train("xor", "--seed", "2", "--epochs", "400")
        train("xor", "--seed", str(XOR_SEED), "--epochs", "1000", "--set", "learning_rate=0.05")
        for rate in ("0.001", "0.01"):
            train("plane", "--steps", "1500", "--set", f"learning_rate={rate}")
        train("shapes", "--epochs", "3")
        sweep = (*GAN_TUI, "sweep", "xor", "--set", "batch_size=2,4", "--repeats", "2", "--epochs", "200")
        subprocess.run(sweep, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        subprocess.run((*GAN_TUI, "note", "plane-2", "the smiley, at last"), check=True, stdout=subprocess.DEVNULL)
        for size, name in (((120, 40), "runs"), ((80, 24), "runs-80x24")):
            with Terminal(GAN_TUI, *size) as terminal:
                terminal.wait_for("Presets", MINUTE)
                terminal.type("l")
                terminal.wait_for("newest first", MINUTE)
                terminal.pump(3)
                terminal.type(f"/plane\r {DOWN} ")
                terminal.wait_for("2 marked")
                terminal.type(f"/{CLEAR}{ENTER}")
                terminal.wait_for("newest first", MINUTE)
                terminal.pump(3)
                save(terminal, name)
                terminal.type(ESCAPE)  # else the next one begins in the list
                terminal.wait_for("Presets", MINUTE)


@contextmanager
def own_home() -> Iterator[None]:
    """Another home, with runs where they are by default: what is shown of paths is no machine's."""
    with tempfile.TemporaryDirectory(prefix="gan-tui-") as folder:
        before = dict(os.environ)
        os.environ |= {"HOME": folder, "GAN_TUI_RUNS": f"{folder}/.local/share/gan-tui/runs"}
        for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
            os.environ.pop(name, None)
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)


# Runs and terminals ----------------------------------------------------------


def start(preset: str, *options: str) -> str:
    """Start a run in the background; its folder."""
    command = (*GAN_TUI, "train", preset, *options, "--detach")
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def train(preset: str, *options: str) -> None:
    """Train to the end."""
    subprocess.run((*GAN_TUI, "train", preset, *options, "--plain"), check=True, stdout=subprocess.DEVNULL)


def wait_for(so: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    """Until something is so, which a process that runs brings about."""
    deadline = time.monotonic() + 3 * MINUTE
    while not so():
        if process.poll() is not None or time.monotonic() > deadline:
            raise SystemExit(f"{process.args} did not come so far")
        time.sleep(0.1)


@contextmanager
def attached(run: str, columns: int = 120, rows: int = 40, **kind: object) -> Iterator[Terminal]:
    with Terminal((*GAN_TUI, "attach", run), columns, rows, **kind) as terminal:
        terminal.wait_for("esc Menu", MINUTE)
        yield terminal


@contextmanager
def other_keys(terminal: Terminal, there: str, back: str) -> Iterator[None]:
    """Press one key, and another one once the picture is made."""
    terminal.type(there)
    terminal.pump(0.5)
    yield
    terminal.type(back)
    terminal.pump(0.5)


def look_for(view: str, terminal: Terminal) -> None:
    """Turn to the picture that is called so."""
    while view not in terminal.text():
        terminal.type("p")
        terminal.pump(0.5)


def step_of(terminal: Terminal) -> int:
    return _number(r"step ([\d,]+) of", terminal)


def picture_of(terminal: Terminal) -> int:
    """The step that the picture on the right was drawn at."""
    return _number(r"generated  step ([\d,]+)", terminal)


def _number(pattern: str, terminal: Terminal) -> int:
    found = re.search(pattern, terminal.text())
    return int(found[1].replace(",", "")) if found else 0


def save(terminal: Terminal, name: str) -> None:
    terminal.pump(1.0)  # whatever is still on its way
    file = HERE / f"{name}.png"
    picture = draw(terminal.screen)
    graphics = kitty_terminal.KittyGraphics.of(bytes(terminal.output))
    over = Image.fromarray(graphics.shown_on(terminal.screen, (WIDTH, HEIGHT)))
    picture.paste(over, (MARGIN, MARGIN), over)
    picture.save(file, optimize=True)
    print(f"{file.relative_to(HERE.parent)}  {terminal.screen.columns} × {terminal.screen.lines} cells")


if __name__ == "__main__":
    main(sys.argv[1:])
