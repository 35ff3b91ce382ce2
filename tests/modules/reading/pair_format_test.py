"""Rows of two texts, as tokenizers write them."""

from __future__ import annotations

from pathlib import Path

import pytest
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import AutoTokenizer, PreTrainedTokenizerFast

from tango_ie.modules.encoders.tokenisation import WordTokenizer
from tango_ie.modules.reading.pair_format import PairFormat, QueryTable


def roberta() -> WordTokenizer:
    vocabulary = {"<s>": 0, "<pad>": 1, "</s>": 2, "<unk>": 3, "a": 4, "b": 5}
    backend = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    backend.pre_tokenizer = pre_tokenizers.Whitespace()
    backend.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), False, False)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=backend, pad_token="<pad>", unk_token="<unk>"
    )
    return WordTokenizer(tokenizer)


def test_bert(tiny_encoder: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(tiny_encoder)
    found = PairFormat.of(WordTokenizer(tokenizer))
    cls, sep = tokenizer.cls_token_id, tokenizer.sep_token_id
    assert found == PairFormat((cls,), (sep,), (sep,), (0, 1), tokenizer.pad_token_id)
    assert found.num_special == 3


def test_roberta_has_two_separators_and_one_segment() -> None:
    assert PairFormat.of(roberta()) == PairFormat((0,), (2, 2), (2,), (0, 0), 1)


@pytest.mark.parametrize("queries", [["a b", "b", "a"], [" a\tb "]])
def test_first_parts(queries: list[str]) -> None:
    tokenizer = roberta()
    table = QueryTable.of(queries, tokenizer, PairFormat.of(tokenizer))
    known = {"a": 4, "b": 5}
    for place, query in enumerate(queries):
        expected = [0, *(known[word] for word in query.split()), 2, 2]
        assert table.sizes[place] == len(expected)
        row = table.ids[place].tolist()
        assert row == expected + [0] * (len(row) - len(expected))
