"""Cached features: the same vectors as those of the frozen encoder that made them."""

from __future__ import annotations

import copy
import json
import logging
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file, save_file
from torch import Tensor

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Sentence
from tango_ie.data.corpus import Corpus
from tango_ie.inference import corpus_encoding
from tango_ie.inference.corpus_encoding import Encoding, encode_corpus
from tango_ie.modules.encoders import (
    CachedFeatures,
    EncodedCorpus,
    EncodedCorpusFormat,
    Encoder,
    TransformerEncoder,
    open_archive,
)
from tests.modules.encoders.tiny_encoders import SENTENCES

Folder = Callable[[str], Path]
TRAIN = [
    Sentence(tuple(words), doc_id=str(place // 3), position=place % 3)
    for place, words in enumerate([*SENTENCES[:3], *SENTENCES[4:], ["hello"] * 9, SENTENCES[0]])
]
DEV = [Sentence(("the", "engine")), Sentence(("London",))]
CORPUS = Corpus.from_sentences({"train": TRAIN, "dev": DEV})
OTHER = Sentence(("unbelievable", "world", "of", "notes"))
CONTEXT = {"tokens": 5, "separator": True}


def build(folder: Path, **params: Any) -> TransformerEncoder:
    encoder = Encoder.from_params(
        {"type": "transformer", "model": str(folder), "frozen": True, **params}
    )
    assert isinstance(encoder, TransformerEncoder)
    return encoder.eval()


def cached(encoder: Encoder, folder: Path, **options: Any) -> CachedFeatures:
    features = encode_corpus(encoder, CORPUS, folder, encoding=Encoding(device="cpu", **options))
    made = Encoder.from_params({"type": "cached_features", "features": features})
    assert isinstance(made, CachedFeatures)
    return made.eval()


def run(encoder: Encoder, sentences: list[Sentence]) -> Tensor:
    with torch.no_grad():
        vectors: Tensor = encoder(encoder.collate(encoder.encode(sentences)))
    return vectors


@pytest.mark.parametrize("context", [None, CONTEXT])
@pytest.mark.parametrize(
    ("layers", "pooling"),
    [
        *[("last", pooling) for pooling in ("first", "last", "mean", "max")],
        *[("mix", pooling) for pooling in ("first", "last", "mean")],
        (1, "max"),
    ],
)
def test_same_vectors(
    layers: str | int,
    pooling: str,
    context: dict[str, Any] | None,
    encoder_folder: Folder,
    tmp_path: Path,
) -> None:
    encoder = build(encoder_folder("bert"), layers=layers, pooling=pooling, context=context)
    again = cached(encoder, tmp_path / "encoded")
    assert again.features.info["shape"][1:] == [3 if layers == "mix" else 1, 16]
    if encoder.mix is not None and again.mix is not None:
        for mix in (encoder.mix, again.mix):
            torch.nn.init.constant_(mix.gamma, 1.5)
            with torch.no_grad():
                mix.weights.copy_(torch.tensor([0.3, -1.0, 0.7]))
    for split in (TRAIN, DEV):
        features, expected = again.encode(split), encoder.encode(split)
        assert all(item.start is not None for item in features)
        assert [item.cost for item in features] == [item.cost for item in expected]
        assert torch.allclose(run(again, split), run(encoder, split), atol=1e-5)


@pytest.mark.parametrize("layers", ["last", "mix"])
def test_equal_batches_give_equal_bits(layers: str, encoder_folder: Folder, tmp_path: Path) -> None:
    """What differs at all are sums over rows of another width; here each sentence is a batch."""
    encoder = build(encoder_folder("bert"), layers=layers)
    again = cached(encoder, tmp_path / "encoded", token_budget=1)
    for sentence in (*TRAIN, *DEV):
        assert torch.equal(run(again, [sentence]), run(encoder, [sentence]))


def test_sentences_that_are_not_there(
    encoder_folder: Folder, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for layers in ("last", "mix"):
        encoder = build(encoder_folder("bert"), layers=layers)
        again = cached(encoder, tmp_path / layers)
        mixed = [OTHER, TRAIN[2], Sentence(()), OTHER, DEV[0]]
        with caplog.at_level(logging.WARNING):
            caplog.clear()
            assert torch.allclose(run(again, mixed), run(encoder, mixed), atol=1e-5)
            assert torch.allclose(run(again, [OTHER]), run(encoder, [OTHER]), atol=1e-5)
            run(again, mixed)
            run(again, TRAIN)
        assert [message[:50] for message in caplog.messages] == [
            "3 of 5 sentences are not among the cached features",
            "1 of 1 sentences are not among the cached features",
        ]


def test_samples_are_found_by_content(encoder_folder: Folder, tmp_path: Path) -> None:
    plain = cached(build(encoder_folder("bert")), tmp_path / "plain")
    moved = [Sentence(item.words, doc_id="9", position=7) for item in reversed(TRAIN)]
    assert all(item.start is not None for item in plain.encode(moved))
    # Context belongs to the content: a whole document is found, a sentence out of it is not.
    aware = cached(build(encoder_folder("bert"), context=CONTEXT), tmp_path / "aware")
    assert all(item.start is not None for item in aware.encode(TRAIN[3:6]))
    assert [item.start is None for item in aware.encode([TRAIN[0], TRAIN[2]])] == [True, True]


def test_repeated_sentences_are_kept_once(encoder_folder: Folder, tmp_path: Path) -> None:
    done: list[int] = []
    encoder = build(encoder_folder("bert"))
    features = encode_corpus(encoder, CORPUS, tmp_path / "x", on_progress=done.append)
    different = {item.words for item in (*TRAIN, *DEV)}
    assert len(features) == len(different) < len(TRAIN) + len(DEV) == sum(done)
    assert features.info["shape"][0] == sum(map(len, different))
    assert features.info["splits"] == ["train", "dev"]
    assert features.info["corpus_fingerprint"] == CORPUS.fingerprint


def test_chunks_change_nothing(
    encoder_folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder = build(encoder_folder("bert"), context=CONTEXT)
    monkeypatch.setattr(corpus_encoding, "_CHUNK", 2)
    again = cached(encoder, tmp_path / "encoded")
    assert all(item.start is not None for item in again.encode(TRAIN))
    assert torch.allclose(run(again, TRAIN), run(encoder, TRAIN), atol=1e-5)


def test_some_splits(encoder_folder: Folder, tmp_path: Path) -> None:
    encoder = build(encoder_folder("bert"))
    features = encode_corpus(encoder, CORPUS, tmp_path / "x", ["dev"])
    assert len(features) == 2 and features.info["splits"] == ["dev"]
    with pytest.raises(ConfigurationError, match="no split 'tets'"):
        encode_corpus(encoder, CORPUS, tmp_path / "y", ["tets"])


def test_half_precision(encoder_folder: Folder, tmp_path: Path) -> None:
    encoder = build(encoder_folder("bert"))
    whole = cached(encoder, tmp_path / "whole")
    half = cached(encoder, tmp_path / "half", dtype="float16")
    sizes = [(folder / "vectors.bin").stat().st_size for folder in sorted(tmp_path.iterdir())]
    assert 2 * sizes[0] == sizes[1] == whole.features.vectors.size * 4
    vectors = run(half, TRAIN)
    assert vectors.dtype == torch.float32
    assert torch.allclose(vectors, run(encoder, TRAIN), rtol=1e-3, atol=1e-3)
    with torch.no_grad():
        encoder.transformer.encoder.layer[-1].output.LayerNorm.weight.mul_(1e6)
    with pytest.raises(DataError, match="no finite float16; choose float32"):
        cached(encoder, tmp_path / "large", dtype="float16")


def test_the_mix_is_trained(encoder_folder: Folder, tmp_path: Path) -> None:
    again = cached(build(encoder_folder("bert"), layers="mix"), tmp_path / "x").train()
    assert not again.built().training
    again(again.collate(again.encode([*TRAIN, OTHER]))).sum().backward()
    trained = {name for name, weight in again.named_parameters() if weight.grad is not None}
    assert trained == {"mix.weights", "mix.gamma"}
    wanted = {name for name, weight in again.named_parameters() if weight.requires_grad}
    assert trained == wanted


def test_archived_as_the_encoder_itself(encoder_folder: Folder, tmp_path: Path) -> None:
    encoder = build(encoder_folder("bert"), context=CONTEXT)
    again = cached(encoder, tmp_path / "x")
    params = again.archived_params(tmp_path / "archive" / "encoder")
    assert params["type"] == "tango_ie::frozen_transformer"
    assert params["context"] == CONTEXT and params["pooling"] == "first"
    assert params["model"] == "archive://encoder"
    shutil.rmtree(tmp_path / "x")
    with open_archive(tmp_path / "archive"):
        read = Encoder.from_params(params).eval()
    assert torch.equal(run(read, TRAIN), run(encoder, TRAIN))
    with pytest.raises(ConfigurationError, match="is for archives alone"):
        Encoder.from_params(params | {"model": "somewhere"})


def test_the_encoder_is_loaded_when_it_is_needed(encoder_folder: Folder, tmp_path: Path) -> None:
    encoder = build(encoder_folder("bert"), layers="mix")
    again = cached(encoder, tmp_path / "x")
    run(again, [*TRAIN, *DEV])
    assert not again.is_built
    assert set(again.state_dict()) == {"mix.weights", "mix.gamma"}
    own = {name for name, _ in encoder.transformer.named_parameters(prefix="transformer")}
    assert set(again.stored.shapes) == own
    count = sum(weight.numel() for weight in encoder.transformer.parameters())
    assert again.stored.num_parameters == count
    with torch.inference_mode():  # as a predictor does
        run(again, [OTHER])
    assert again.is_built
    assert set(again.state_dict()) == {"mix.weights", "mix.gamma"}
    assert not any(weight.is_inference() for weight in again.built().parameters())
    again.to(torch.bfloat16)  # where the module goes, the transformer goes, too
    assert {weight.dtype for weight in again.built().parameters()} == {torch.bfloat16}
    late = copy.deepcopy(cached(encoder, tmp_path / "y")).to(torch.bfloat16)
    assert {weight.dtype for weight in late.built().parameters()} == {torch.bfloat16}


def test_features_of_older_versions(encoder_folder: Folder, tmp_path: Path) -> None:
    """Without an index of words sentences are split, as they are where context is read."""
    encoder = build(encoder_folder("bert"))
    again = cached(encoder, tmp_path / "x")
    path = again.features.folder / "index.safetensors"
    index = load_file(path)
    assert again.features.find_words(TRAIN[0].words) is not None
    save_file({name: index[name] for name in ("digests", "starts")}, path)
    old = CachedFeatures(EncodedCorpus(again.features.folder)).eval()
    assert old.features.find_words(TRAIN[0].words) is None
    assert all(item.start is not None for item in old.encode(TRAIN))
    assert torch.equal(run(old, TRAIN), run(again, TRAIN))


def test_an_encoder_that_is_gone(encoder_folder: Folder, tmp_path: Path) -> None:
    encoder = build(encoder_folder("bert"))
    again = cached(encoder, tmp_path / "x")
    run(again, TRAIN)
    again.features.folder.rename(tmp_path / "moved")
    with pytest.raises(DataError, match=r"looked for here and is not there"):
        again.encode([OTHER])
    moved = CachedFeatures(EncodedCorpus(tmp_path / "moved"))
    weights = tmp_path / "moved" / "weights.safetensors"
    content = weights.read_bytes()
    weights.write_bytes(content[:-1])
    with pytest.raises(DataError, match=r"weights\.safetensors.*damaged.*encode the corpus anew"):
        CachedFeatures(EncodedCorpus(tmp_path / "moved"))
    weights.unlink()
    with pytest.raises(DataError, match="not there"):
        moved.encode([OTHER])


def test_in_other_processes_and_copies(encoder_folder: Folder, tmp_path: Path) -> None:
    """Kept vectors are never copied: they go by their place."""
    again = cached(build(encoder_folder("bert")), tmp_path / "x")
    expected = run(again, TRAIN)
    assert len(pickle.dumps(again.features)) < 500
    assert copy.deepcopy(again).features is again.features
    assert torch.equal(run(pickle.loads(pickle.dumps(again)), TRAIN), expected)
    halved = copy.deepcopy(again).to(torch.bfloat16)  # as a predictor does
    assert torch.equal(run(halved, TRAIN), expected)


def test_format(encoder_folder: Folder, tmp_path: Path) -> None:
    again = cached(build(encoder_folder("bert")), tmp_path / "made")
    expected = run(again, TRAIN)
    (tmp_path / "kept").mkdir()
    EncodedCorpusFormat().write(again.features, tmp_path / "kept")
    shutil.rmtree(tmp_path / "made")
    read = EncodedCorpusFormat().read(tmp_path / "kept")
    assert np.array_equal(read.vectors, again.features.vectors)  # of files that are gone
    assert not any(path.suffix in (".pkl", ".pt") for path in read.folder.rglob("*"))
    assert torch.equal(run(CachedFeatures(read).eval(), TRAIN), expected)


def test_damage(encoder_folder: Folder, tmp_path: Path) -> None:
    folder = cached(build(encoder_folder("bert")), tmp_path / "x").features.folder
    vectors = folder / "vectors.bin"
    vectors.write_bytes(vectors.read_bytes()[:-1])
    with pytest.raises(DataError, match="bytes instead of"):
        EncodedCorpus(folder).vectors  # noqa: B018
    (folder / "index.safetensors").write_bytes(b"x")
    with pytest.raises(DataError, match=r"index\.safetensors.*damaged"):
        EncodedCorpus(folder).find(b"")
    (folder / "info.json").write_text(json.dumps({"kind": "shopping list"}))
    with pytest.raises(DataError, match="not the description"):
        EncodedCorpus(folder)
    with pytest.raises(DataError, match="no encoded corpus here"):
        EncodedCorpus(tmp_path)


def test_encoders_that_cannot_be_kept(encoder_folder: Folder, tmp_path: Path) -> None:
    folder = encoder_folder("bert")
    for encoder, message in (
        (build(folder, frozen=False), "set frozen to true"),
        (build(folder, layers="mix", pooling="max"), "choose another pooling"),
        (_Letters(), "only the vectors of a transformer can be kept, found _Letters"),
    ):
        with pytest.raises(ConfigurationError, match=message):
            encode_corpus(encoder, CORPUS, tmp_path / "x")
    with pytest.raises(ConfigurationError, match="token_budget must be at least 1"):
        Encoding(token_budget=0)


class _Letters(Encoder):
    """No transformer."""

    def encode(self, sentences: Any) -> list[Any]:
        raise NotImplementedError

    def collate(self, features: Any) -> Any:
        raise NotImplementedError

    def forward(self, batch: Any) -> Tensor:
        raise NotImplementedError

    def archived_params(self, folder: Path) -> dict[str, Any]:
        raise NotImplementedError
