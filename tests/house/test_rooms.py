"""The house: its rooms, who in them imports whom, and how large anything may become. Every import is read, also those
inside functions. (`make check` holds the same table as contracts: pyproject.toml has one a room.)"""

import ast
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import gan_tui

HOUSE = Path(gan_tui.__file__).parent

ROOMS: dict[str, set[str]] = {
    "cli": {
        "dashboard",
        "drawing",
        "integrations",
        "run",
        "supervision",
        "presets",
        "data",
        "sweep",
        "system",
        "doctor",
    },
    "dashboard": {"integrations", "run", "sweep", "supervision", "presets", "drawing", "data", "system"},
    "integrations": {"run", "drawing", "system"},
    "training": {"run", "presets", "data", "sweep", "system"},
    "sweep": {"run", "presets", "supervision", "system"},
    "supervision": {"run", "presets", "system"},
    "doctor": {"system", "run"},
    "presets": {"run", "data", "system"},
    "run": {"system"},
    "data": {"system"},
    "drawing": set(),
    "system": set(),
}
"""Room → the rooms that it may know, from the top of the house down to its ground."""
BESIDE: dict[str, set[str]] = {
    "__init__": {"integrations", "system"},
    "__main__": {"cli"},
    "errors": {"text"},
    "text": set(),
}
"""The modules beside the rooms → what they may know."""
FOR_ALL = {"errors", "text"}
FOR_DRAWING = {"text"}
LONGEST_FILE, LONGEST_CLASS = 330, 200
"""Lines."""


def files() -> dict[str, Path]:
    """Module → its file; a package is the module in its `__init__`."""
    found = {}
    for file in sorted(HOUSE.rglob("*.py")):
        parts = ("gan_tui", *file.relative_to(HOUSE).with_suffix("").parts)
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return found


FILES = files()


def imported(file: Path) -> Iterator[str]:
    """The modules of ours that a file names in its imports."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name in FILES)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{file}, line {node.lineno}: a relative import"
            for name in node.names:
                inside = f"{node.module}.{name.name}"
                if inside in FILES or node.module in FILES:
                    yield inside if inside in FILES else str(node.module)


@cache
def imports() -> dict[str, set[str]]:
    """Module → those of ours that it imports."""
    return {module: set(imported(file)) - {module} for module, file in FILES.items()}


def room_of(module: str) -> str:
    """The room that a module lies in, or its own name where it lies beside the rooms."""
    return module.split(".")[1] if "." in module else "__init__"


def circle_in(graph: Mapping[str, set[str]]) -> str:
    """A circle of imports in words; nothing where there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return " is imported by ".join(error.args[1])
    return ""


def test_the_table_goes_down() -> None:
    floors = list(ROOMS)
    for floor, (room, known) in enumerate(ROOMS.items()):
        assert known <= set(floors[floor + 1 :]), room


def test_the_contracts_say_the_same() -> None:
    """One a room, with all that it may import in its name and in what it lets pass."""
    project = tomllib.loads(Path(__file__).parents[2].joinpath("pyproject.toml").read_text())
    contracts = project["tool"]["importlinter"]["contracts"]
    of_rooms = [contract for contract in contracts if contract["forbidden_modules"] == ["gan_tui.*"]]
    assert sorted(room for contract in of_rooms for room in contract["source_modules"]) == sorted(
        f"gan_tui.{room}" for room in ROOMS
    )
    for contract in of_rooms:
        room = contract["source_modules"][0].removeprefix("gan_tui.")
        may_know = ROOMS[room]
        there = {word.strip(",") for word in contract["name"].split()} & set(ROOMS) - {room}
        assert there == may_know, contract["name"]
        beside = FOR_DRAWING if room == "drawing" else FOR_ALL
        passing = {f"gan_tui.{other}{end}" for other in may_know for end in ("", ".**")}
        passing |= {f"gan_tui.{other}" for other in beside} | ({"gan_tui"} if room == "cli" else set())
        assert set(contract["ignore_imports"]) == {f"gan_tui.{room}.** -> {other}" for other in passing}, room


def test_there_are_these_rooms_and_four_modules_beside_them() -> None:
    assert {path.name for path in HOUSE.iterdir() if path.is_dir() and path.name != "__pycache__"} == set(ROOMS)
    assert {path.stem for path in HOUSE.glob("*.py")} == set(BESIDE)


@pytest.mark.slow
@pytest.mark.parametrize("room", [*ROOMS, *BESIDE])
def test_every_import_goes_down_the_table(room: str) -> None:
    may_know = ROOMS.get(room, set()) | BESIDE.get(room, set()) | {room}
    if room in ROOMS:
        may_know |= FOR_DRAWING if room == "drawing" else FOR_ALL
    if room == "cli":
        may_know |= {"__init__"}  # where the version stands
    wrong = [
        f"{module} imports {other}"
        for module, others in imports().items()
        for other in sorted(others)
        if room_of(module) == room and room_of(other) not in may_know
    ]
    assert wrong == []


def test_there_is_no_circle_of_rooms() -> None:
    rooms: dict[str, set[str]] = {}
    for module, others in imports().items():
        rooms.setdefault(room_of(module), set()).update(map(room_of, others))
    assert circle_in({room: others - {room} for room, others in rooms.items()}) == ""


def test_there_is_no_circle_of_modules() -> None:
    assert circle_in(imports()) == ""


def test_every_folder_says_what_lives_there() -> None:
    folders = [module for module, file in FILES.items() if file.name == "__init__.py"]
    assert {HOUSE / "/".join(module.split(".")[1:]) for module in folders} == {file.parent for file in FILES.values()}
    silent = [module for module in folders if not ast.get_docstring(ast.parse(FILES[module].read_text()))]
    assert silent == []


def test_no_file_is_longer_than_can_be_read_at_once() -> None:
    lengths = {module: len(file.read_text().splitlines()) for module, file in FILES.items()}
    assert {module: length for module, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_class_is_longer_than_can_be_kept_in_mind() -> None:
    lengths = {
        f"{module}.{node.name}": (node.end_lineno or 0) - node.lineno + 1
        for module, file in FILES.items()
        if (source := file.read_text()).count("\n") > LONGEST_CLASS
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ClassDef)
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST_CLASS} == {}


OF_KERAS = ("draws", "local_updates", "batch_statistics")
"""Of `training.group`: what lives on names that are Keras's own, of which any Keras may come without one."""


def test_only_where_there_is_a_group_is_loaded_what_lives_on_names_of_keras_own() -> None:
    for module, file in FILES.items():
        outer = ast.Module([node for node in ast.parse(file.read_text()).body if is_import(node)], [])
        loaded = {name for node in ast.walk(outer) for name in names_in(node)}
        assert not loaded & {f"gan_tui.training.group.{part}" for part in OF_KERAS}, module
        private = [name for name in loaded if name.startswith("keras.src")]
        assert not private or module.rpartition(".")[2] in OF_KERAS, module


def is_import(node: ast.AST) -> bool:
    return isinstance(node, ast.Import | ast.ImportFrom)


def names_in(node: ast.AST) -> Iterator[str]:
    """What an import names, each with its module and without it."""
    if isinstance(node, ast.Import):
        yield from (name.name for name in node.names)
    elif isinstance(node, ast.ImportFrom):
        yield str(node.module)
        yield from (f"{node.module}.{name.name}" for name in node.names)
