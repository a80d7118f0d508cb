"""Presets that somebody sent to do harm: each with the words that its refusal must have."""

import os
from collections.abc import Callable
from pathlib import Path

HEAD = 'title = "Foreign"\nabout = "What somebody sent."\ntask = "plane"\ndataset = "xor"\n[settings]\nbatch_size = 4\n'
END = '{layer = "Dense", units = 2, activation = "softmax"}'


def network(layers: str, head: str = HEAD, more: str = "") -> str:
    return f"{head}[networks.classifier]\ninput = [2]\nlayers = [{layers}{END}]\n{more}"


def image(layers: str) -> str:
    """On pictures of 28 × 28."""
    head = HEAD.replace("plane", "classifier").replace('"xor"', '"mnist"')
    end = '{layer = "Flatten"}, {layer = "Dense", units = 10, activation = "softmax"}'
    return f"{head}[networks.classifier]\ninput = [28, 28, 1]\nlayers = [{layers}{end}]\n"


LAMBDA = "\"lambda x: open('CANARY', 'w')\""

TEXTS: dict[str, tuple[str | bytes, tuple[str, ...]]] = {
    # bombs of syntax
    "lists in lists": ("a = " + "[" * 100_000 + "]" * 100_000, ("not valid TOML", "too deeply")),
    "tables in tables": ("a = " + "{b = " * 40_000 + "1" + "}" * 40_000, ("not valid TOML", "too deeply")),
    "a key of many parts": ("a." * 120_000 + "b = 1", ("not valid TOML", "a key has more than 9 parts")),
    "a header of many parts": ("[" + "a." * 120_000 + "b]", ("not valid TOML", "a key has more than 9 parts")),
    "many long keys": ("".join(f"{'a.' * 100}b{n} = 1\n" for n in range(1000)), ("a key has more than 9 parts",)),
    "many tables": ("".join(f"[a{n}]\n" for n in range(20_000)), ("unknown key",)),
    "a long number": ("a = " + "9" * 200_000, ("not valid TOML",)),
    "a long key": ("a" * 200_000 + " = 1", ("unknown key",)),
    "a string without an end": ('a = "' + "x" * 200_000, ("not valid TOML",)),
    "100 MB": (b"#" * 100_000_000, ("larger than 250,000 bytes", "a preset is a short TOML file")),
    "NUL": (b"title = \"a\x00b\"", ("not valid TOML",)),
    "not UTF-8": (b'title = "\xff\xfe"', ("not UTF-8 text", "save it as UTF-8")),
    "UTF-16": ("title = 1".encode("utf-16"), ("not UTF-8 text",)),
    # networks that no machine holds
    "thousands of layers": (network('{layer = "Dense", units = 2},' * 3000), ("classifier", "1 to 1,000 layers")),
    "huge units": (network('{layer = "Dense", units = 1000000000},'), ("classifier, layer 1", "units")),
    "the largest units": (network('{layer = "Dense", units = 1000000},' * 3), ("layer 2", "Dense is too large")),
    "infinite units": (network('{layer = "Dense", units = 1e308},'), ("classifier, layer 1", "units")),
    "units of many digits": (network('{layer = "Dense", units = ' + "9" * 4000 + "},"), ("layer 1", "units")),
    "negative units": (network('{layer = "Dense", units = -1},'), ("classifier, layer 1", "units")),
    "many large layers": (network('{layer = "Dense", units = 14000},' * 190), ("memory", "this machine has")),
    "huge filters": (image('{layer = "Conv2D", filters = 1000000, kernel_size = 3},'), ("layer 1", "too large")),
    "a huge kernel": (image('{layer = "Conv2D", filters = 1, kernel_size = 100000000},'), ("layer 1", "kernel_size")),
    "a huge shape": (image('{layer = "Reshape", target_shape = [100000000, 100000000]},'), ("layer 1", "target_shape")),
    "a huge upsampling": (image('{layer = "UpSampling2D", size = 1000},' * 2), ("layer 1", "is too large")),
    "many huge pictures": (image('{layer = "UpSampling2D", size = 300}, ' + '{layer = "ReLU"},' * 190
                                 + '{layer = "AveragePooling2D", pool_size = 300},'), ("GB", "this machine has")),
    "huge states": (image('{layer = "Reshape", target_shape = [28, 28]}, {layer = "Bidirectional", '
                          'wraps = {layer = "LSTM", units = 1000000}},'), ("layer 2", "LSTM is too large")),
    "a huge padding": (image('{layer = "ZeroPadding2D", padding = 10000},' * 2), ("ZeroPadding2D is too large",)),
    "a huge embedding": (network('{layer = "Embedding", input_dim = 1000000, output_dim = 1000000},'),
                         ("layer 1", "Embedding is too large")),
    "wrappers in wrappers": (network('{layer = "TimeDistributed", wraps = ' * 60 + '{layer = "ReLU"}' + "}" * 60 + ","),
                             ("layer 1", "cannot wrap TimeDistributed")),
    "a huge input": (network("").replace("[2]", "[99999999, 99999999, 99999999]"), ("networks.classifier",)),
    "an input of many axes": (network("").replace("[2]", str([1] * 1000)), ("networks.classifier", "input")),
    # graphs without an end
    "a circle": (network('{layer = "Dense", units = 2, name = "a", from = "a"},'), ("layer 1", "this layer itself")),
    "a circle of two": (network('{layer = "Dense", units = 2, name = "a", from = "b"},'
                                '{layer = "Dense", units = 2, name = "b", from = "a"},'),
                        ("layer 1", "below this one")),
    "a thousand sources": (network(f'{{layer = "Add", from = {["input"] * 1000}}},'), ("layer 1", "1 to 16 in a list")),
    "a source that acts": (network('{layer = "Add", from = ["[@click=app.quit]", "\\u001b[2J"]},'),
                           ("layer 1", "no layer or input above")),
    "many inputs": (network("").replace("input = [2]", f"inputs = {{{', '.join(f'i{n} = [2]' for n in range(999))}}}"),
                          ("inputs must be a table of 1 to 8 shapes",)),
    "a tower of sums": (network('{layer = "Dense", units = 1000000, name = "n0", from = "input"},'
                                + "".join(f'{{layer = "Concatenate", name = "n{n + 1}", from = {[f"n{n}"] * 16}}},'
                                          for n in range(9))), ("layer 3", "Concatenate is too large")),
    # code
    "a Lambda layer": (network(f'{{layer = "Lambda", function = {LAMBDA}}},'),
                       ("layer 1", "Lambda", "runs code of its own")),
    "a Lambda in a wrapper": (network('{layer = "TimeDistributed", '
                                      f'wraps = {{layer = "Lambda", function = {LAMBDA}}}}},'),
                              ("layer 1", "Lambda", "runs code of its own")),
    "an initializer of a module": (network('{layer = "Dense", units = 2, kernel_initializer = '
                                           '{module = "os", class_name = "system", config = {command = "ls"}}},'),
                                   ("layer 1", "kernel_initializer must be a word")),
    "a regularizer that is code": (network(f'{{layer = "Dense", units = 2, kernel_regularizer = {LAMBDA}}},'),
                                   ("layer 1", "kernel_regularizer cannot be")),
    "a layer of a module": (network('{layer = "os.system", units = 2},'), ("layer 1", "unknown layer")),
    "a module": (network('{layer = "Dense", units = 2, module = "os"},'),
                 ("layer 1", "Dense has no argument", "module")),
    "a class name": (network('{layer = "Dense", units = 2, class_name = "Lambda"},'),
                     ("Dense has no argument", "class_name")),
    "a registered name": (network('{layer = "Dense", units = 2, registered_name = "x>y"},'),
                          ("Dense has no argument", "registered_name")),
    "an activation that is code": (network(f'{{layer = "Dense", units = 2, activation = {LAMBDA}}},'), ("activation",)),
    "an initializer": (network('{layer = "Dense", units = 2, kernel_initializer = "x"},'), ("kernel_initializer",)),
    "a table of Keras's": (network('{layer = "Dense", units = {class_name = "Lambda"}},'), ("layer 1", "units")),
    "a loss that is code": (network("", HEAD + f"loss = {LAMBDA}\n"), ("settings: loss",)),
    "an optimizer that is code": (network("", HEAD + f"optimizer = {LAMBDA}\n"), ("settings: optimizer",)),
    "a name that is a path": (network("", 'name = "../../x"\n' + HEAD), ("name", "letters")),
    "an unknown key": (network("", "__class__ = 1\n" + HEAD), ("unknown key",)),
    # points from elsewhere
    **{
        f"points of {what}": (f'{HEAD.replace("xor", "points")}points = "{path}"\n', words)
        for what, path, words in (
            ("the system", "/etc/shadow", ("/etc/shadow",)),
            ("a pipe", "pipe.csv", ("pipe.csv", "not a file")),
            ("a device", "/dev/zero", ("/dev/zero", "not a file")),
            ("a terminal", "/dev/tty", ("/dev/tty", "not a file")),
            ("a folder", "./", ("not a file",)),
            ("gigabytes", "huge.csv", ("huge.csv", "larger than 1,000,000 bytes")),
            ("too many lines", "lines.csv", ("lines.csv", "more than 10,000 points")),
            ("one line", "line.csv", ("line.csv", "line 1")),
            ("the process's memory", "/proc/self/mem", ("/proc/self/mem",)),
            ("nowhere", "../../../../../nowhere.csv", ("nowhere.csv",)),
        )
    },
    "a folder of data that is none": (
        image("").replace("batch_size = 4", 'batch_size = 4\ndata_folder = "/dev/zero"'), ("/dev/zero",)),
}  # fmt: skip

ONLY_TRAINED = ("many large layers", "many huge pictures", "a folder of data that is none")
"""What may be shown, and is refused when it is to be trained."""


def _links_in_a_ring(path: Path) -> None:
    path.symlink_to(path.with_name("ring"))
    path.with_name("ring").symlink_to(path)


FILES: dict[str, tuple[Callable[[Path], object], tuple[str, ...]]] = {
    "a pipe": (os.mkfifo, ("it is not a file", "check the path")),
    "a folder": (Path.mkdir, ("it is a folder", "check the path")),
    "a link to a device": (lambda path: path.symlink_to("/dev/zero"), ("it is not a file",)),
    "a link to a pipe's end": (lambda path: path.symlink_to("/dev/stdin"), ("Cannot read the preset",)),
    "links in a ring": (_links_in_a_ring, ("Cannot read the preset", "check the path")),
    "a link to secrets": (lambda path: path.symlink_to("/etc/shadow"), ("preset", "not valid TOML")),
    "a sparse file of a terabyte": (lambda path: _sparse(path, 10**12), ("larger than 250,000 bytes",)),
}  # fmt: skip
"""What lies where a preset should: made by a function, refused with these words."""


def _sparse(path: Path, length: int) -> None:
    with path.open("wb") as file:
        file.truncate(length)


def neighbours(folder: Path) -> None:
    """What the presets point at."""
    os.mkfifo(folder / "pipe.csv")
    _sparse(folder / "huge.csv", 10**11)
    (folder / "lines.csv").write_text("0,0,1\n" * 30_000)
    (folder / "line.csv").write_text("0," * 400_000)
