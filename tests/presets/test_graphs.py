"""Networks whose layers take what others above them give: what is accepted, what it comes to, what is refused."""

# ruff: noqa: E501 (a table reads best with a row a line)

import copy
import tomllib
from pathlib import Path
from typing import Any

import pytest

from gan_tui import presets
from gan_tui.cli.tables import network_table
from gan_tui.errors import UserError
from gan_tui.presets import Network, Preset, layer_table, made_of, plan, sizes

Layers = list[dict[str, Any]]

END: Layers = [{"layer": "GlobalAveragePooling2D"}, {"layer": "Dense", "units": 10, "activation": "softmax"}]


def layer(kind: str, name: str = "", sources: object = None, **arguments: Any) -> dict[str, Any]:
    named = {"name": name} if name else {}
    return {"layer": kind, **named, **({} if sources is None else {"from": sources}), **arguments}


def conv(name: str = "", sources: object = None, **arguments: Any) -> dict[str, Any]:
    return layer("Conv2D", name, sources, **{"filters": 8, "kernel_size": 3, "padding": "same", **arguments})


def table(layers: Layers, inputs: object = None) -> dict[str, Any]:
    return {**({"input": [28, 28, 1]} if inputs is None else {"inputs": inputs}), "layers": layers}


def preset(layers: Layers, inputs: object = None) -> Preset:
    document = presets.find("fashion-cnn").as_document()
    document["networks"]["classifier"] = table(layers, inputs)
    return presets.from_document(document, "graph")


def network(layers: Layers, inputs: object = None) -> Network:
    """Of any shapes, which need not fit a task."""
    return next(iter(presets.networks.read_networks({"it": table(layers, inputs)}, ("it",))))


RESIDUAL: Layers = [conv("stem"), conv(), conv("body"), layer("Add", "", ["stem", "body"]), *END]


def test_a_residual_network_is_what_is_written() -> None:
    (classifier,) = preset(RESIDUAL).networks
    assert [row.output_shape for row in classifier.rows][3:] == [(28, 28, 8), (8,), (10,)]
    assert classifier.parameters == 80 + 2 * 584 + 90
    assert classifier.sources["add"] == ("stem", "body")
    assert classifier.sources["conv2d"] == ("stem",), "without from: the layer before"
    assert classifier.activation == "softmax"
    assert not classifier.is_stack


def test_it_is_shown_as_a_table_that_says_what_is_taken() -> None:
    assert network_table(preset(RESIDUAL).networks[0]).splitlines()[2:7] == [
        "input                     28 × 28 × 1",
        "Conv2D 8 3×3 same (stem)  28 × 28 × 8          80",
        "Conv2D 8 3×3 same         28 × 28 × 8         584",
        "Conv2D 8 3×3 same (body)  28 × 28 × 8         584",
        "Add ← stem, body          28 × 28 × 8           0",
    ]


def test_what_is_written_out_is_read_again() -> None:
    whole = preset(RESIDUAL)
    document = whole.as_document()
    assert document["networks"]["classifier"]["layers"][3] == {"layer": "Add", "name": "add", "from": ["stem", "body"]}
    assert presets.from_document(document, "again").networks == whole.networks
    two = network([layer("Concatenate", "", ["image", "label"])], {"image": [3], "label": [2]})
    assert presets.networks.network_document(two)["inputs"] == {"image": [3], "label": [2]}


def test_a_stack_is_one_however_it_is_written() -> None:
    written = copy.deepcopy(presets.find("fashion-cnn").as_document())
    before = "input"
    for each in written["networks"]["classifier"]["layers"]:
        each["from"], before = before, each["name"]
    again = presets.from_document(written, "fashion-cnn")
    assert again.networks == presets.find("fashion-cnn").networks
    assert again.networks[0].is_stack


def test_the_first_layer_takes_the_first_input_unless_it_says_which() -> None:
    inputs = {"image": [4], "label": [2]}
    made = network([layer("Dense", "seen", units=3), layer("Concatenate", "", ["seen", "label"])], inputs)
    assert made.sources == {"seen": ("image",), "concatenate": ("seen", "label")}
    assert made.input == (4,)
    assert made.output == (5,)


def test_rows_of_events_say_what_is_taken_only_where_it_is_not_the_row_before() -> None:
    layers = [conv("stem"), conv("body"), layer("Add", "", ["stem", "body", "more"])]
    rows = layer_table.layer_rows(network(layers, {"image": [9, 9, 2], "more": [9, 9, 8]}))
    assert [(row["name"], row.get("from")) for row in rows] == [
        ("image", None), ("more", None), ("stem", ["image"]), ("body", None), ("add", ["stem", "body", "more"]),
    ]  # fmt: skip


def test_sizes_of_every_input_may_follow_the_data() -> None:
    facts = presets.find("fashion-cnn").facts
    tables = {"it": table([layer("Dense", units="classes")], {"image": "data", "label": ["classes"]})}
    assert sizes.follow_data(tables)
    made = sizes.put_in(tables, facts)["it"]
    assert made["inputs"] == {"image": [28, 28, 1], "label": [10]}
    with pytest.raises(
        ValueError, match=r'networks.it: inputs.label must be a number, or a product of .*, not "clases"'
    ):
        sizes.put_in({"it": table([], {"label": ["clases"]})}, facts)


@pytest.mark.parametrize(
    ("merging", "ends", "expected"),
    [
        ("Average", ["softmax", "softmax"], "softmax"),
        ("Average", ["softmax", "sigmoid"], "linear"),
        ("Maximum", ["sigmoid", "sigmoid"], "sigmoid"),
        ("Maximum", ["softmax", "softmax"], "linear"),  # they no longer sum to 1
        ("Add", ["sigmoid", "sigmoid"], "linear"),  # up to 2
        ("Concatenate", ["softmax", "softmax"], "linear"),
    ],
)
def test_a_merged_end_is_what_all_its_branches_are_where_merging_keeps_that(
    merging: str, ends: list[str], expected: str
) -> None:
    one, other = (layer("Dense", name, "input", units=4, activation=end) for name, end in zip("ab", ends, strict=True))
    merged = layer(merging, "", ["a", "b"])
    assert network([one, other, merged], {"input": [3]}).activation == expected


def test_a_run_goes_on_only_with_the_same_graph() -> None:
    then = presets.networks.network_document(preset(RESIDUAL).networks[0])
    changed = [*RESIDUAL[:3], layer("Add", "", ["body", "stem"]), *END]
    now = presets.networks.network_document(preset(changed).networks[0])
    assert list(made_of.differences("networks.classifier", then, now)) == [
        "networks.classifier, layer 4, is Add (add, from body and stem), and was Add (add, from stem and body)"
    ]
    assert list(made_of.differences("networks.classifier", then, then)) == []
    named = presets.networks.network_document(
        preset([conv("stem", "picture"), *END], {"picture": [28, 28, 1]}).networks[0]
    )
    assert next(iter(made_of.differences("networks.classifier", then, named))) == (
        "networks.classifier's input is none, and was [28, 28, 1]"
    )


NETWORK = "networks.classifier"
BROKEN = [
    ([conv("stem"), conv("body"), layer("Add", "", ["stemm", "body"]), *END], None,
     f'{NETWORK}, layer 3: from: "stemm" is no layer or input above this one, did you mean "stem"?'),
    ([conv("stem"), layer("Add", "", ["stem", "input_1"]), *END], None,
     f'{NETWORK}, layer 2: from: "input_1" is no layer or input above this one, did you mean "input"?'),
    ([conv("stem", "xyz"), *END], None, f'{NETWORK}, layer 1: from: "xyz" is no layer or input above this one, choose from input'),
    ([conv("stem"), layer("Add", "", ["stem", "body"]), conv("body"), *END], None,
     f'{NETWORK}, layer 2: from: "body" is layer 3, below this one; name one above it, or move "body" up'),
    ([conv("stem"), conv("body", "body"), *END], None, f'{NETWORK}, layer 2: from: "body" is this layer itself; name one above it'),
    ([conv("stem"), conv("", ["stem", "input"]), *END], None,
     f'{NETWORK}, layer 2: Conv2D takes one input, not 2; merge them first, in a layer as {{layer = "Concatenate", from = ["a", "b"]}}'),
    ([conv("stem"), layer("Add"), *END], None, f'{NETWORK}, layer 2: Add takes 2 to 16 inputs, not 1; name them, as in from = ["a", "b"]'),
    ([conv("stem"), conv("body"), layer("Subtract", "", ["stem", "body", "body"]), *END], None,
     f'{NETWORK}, layer 3: Subtract takes 2 inputs, not 3; name them, as in from = ["a", "b"]'),
    ([conv("stem"), conv("body", padding="valid"), layer("Add", "", ["stem", "body"]), *END], None,
     f"{NETWORK}, layer 3: Add cannot merge stem [28, 28, 8] and body [26, 26, 8]: they must be of the same shape, but for axes of 1"),
    ([conv("stem"), layer("Flatten", "flat"), layer("Add", "", ["stem", "flat"]), *END], None,
     f"{NETWORK}, layer 3: Add cannot merge stem [28, 28, 8] and flat [6272]: they must have the same number of axes; Reshape one of them"),
    ([conv("stem"), conv("body"), conv("last", filters=4), layer("Average", "", ["stem", "body", "last"]), *END], None,
     f"{NETWORK}, layer 4: Average cannot merge stem [28, 28, 8] and last [28, 28, 4]: they must be of the same shape, but for axes of 1"),
    ([conv("stem"), conv("body", filters=4), layer("Concatenate", "", ["stem", "body"], axis=1), *END], None,
     f"{NETWORK}, layer 3: Concatenate cannot merge stem [28, 28, 8] and body [28, 28, 4]: they may differ in axis 1 alone, along which they are joined"),
    ([conv("stem"), conv("body"), layer("Concatenate", "", ["stem", "body"], axis=4), *END], None,
     f"{NETWORK}, layer 3: axis 4 is none of an input of [28, 28, 8], which has 1 to 3 or -3 to -1"),
    ([conv("stem"), conv("body"), layer("Concatenate", "", ["stem", "body"], axis=0), *END], None,
     f"{NETWORK}, layer 3: Concatenate's axis must be an axis: 1, 2, … from the first of an example, or -1, -2, … back, not 0"),
    ([conv("stem"), layer("Dot", "", ["stem", "input"], axes=3), *END], None,
     f"{NETWORK}, layer 2: Dot cannot merge stem [28, 28, 8] and input [28, 28, 1]: products are made along axes of the same length, not of 8 and 1"),
    ([conv("stem"), layer("Dot", "", ["stem", "input"]), *END], None, f"{NETWORK}, layer 2: Dot needs axes"),
    ([conv("stem"), conv("left", "stem"), conv("right", "stem"), *END], None,
     f'{NETWORK}, layer 2: nothing takes what "left" gives, and a network ends in its last layer alone; name "left" in the from of a layer below, or leave it out'),
    ([conv("stem"), *END], {"image": [28, 28, 1], "label": [10]},
     f'{NETWORK}: nothing takes the input "label"; name it in a layer\'s from, or leave it out'),
    ([conv("stem"), layer("Flatten", "flat"), layer("Concatenate", "", ["flat", "label"]), END[-1]], {"image": [28, 28, 1], "label": [10]},
     f"{NETWORK} is given one input, image; leave label out of its inputs"),
    ([conv("stem", 3), *END], None, f'{NETWORK}, layer 1: from must name a layer, or 1 to 16 in a list, as in from = "stem" or from = ["stem", "body"], not 3'),
    ([conv("stem", []), *END], None, f'{NETWORK}, layer 1: from must name a layer, or 1 to 16 in a list, as in from = "stem" or from = ["stem", "body"], not []'),
    ([conv("stem", ["input", 2]), *END], None, f"{NETWORK}, layer 1: from must name layers in quotes, not 2"),
    ([conv("image"), *END], {"image": [28, 28, 1]}, f'{NETWORK}, layer 1: the name "image" is taken in its network; choose another'),
    ([conv("stem"), *END], [28, 28, 1], f"{NETWORK}: inputs must be a table of 1 to 8 shapes by name, such as {{image = [28, 28, 1], label = [10]}}"),
    ([conv("stem"), *END], {}, f"{NETWORK}: inputs must be a table of 1 to 8 shapes by name, such as {{image = [28, 28, 1], label = [10]}}"),
    ([conv("stem"), *END], {"a/b": [28, 28, 1]}, f'{NETWORK}: inputs: "a/b" is not a valid input name: it has "/"; use the letters a to z and A to Z, digits and "_"'),
    ([conv("stem"), *END], {"image": 28}, f"{NETWORK}: inputs.image must be a list of 1 to 5 whole numbers, such as [28, 28, 1], not 28"),
]  # fmt: skip


@pytest.mark.parametrize(("layers", "inputs", "sentence"), BROKEN, ids=[row[2][21:70] for row in BROKEN])
def test_a_broken_graph_is_refused_in_a_sentence(layers: Layers, inputs: object, sentence: str) -> None:
    with pytest.raises(ValueError) as caught:
        preset(layers, inputs)
    assert str(caught.value) == sentence


def test_input_and_inputs_are_not_both_written() -> None:
    document = presets.find("fashion-cnn").as_document()
    document["networks"]["classifier"]["inputs"] = {"image": [28, 28, 1]}
    with pytest.raises(ValueError, match=r"networks.classifier: there are input and inputs; write one of them"):
        presets.from_document(document, "both")


def test_a_pairs_generator_has_one_input_unless_it_is_told_classes() -> None:
    document = presets.find("gan").as_document()
    generator = document["networks"]["generator"]
    generator["inputs"] = {"latent": generator.pop("input"), "label": [10]}
    generator["layers"].insert(0, layer("Concatenate", "", ["latent", "label"]))
    with pytest.raises(
        ValueError, match=r"conditional: networks.generator takes label beside latent; write true here, or leave label"
    ):
        presets.from_document(document, "conditional")


def test_the_tape_engine_takes_no_graph() -> None:
    document = presets.find("conv10-tape").as_document()
    first, *rest = document["networks"]["classifier"]["layers"]
    branch = {**first, "name": "branch", "from": "input"}
    merged = layer("Concatenate", "", [first["name"], "branch"])
    document["networks"]["classifier"]["layers"] = [first, branch, merged, *rest]
    with pytest.raises(
        ValueError, match="engine: the tape engine takes a network whose layers follow each other, without from"
    ):
        presets.from_document(document, "graph")


# The page about graphs --------------------------------------------------------------------------------------


def graphs_page() -> str:
    """The page of the docs that is about graphs."""
    return (Path(__file__).parents[2] / "docs" / "own-networks" / "graphs.md").read_text()


def test_every_example_of_the_page_is_a_network_and_its_table_is_true() -> None:
    examples = [tomllib.loads(part.split("```")[0]) for part in graphs_page().split("```toml")[1:]]
    networks = [example.get("networks", {}).get("classifier", example) for example in examples]
    whole = [{"input": "data", **example} for example in networks if "layers" in example]
    assert len(whole) == 2
    found = []
    for example in whole:
        document = presets.find("fashion-cnn").as_document()
        document["networks"]["classifier"] = example
        found.append(presets.from_document(document, "example").networks[0])
    table = graphs_page().split("```\nclassifier")[1].split("\n```")[0]
    assert network_table(found[0]) == f"classifier{table}"
    (inputs,) = [example for example in examples if "inputs" in example]
    layers = [layer("Flatten", "flat", "image"), layer("Concatenate", "", ["flat", "label"])]
    made = sizes.put_in({"it": {**inputs, "layers": layers}}, presets.find("fashion-cnn").facts)
    assert next(iter(presets.networks.read_networks(made, ("it",)))).output == (794,)


def test_what_attention_makes_of_all_pairs_of_places_counts_as_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """784 places, 4 heads, a batch of 128: 1.26 GB of scores beside 26 MB of output."""
    monkeypatch.setattr("gan_tui.system.machine.memory", lambda: 1 << 30)
    places = layer("Reshape", "places", target_shape=[784, 1])
    looked = layer("MultiHeadAttention", "looked", num_heads=4, key_dim=2)
    attending = preset([places, looked, layer("Flatten"), END[-1]])
    plan.check_memory(attending, 64)
    with pytest.raises(
        UserError, match=r"1\.27 GB for looked of the classifier alone; make that or batch_size smaller"
    ):
        plan.check_memory(attending, 128)


def test_a_tower_of_averages_is_looked_through_at_once() -> None:
    """Each takes two of those above it: there are more ways down than anybody counts."""
    first = layer("Dense", "n0", units=10, activation="softmax")
    second = layer("Dense", "n1", "n0", units=10, activation="softmax")
    tower = [layer("Average", f"n{n}", [f"n{n - 1}", f"n{n - 2}"]) for n in range(2, 198)]
    assert preset([layer("Flatten"), first, second, *tower]).networks[0].activation == "softmax"


@pytest.mark.parametrize("kind", ["RandomPosterization", "RandomHue", "Discretization"])
def test_what_lets_no_gradient_back_stands_before_all_that_learns(kind: str) -> None:
    given = {"bin_boundaries": [0.0]} if kind == "Discretization" else {"factor": 3 if "Post" in kind else 0.2}
    document = presets.find("shapes").with_settings({}).as_document()
    layers = document["networks"]["classifier"]["layers"]
    document["networks"]["classifier"]["layers"] = [*layers[:1], layer(kind, "it", **given), *layers[1:]]
    if kind != "RandomHue":  # which takes colours alone
        with pytest.raises(ValueError, match=f'{kind} \\("it"\\) lets no gradient back, so its layers above it'):
            presets.from_document(document, "mine")
    pair = presets.find("dcgan-64").as_document()
    networks = pair["networks"]
    networks["discriminator"]["layers"] = [layer(kind, "it", **given), *networks["discriminator"]["layers"]]
    with pytest.raises(ValueError, match="so the generator would never learn"):
        presets.from_document(pair, "mine")
