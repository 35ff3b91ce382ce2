"""Document context, against rows of sub-words that are put together by hand."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.annotations import Sentence
from tango_ie.modules.encoders import Encoder, TransformerEncoder, open_archive
from tango_ie.modules.encoders.context import DocumentContext, find_continuity, plan_context
from tango_ie.modules.encoders.tokenisation import WordTokenizer
from tests.modules.encoders.tiny_encoders import FAMILIES

WORDS = ("the", "European", "Commission", "met", "in", "Brussels", "unbelievable", "London", ",")
Folder = Callable[[str], Path]

# Two documents with a gap in the first, one sentence of none, a document without places, a long one
SENTENCES = [
    Sentence(("Ada", "Lovelace", "wrote", "unbelievable", "notes"), doc_id="1", position=0),
    Sentence(("London",), doc_id="1", position=1),
    Sentence((), doc_id="1", position=2),
    Sentence(("the", "quick", "U.S.-based", "fox"), doc_id="1", position=3),
    Sentence(("hello", "world"), doc_id="1", position=5),
    Sentence(("Brussels", ",", "Friday"), doc_id="2", position=0),
    Sentence(("the", "engine"), doc_id="2", position=1),
    Sentence(("nothing",)),
    Sentence(("a", "dog"), doc_id="3"),
    Sentence(("the", "lazy", "dog", "jumps"), doc_id="3"),
    Sentence(WORDS * 3, doc_id="4", position=0),
    Sentence(("met",), doc_id="4", position=1),
]
RUNS = [(0, 4), (4, 5), (5, 7), (7, 8), (8, 10), (10, 12)]


def build(folder: Path, tokens: int, separator: bool = False, **params: Any) -> TransformerEncoder:
    context = {"tokens": tokens, "separator": separator}
    encoder = Encoder.from_params(
        {"type": "transformer", "model": str(folder), "context": context, **params}
    )
    assert isinstance(encoder, TransformerEncoder)
    return encoder.eval()


def run(encoder: TransformerEncoder, sentences: list[Sentence]) -> Tensor:
    with torch.no_grad():
        vectors: Tensor = encoder(encoder.collate(encoder.encode(sentences)))
    return vectors


def pieces_of(encoder: TransformerEncoder, sentences: list[Sentence]) -> list[list[int]]:
    split = encoder.tokenizer.split([sentence.words for sentence in sentences])
    return [pieces.ids.tolist() for pieces in split]


def expected_row(
    encoder: TransformerEncoder, index: int, tokens: int, separator: bool
) -> tuple[list[int], int]:
    """One row of ids, and where the sentence's own begin; only for sentences that fit."""
    tokenizer = encoder.tokenizer
    pieces = pieces_of(encoder, SENTENCES)
    start, stop = next(run for run in RUNS if run[0] <= index < run[1])
    before = [piece for other in pieces[start:index] for piece in other]
    after = [piece for other in pieces[index + 1 : stop] for piece in other]
    before, after = before[max(0, len(before) - tokens) :], after[:tokens]
    room = encoder.max_length - len(tokenizer.prefix) - len(tokenizer.suffix)
    room -= len(pieces[index]) + 2 * separator
    if not pieces[index]:
        room = 0
    while len(before) + len(after) > max(room, 0):
        # The longer side gives way, the left one if both are the same.
        if len(before) >= len(after):
            before = before[1:]
        else:
            after = after[:-1]
    mark = [tokenizer.tokenizer.sep_token_id] if separator else []
    left = [*before, *mark] if before else []
    right = [*mark, *after] if after else []
    row = [*tokenizer.prefix, *left, *pieces[index], *right, *tokenizer.suffix]
    return row, len(tokenizer.prefix) + len(left)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("separator", [False, True])
@pytest.mark.parametrize(("tokens", "max_length"), [(4, None), (1, None), (50, 40), (9, 15)])
def test_rows_and_vectors(
    family: str, separator: bool, tokens: int, max_length: int | None, encoder_folder: Folder
) -> None:
    encoder = build(encoder_folder(family), tokens, separator, max_length=max_length)
    features = encoder.encode(SENTENCES)
    batch = encoder.collate(features)
    vectors = run(encoder, SENTENCES)
    bare = build(encoder_folder(family), 0, max_length=max_length).encode(SENTENCES)
    row_number = 0
    for index, item in enumerate(features):
        rows = len(item.windows.starts)
        if rows > 1:  # it fills the window, so that there is no room for context
            assert np.array_equal(item.pieces, bare[index].pieces)
            assert item.left == item.right == 0 and item.cost == bare[index].cost
            row_number += rows
            continue
        expected, own = expected_row(encoder, index, tokens, separator)
        mask = batch.attention_mask[row_number].bool()
        assert batch.input_ids[row_number][mask].tolist() == expected
        assert item.cost == len(expected)
        with torch.no_grad():
            hidden = encoder.transformer(input_ids=torch.tensor([expected])).last_hidden_state[0]
        firsts = own + np.cumsum(item.word_sizes) - item.word_sizes
        assert torch.allclose(vectors[index, : len(firsts)], hidden[firsts], atol=1e-5)
        assert (vectors[index, len(firsts) :] == 0).all()
        row_number += rows
    assert row_number == len(batch.input_ids)


def test_every_pooling_takes_the_own_words_only(encoder_folder: Folder) -> None:
    reduce = {
        "last": lambda item: item[-1],
        "mean": lambda item: item.mean(0),
        "max": lambda item: item.max(0).values,
    }
    for pooling, pool in reduce.items():
        encoder = build(encoder_folder("bert"), 5, True, pooling=pooling)
        expected, own = expected_row(encoder, 3, 5, True)
        with torch.no_grad():
            hidden = encoder.transformer(input_ids=torch.tensor([expected])).last_hidden_state[0]
        sizes = encoder.encode(SENTENCES)[3].word_sizes.tolist()
        vectors = run(encoder, SENTENCES)[3]
        for place, size in enumerate(sizes):
            assert torch.allclose(vectors[place], pool(hidden[own : own + size]), atol=1e-5)
            own += size


@pytest.mark.parametrize("separator", [False, True])
def test_a_budget_of_zero_is_no_context(separator: bool, encoder_folder: Folder) -> None:
    plain = Encoder.from_params({"type": "transformer", "model": str(encoder_folder("bert"))})
    assert plain.reach == 0
    expected = run(plain.eval(), SENTENCES)
    assert torch.equal(run(build(encoder_folder("bert"), 0, separator), SENTENCES), expected)
    # Nor is there any for sentences that stand alone.
    alone = [sentence for sentence in SENTENCES if sentence.doc_id is None]
    assert torch.equal(run(build(encoder_folder("bert"), 9, True), alone), run(plain, alone))


def test_one_sentence_of_a_batch_is_the_same_in_another(encoder_folder: Folder) -> None:
    encoder = build(encoder_folder("bert"), 6)
    features = encoder.encode(SENTENCES)
    together = run(encoder, SENTENCES)
    for row, item in zip(together, features, strict=True):
        with torch.no_grad():
            alone = encoder(encoder.collate([item]))[0]
        assert torch.allclose(row[: item.num_words], alone, atol=1e-5)


def test_features_share_their_sub_words(encoder_folder: Folder) -> None:
    features = build(encoder_folder("bert"), 64).encode(SENTENCES)
    assert len({id(item.pieces.base) for item in features}) == 1
    base = features[0].pieces.base
    assert base is not None and sum(len(item.pieces) for item in features) > base.size


@given(
    st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=12),
    st.integers(0, 20),
    st.booleans(),
    st.integers(1, 40),
)
def test_the_plan(
    items: list[tuple[int, bool]], tokens: int, separator: bool, capacity: int
) -> None:
    counts = np.array([count for count, _ in items])
    continues = np.array([False, *(goes_on for _, goes_on in items[1:])])
    context = DocumentContext(tokens, separator)
    left, right = plan_context(counts, continues, context, capacity)
    for index, count in enumerate(counts):
        before = after = 0
        for other in range(index, 0, -1):
            if not continues[other]:
                break
            before += counts[other - 1]
        for other in range(index + 1, len(counts)):
            if not continues[other]:
                break
            after += counts[other]
        room = max(0, capacity - count - 2 * separator) if count else 0
        choices = [
            (first + second, -abs(first - second), second, first)
            for first in range(min(before, tokens) + 1)
            for second in range(min(after, tokens) + 1)
            if first + second <= room
        ]
        _, _, second, first = max(choices)
        assert (left[index], right[index]) == (first, second)


def test_continuity() -> None:
    continuity = find_continuity(SENTENCES)
    firsts = {start for start, _ in RUNS}
    assert continuity.continues.tolist() == [place not in firsts for place in range(12)]
    assert (continuity.without_document, continuity.after_gap) == (1, 1)
    assert find_continuity([]).continues.tolist() == []
    # A document of the same name that begins anew.
    twice = [Sentence(("a",), doc_id="1", position=0)] * 2
    assert find_continuity(twice).continues.tolist() == [False, False]


def test_what_lacks_context_is_said_once(
    encoder_folder: Folder, caplog: pytest.LogCaptureFixture
) -> None:
    encoder = build(encoder_folder("bert"), 4)
    with caplog.at_level(logging.WARNING):
        encoder.encode(SENTENCES[:4])
        assert not caplog.messages
        encoder.encode(SENTENCES)
        encoder.encode(SENTENCES)
    assert len(caplog.messages) == 2
    assert caplog.messages[0].startswith("1 of 12 sentences belong to no document")
    assert caplog.messages[1].startswith("1 of 12 sentences do not follow the one")


def test_archives_keep_the_setting(encoder_folder: Folder, tmp_path: Path) -> None:
    encoder = build(encoder_folder("bert"), 7, True)
    params = encoder.archived_params(tmp_path / "encoder")
    with open_archive(tmp_path):
        again = Encoder.from_params(params).eval()
    again.load_state_dict(encoder.state_dict())
    assert again.reach == 7
    assert torch.equal(run(again, SENTENCES), run(encoder, SENTENCES))


def test_settings_that_cannot_work(encoder_folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigurationError, match="tokens must be at least 0, found -1"):
        build(encoder_folder("bert"), -1)
    original = WordTokenizer.__init__

    def without_separator(self: WordTokenizer, tokenizer: Any) -> None:
        tokenizer.sep_token = None
        original(self, tokenizer)

    monkeypatch.setattr(WordTokenizer, "__init__", without_separator)
    with pytest.raises(ConfigurationError, match="has no separator token"):
        build(encoder_folder("bert"), 4, separator=True)
