"""Sub-words of many sentences at once are those of Hugging Face, sentence by sentence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from transformers import AutoTokenizer

from tango_ie.core.errors import ConfigurationError
from tango_ie.modules.encoders.tokenisation import WordTokenizer
from tests.modules.encoders.tiny_encoders import FAMILIES, SENTENCES


@pytest.mark.parametrize("family", FAMILIES)
def test_splits_as_hugging_face_does(family: str, encoder_folder: Callable[[str], Path]) -> None:
    folder = encoder_folder(family)
    ours = WordTokenizer(AutoTokenizer.from_pretrained(folder))
    theirs = AutoTokenizer.from_pretrained(folder)
    if family == "roberta":
        theirs.backend_tokenizer.pre_tokenizer.add_prefix_space = True
    for words, pieces in zip(SENTENCES, ours.split(SENTENCES), strict=True):
        encoding = theirs(words, is_split_into_words=True, truncation=False, padding=False)
        word_ids = encoding.word_ids()
        expected: list[int] = []
        for index in range(len(words)):
            own = [
                piece
                for piece, word in zip(encoding["input_ids"], word_ids, strict=True)
                if word == index
            ]
            expected.extend(own or [ours.unknown_id])
            assert pieces.sizes[index] == max(1, len(own))
        assert pieces.ids.tolist() == expected
        special = [
            piece
            for piece, word in zip(encoding["input_ids"], word_ids, strict=True)
            if word is None
        ]
        assert special == [*ours.prefix, *ours.suffix]


def test_a_word_that_vanishes_becomes_unknown(encoder_folder: Callable[[str], Path]) -> None:
    tokenizer = WordTokenizer(AutoTokenizer.from_pretrained(encoder_folder("bert")))
    (pieces,) = tokenizer.split([["the", "\u200b", "fox"]])
    assert len(pieces.sizes) == 3
    assert pieces.ids[pieces.sizes[0]] == tokenizer.tokenizer.unk_token_id


def test_bytes_are_split_alike_at_the_beginning_and_inside(
    encoder_folder: Callable[[str], Path],
) -> None:
    tokenizer = WordTokenizer(AutoTokenizer.from_pretrained(encoder_folder("roberta")))
    (pieces,) = tokenizer.split([["London", "London"]])
    half = len(pieces.ids) // 2
    assert pieces.ids[:half].tolist() == pieces.ids[half:].tolist()
    assert tokenizer.tokenizer.convert_ids_to_tokens(int(pieces.ids[0])).startswith("Ġ")


def test_no_sentences(encoder_folder: Callable[[str], Path]) -> None:
    tokenizer = WordTokenizer(AutoTokenizer.from_pretrained(encoder_folder("bert")))
    assert tokenizer.split([]) == []
    (pieces,) = tokenizer.split([[]])
    assert len(pieces.ids) == len(pieces.sizes) == 0


def test_slow_tokenizers_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="no fast version"):
        WordTokenizer(SimpleNamespace(is_fast=False))  # type: ignore[arg-type]
