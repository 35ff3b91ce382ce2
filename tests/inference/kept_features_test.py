"""Prediction from kept vectors: what the model would find with its encoder, without running it."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Annotations, Sentence
from tango_ie.data.corpus import Corpus
from tango_ie.data.schema import Schema
from tango_ie.inference import Archive, ArchiveFormat, predict
from tango_ie.inference.corpus_encoding import Encoding, encode_corpus
from tango_ie.inference.kept_features import read_kept_features
from tango_ie.models import Model
from tango_ie.modules.encoders import CachedFeatures, EncodedCorpus, Encoder
from tests.models.model_contract import SENTENCES

OTHER = Sentence(("a", "sentence", "of", "Zanzibar", "nobody", "kept"))
CONTEXT = {"tokens": 4, "separator": True}


def transformer(folder: Path, **more: Any) -> dict[str, Any]:
    return {"type": "transformer", "model": str(folder), "frozen": True, **more}


def kept(encoder: dict[str, Any], folder: Path, **options: Any) -> EncodedCorpus:
    corpus = Corpus.from_sentences({"train": SENTENCES})
    encoding = Encoding(device="cpu", **options)
    return encode_corpus(Encoder.from_params(encoder), corpus, folder, encoding=encoding)


def archived(encoder: dict[str, Any], folder: Path) -> Archive:
    torch.manual_seed(1)
    params = {"type": "tango_ie::tagger", "encoder": encoder}
    model: Model = Model.from_params(params, schema=Schema.from_sentences(SENTENCES))
    with torch.no_grad():  # as after a training
        for value in model.parameters():
            if value.requires_grad:
                value.add_(0.3 * torch.randn_like(value))
    return Archive.save(model.eval(), folder, params, {})


def archived_over(features: EncodedCorpus, folder: Path) -> Archive:
    """Of a model that was trained on what is kept."""
    archive = archived({"type": "cached_features", "features": features}, folder)
    assert archive.params["encoder"]["type"] == "tango_ie::frozen_transformer"
    return archive


def assert_alike(found: list[Annotations], expected: list[Annotations], within: float) -> None:
    assert any(item.entities for item in expected)
    for one, other in zip(found, expected, strict=True):
        # What is compared of an entity is label and span.
        assert one.entities == other.entities
        scores = [[entity.score for entity in item.entities] for item in (one, other)]
        assert scores[0] == pytest.approx(scores[1], abs=within)


@pytest.mark.parametrize("more", [{}, {"layers": "mix"}, {"pooling": "mean", "context": CONTEXT}])
def test_finds_the_same(more: dict[str, Any], tiny_encoder: Path, tmp_path: Path) -> None:
    encoder = transformer(tiny_encoder, **more)
    parts = {"type": "concat", "parts": ["casing", encoder]}
    below = {"type": "recurrent", "input": parts, "size": 8}
    archive = archived(below, tmp_path / "archive")
    features = kept(encoder, tmp_path / "features")
    model = archive.load()
    mix = {name: value for name, value in model.state_dict().items() if ".mix." in name}
    read_kept_features(model, features)
    expected = predict(archive.load(), SENTENCES, "cpu")
    assert_alike(predict(model, SENTENCES, "cpu"), expected, 1e-5)
    replaced = model.get_submodule("encoder.input.parts.1")
    assert isinstance(replaced, CachedFeatures)
    after = model.state_dict()
    assert all(torch.equal(after[name], value) for name, value in mix.items())
    # The transformer is not asked for what is kept …
    with torch.no_grad():
        for value in replaced.built().transformer.parameters():
            value.fill_(float("nan"))
    assert_alike(predict(model, SENTENCES, "cpu"), expected, 1e-5)
    # … which is exact where sentences are alone in their batches, as they are here in both.
    alone = predict(archive.load(), SENTENCES, "cpu", token_budget=1)
    exact = kept(encoder, tmp_path / "exact", token_budget=1)
    again = archive.load()
    read_kept_features(again, exact)
    assert_alike(predict(again, SENTENCES, "cpu", token_budget=1), alone, 0)


def test_sentences_that_are_not_kept(
    tiny_encoder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    encoder = transformer(tiny_encoder)
    archive = archived(encoder, tmp_path / "archive")
    model = archive.load()
    read_kept_features(model, kept(encoder, tmp_path / "features"))
    sentences = [*SENTENCES, OTHER]
    with caplog.at_level(logging.WARNING):
        found = predict(model, sentences, "cpu")
    assert_alike(found, predict(archive.load(), sentences, "cpu"), 1e-5)
    assert "1 of" in caplog.text and "not among the cached features" in caplog.text


def test_halved(tiny_encoder: Path, tmp_path: Path) -> None:
    """Kept vectors stay as exact as they are; what is not kept is computed in bf16."""
    encoder = transformer(tiny_encoder)
    archive = archived(encoder, tmp_path / "archive")
    model = archive.load()
    read_kept_features(model, kept(encoder, tmp_path / "features"))
    found = predict(model, SENTENCES, "cpu", "bf16")
    assert_alike(found, predict(archive.load(), SENTENCES, "cpu"), 1e-5)


@pytest.mark.parametrize(
    "other",
    [
        {"pooling": "last"},
        {"layers": "mix"},
        {"layers": 1},
        {"max_length": 32},
        {"context": CONTEXT},
        {"frozen": False},
    ],
)
def test_vectors_of_another_encoder(
    other: dict[str, Any], tiny_encoder: Path, tmp_path: Path
) -> None:
    archive = archived(transformer(tiny_encoder, **other), tmp_path / "archive")
    features = kept(transformer(tiny_encoder), tmp_path / "features")
    with pytest.raises(ConfigurationError, match="features: these are not the vectors of"):
        read_kept_features(archive.load(), features)


def test_other_weights_and_damage(tiny_encoder: Path, tmp_path: Path) -> None:
    archive = archived(transformer(tiny_encoder), tmp_path / "archive")
    features = kept(transformer(tiny_encoder), tmp_path / "features")
    model = archive.load()
    with torch.no_grad():
        next(iter(model.get_submodule("encoder.transformer").parameters())).view(-1)[0] += 1
    with pytest.raises(ConfigurationError, match="same settings and weights"):
        read_kept_features(model, features)
    (features.folder / "weights.safetensors").write_bytes(b"x")
    with pytest.raises(DataError, match=r"weights\.safetensors.*damaged"):
        read_kept_features(archive.load(), features)


@pytest.mark.parametrize("more", [{}, {"layers": "mix"}, {"pooling": "mean", "context": CONTEXT}])
def test_archives_share_one_encoder(
    more: dict[str, Any], tiny_encoder: Path, tmp_path: Path
) -> None:
    """It is loaded when a sentence needs it, wherever the archive is by then."""
    features = kept(transformer(tiny_encoder, **more), tmp_path / "features", token_budget=1)
    archive = archived_over(features, tmp_path / "archive")
    ArchiveFormat().write(archive, tmp_path / "cached")
    weights = tmp_path / "features" / "weights.safetensors"
    for folder in (archive.folder, tmp_path / "cached"):
        assert (folder / "encoder" / "weights.safetensors").samefile(weights)
        assert (folder / "weights.safetensors").stat().st_nlink == 1
        assert (folder / "weights.safetensors").stat().st_size < weights.stat().st_size / 2
    model = archive.load()
    read_kept_features(model, features)
    found = predict(model, SENTENCES, "cpu", token_budget=1)
    encoder = model.get_submodule("encoder")
    assert isinstance(encoder, CachedFeatures)
    # Sub-words are needed to know a context.
    assert encoder.is_built == ("context" in more)
    moved = tmp_path / "moved"
    shutil.copytree(archive.folder, moved)  # no links
    shutil.rmtree(archive.folder)
    again = Archive(moved).load()
    read_kept_features(again, features)  # the same weights in other files
    shutil.rmtree(features.folder)
    plain = Archive(moved).load()
    assert_alike(predict(plain, SENTENCES, "cpu", token_budget=1), found, 0)
    assert_alike(predict(plain, SENTENCES, "cpu", "bf16"), found, 0.1)
    # Archived once more, from the archive.
    second = Archive.save(Archive(moved).load(), tmp_path / "second", archive.params, {})
    assert_alike(predict(second.load(), SENTENCES, "cpu", token_budget=1), found, 0)


def test_shared_encoders_that_do_not_fit(tiny_encoder: Path, tmp_path: Path) -> None:
    archive = archived_over(kept(transformer(tiny_encoder), tmp_path / "one"), tmp_path / "archive")
    last = kept(transformer(tiny_encoder, pooling="last"), tmp_path / "last")
    with pytest.raises(ConfigurationError, match="same settings and weights"):
        read_kept_features(archive.load(), last)
    other = kept(transformer(tiny_encoder), tmp_path / "other")
    path = other.folder / "weights.safetensors"
    tensors = load_file(path)
    next(iter(tensors.values())).view(-1)[0] += 1
    save_file(tensors, path)
    with pytest.raises(ConfigurationError, match="same settings and weights"):
        read_kept_features(archive.load(), EncodedCorpus(other.folder))


def test_an_encoder_that_is_gone(tiny_encoder: Path, tmp_path: Path) -> None:
    archive = archived_over(kept(transformer(tiny_encoder), tmp_path / "one"), tmp_path / "archive")
    model = archive.load()
    archive.folder.rename(tmp_path / "moved")
    with pytest.raises(DataError, match=r"looked for here.*load the model from where it is now"):
        predict(model, SENTENCES, "cpu")
    (tmp_path / "moved" / "encoder" / "weights.safetensors").unlink()
    with pytest.raises(DataError, match=r"looked for here.*copy the archive anew, as a whole"):
        Archive(tmp_path / "moved").load()
