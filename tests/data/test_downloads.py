"""The downloads, against a server on the loopback address that stands in for the real ones."""

import gzip
import hashlib
import http.server
import io
import tarfile
import threading

import numpy as np
import pytest

from nnutils import data
from nnutils.data import download, large


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A folder that a server on this machine serves, with downloads switched on and an empty cache."""
    folder = tmp_path / "site"
    folder.mkdir()

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args):
            super().__init__(*args, directory=str(folder))

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv(download.SWITCH, "1")
    monkeypatch.setenv(download.CACHE, str(tmp_path / "cache"))
    monkeypatch.setenv(download.MIRROR, f"http://127.0.0.1:{server.server_port}")
    yield folder
    server.shutdown()
    server.server_close()


@pytest.fixture
def images():
    rng = np.random.default_rng(0)
    return rng.integers(0, 256, size=(7, 28, 28), dtype=np.uint8), rng.integers(0, 10, size=7, dtype=np.uint8)


def put_mnist(site, images, monkeypatch):
    X, y = images
    np.savez(site / "mnist.npz", x_train=X[:5], y_train=y[:5], x_test=X[5:], y_test=y[5:])
    digest = hashlib.sha256((site / "mnist.npz").read_bytes()).hexdigest()
    monkeypatch.setattr(large, "MNIST", (large.MNIST[0], digest))


def test_mnist_is_fetched_once_and_scaled(site, images, monkeypatch):
    put_mnist(site, images, monkeypatch)
    X, y = data.mnist()
    assert X.shape == (7, 784) and X.dtype == np.float32
    np.testing.assert_allclose(X, images[0].reshape(7, -1) / 255, rtol=1e-6)
    np.testing.assert_array_equal(y, images[1])
    (site / "mnist.npz").unlink()
    monkeypatch.delenv(download.SWITCH)
    np.testing.assert_array_equal(data.mnist().X, X)


def test_a_file_with_another_checksum_is_refused_and_not_kept(site, images, monkeypatch, capsys):
    put_mnist(site, images, monkeypatch)
    (site / "mnist.npz").write_bytes(b"something else")
    assert data.mnist().X.shape == (1797, 64)
    assert "its checksum differs" in " ".join(capsys.readouterr().out.split())
    assert list((site.parent / "cache").iterdir()) == []


def test_a_missing_file_leaves_the_digits_and_a_sentence(site, capsys):
    assert data.cifar10().X.shape == (1797, 64)
    said = " ".join(capsys.readouterr().out.split())
    assert "CIFAR-10 is not here: http://127.0.0.1" in said and "The 8 x 8 digits take its place." in said


def test_with_the_switch_off_nothing_is_asked(site, images, monkeypatch, capsys):
    put_mnist(site, images, monkeypatch)
    monkeypatch.delenv(download.SWITCH)
    monkeypatch.setattr(
        download.urllib.request, "urlopen", lambda *args, **kwargs: pytest.fail("asked the network")
    )
    assert data.mnist().X.shape == (1797, 64)
    said = capsys.readouterr().out
    assert "NNUTILS_DOWNLOAD=1 switches them on" in " ".join(said.split())
    assert max(map(len, said.splitlines())) <= 76


def test_no_network_is_a_sentence(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv(download.SWITCH, "1")
    monkeypatch.setenv(download.CACHE, str(tmp_path))
    monkeypatch.setenv(download.MIRROR, "http://127.0.0.1:9")
    assert data.fashion_mnist().X.shape == (1797, 64)
    assert "could not be fetched" in " ".join(capsys.readouterr().out.split())
    assert list(tmp_path.iterdir()) == []


def test_fashion_mnist_joins_its_four_files(site, images):
    X, y = images
    parts = {"train": (X[:5], y[:5]), "t10k": (X[5:], y[5:])}
    for name, (some, labels) in parts.items():
        (site / f"fashion-{name}-images-idx3-ubyte.gz").write_bytes(gzip.compress(bytes(16) + some.tobytes()))
        (site / f"fashion-{name}-labels-idx1-ubyte.gz").write_bytes(
            gzip.compress(bytes(8) + labels.tobytes())
        )
    loaded = data.fashion_mnist(np.float64)
    np.testing.assert_allclose(loaded.X, X.reshape(7, -1) / 255)
    assert loaded.class_names[loaded.y[0]] == large.CLOTHES[y[0]]


def test_cifar_puts_the_colours_last(site, monkeypatch):
    rng = np.random.default_rng(1)
    images, labels = rng.integers(0, 256, size=(4, 32, 32, 3), dtype=np.uint8), np.arange(4, dtype=np.uint8)
    rows = np.concatenate([labels[:, None], images.transpose(0, 3, 1, 2).reshape(4, -1)], axis=1)
    archive = site / "cifar-10-binary.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        for name, part in (("b/data_batch_1.bin", rows[:3]), ("b/test_batch.bin", rows[3:])):
            info = tarfile.TarInfo(name)
            info.size = part.nbytes
            tar.addfile(info, io.BytesIO(part.tobytes()))
    monkeypatch.setattr(large, "CIFAR", (large.CIFAR[0], hashlib.md5(archive.read_bytes()).hexdigest()))
    X, y = data.cifar10()
    np.testing.assert_allclose(X.reshape(4, 32, 32, 3), images / 255, rtol=1e-6)
    np.testing.assert_array_equal(y, labels)


def test_imagenet_weights_go_into_the_model(site):
    import h5py
    import keras
    from keras.src.legacy.saving import legacy_h5_format

    model = keras.applications.MobileNetV2((96, 96, 3), alpha=0.35, include_top=False, weights=None)
    with h5py.File(site / "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.35_96_no_top.h5", "w") as file:
        legacy_h5_format.save_weights_to_hdf5_group(file, model)  # the form in which Keras publishes them
    base = data.imagenet_base()
    assert all(np.array_equal(a, b) for a, b in zip(model.get_weights(), base.get_weights(), strict=True))


def test_without_imagenet_weights_there_is_none(monkeypatch, tmp_path, capsys):
    monkeypatch.delenv(download.SWITCH, raising=False)
    monkeypatch.setenv(download.CACHE, str(tmp_path))
    assert data.imagenet_base() is None
    assert "The ImageNet weights are not here" in capsys.readouterr().out
