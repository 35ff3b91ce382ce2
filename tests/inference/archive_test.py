"""Archives: whole, safe, and clear about what is wrong with them."""

from __future__ import annotations

import json
import pickle
import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from tango.common import Registrable as TangoRegistrable
from torch import nn

from tango_ie.core.errors import DataError, TangoIEError
from tango_ie.data.schema import Schema
from tango_ie.inference import Archive, ArchiveFormat, predict
from tango_ie.models import Model
from tango_ie.models.tagger import Tagger
from tango_ie.modules.encoders import Encoder
from tests.models.model_contract import SENTENCES, assert_same

INFO = {"seed": 3, "best_score": 0.5, "unrepresentable": {"nested": 1}}


@pytest.fixture
def archive(trained: Model, tagger_params: dict[str, Any], tmp_path: Path) -> Archive:
    return Archive.save(trained, tmp_path / "archive", tagger_params, INFO)


def test_contents(archive: Archive, trained: Model) -> None:
    assert archive.info == INFO
    assert archive.schema == trained.schema
    assert archive.params["head"] == "crf"
    assert archive.params["encoder"]["model"] == "archive://encoder"
    names = {path.relative_to(archive.folder).as_posix() for path in archive.folder.rglob("*")}
    assert names >= {
        "weights.safetensors",
        "config.json",
        "schema.json",
        "info.json",
        "encoder/config.json",
        "encoder/tokenizer.json",
    }
    versions = json.loads((archive.folder / "config.json").read_text())["versions"]
    assert versions["torch"] == torch.__version__


def test_needs_neither_the_original_nor_a_network_nor_pickle(
    trained: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tiny_encoder: Path
) -> None:
    original = tmp_path / "original"
    shutil.copytree(tiny_encoder, original)
    params = {"type": "tagger", "encoder": {"type": "transformer", "model": str(original)}}
    torch.manual_seed(1)
    model = Model.from_params(params, schema=Schema.from_sentences(SENTENCES))
    expected = predict(model, SENTENCES)
    archive = Archive.save(model, tmp_path / "archive", params, {})
    shutil.rmtree(original)
    moved = archive.folder.rename(tmp_path / "moved")

    def refuse(*arguments: object, **options: object) -> None:
        raise AssertionError("not allowed here")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(pickle, "load", refuse)
    monkeypatch.setattr(pickle, "loads", refuse)
    monkeypatch.setattr(torch, "load", refuse)
    assert_same(predict(Archive(moved).load(), SENTENCES), expected, tolerance=0)
    assert str(tmp_path) not in (moved / "config.json").read_text()
    assert str(tmp_path) not in (moved / "encoder" / "config.json").read_text()


def test_loading_gives_a_fresh_model_and_leaves_random_numbers_alone(archive: Archive) -> None:
    torch.manual_seed(0)
    expected = torch.rand(2)
    torch.manual_seed(0)
    first, second = archive.load(), archive.load()
    assert torch.equal(torch.rand(2), expected)
    assert first is not second and not first.training
    with torch.no_grad():
        next(first.parameters()).zero_()
    assert next(second.parameters()).abs().sum() > 0


def test_format(archive: Archive, trained: Model, tmp_path: Path) -> None:
    target = tmp_path / "cache"
    target.mkdir()
    ArchiveFormat().write(archive, target)
    shutil.rmtree(archive.folder)
    read = ArchiveFormat().read(target)
    assert read.info == INFO
    assert_same(predict(read.load(), SENTENCES), predict(trained, SENTENCES), tolerance=0)


def test_the_same_model_gives_the_same_bytes(
    archive: Archive, trained: Model, tagger_params: dict[str, Any], tmp_path: Path
) -> None:
    again = Archive.save(trained, tmp_path / "again", tagger_params, INFO)
    for path in archive.folder.rglob("*.*"):
        assert (again.folder / path.relative_to(archive.folder)).read_bytes() == path.read_bytes()


class Tied(Tagger):
    """A tagger with a second layer that shares its weights with the head."""

    def __init__(self, schema: Schema, encoder: Encoder) -> None:
        super().__init__(schema, encoder)
        self.twin = nn.Linear(encoder.output_size, len(self.tag_set))
        self.twin.weight = self.head.weight


def test_shared_weights_are_kept_once_and_stay_shared(
    tiny_encoder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(TangoRegistrable._registry[Model], "tied", (Tied, None))
    params = {"type": "tied", "encoder": {"type": "transformer", "model": str(tiny_encoder)}}
    model = Model.from_params(params, schema=Schema(("LOC",)))
    archive = Archive.save(model, tmp_path / "archive", params, {})
    loaded = archive.load()
    assert isinstance(loaded, Tied)
    assert loaded.twin.weight is loaded.head.weight
    assert torch.equal(loaded.twin.weight, model.head.weight)
    assert torch.equal(loaded.twin.bias, model.twin.bias)


def _remove(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def _write(name: str, text: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).write_text(text) and None


def _cut(folder: Path) -> None:
    path = folder / "weights.safetensors"
    path.write_bytes(path.read_bytes()[:5000])


def _edit(**changes: Any) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        config = json.loads((folder / "config.json").read_text())
        config.update({key: item for key, item in changes.items() if key == "format_version"})
        config["model"].update(
            {key: item for key, item in changes.items() if key != "format_version"}
        )
        (folder / "config.json").write_text(json.dumps(config))

    return edit


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (_remove("config.json"), r"not an archive: config\.json is missing"),
        (_remove("weights.safetensors"), r"not an archive: weights\.safetensors is missing"),
        (_write("config.json", "{"), r"config\.json: damaged"),
        (_write("config.json", "[]"), r"expected a JSON object"),
        (_write("config.json", "{}"), "not the config of an archive"),
        (_write("schema.json", "{}"), r"schema\.json: damaged"),
        (_cut, r"weights\.safetensors: damaged weights"),
        (_edit(format_version=99), "has format 99"),
        (_edit(head="softmax"), r"damaged weights: .*crf\.transitions"),
        (_edit(scheme="bioes"), r"damaged weights: .*size mismatch"),
        (_edit(type="no_such_model"), "cannot be loaded.*no_such_model"),
        (_remove("encoder/tokenizer.json"), "cannot be loaded.*tokenizer"),
        (lambda folder: shutil.rmtree(folder / "encoder"), "is incomplete"),
    ],
)
def test_damage_is_named(archive: Archive, damage: Callable[[Path], None], message: str) -> None:
    damage(archive.folder)
    with pytest.raises(TangoIEError, match=message) as caught:
        Archive(archive.folder).load()
    assert "\n" not in str(caught.value)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="not an archive"):
        Archive(tmp_path / "nothing")
