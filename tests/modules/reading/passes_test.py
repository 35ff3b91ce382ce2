"""Rows of pairs, against rows that are put together one by one."""

from __future__ import annotations

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tango_ie.data.annotations import Sentence
from tango_ie.modules.encoders.subwords import Layout
from tango_ie.modules.reading.pair_format import PairFormat, QueryTable
from tango_ie.modules.reading.passes import all_pairs, passes
from tango_ie.modules.reading.sentence_rows import SentenceRows, split_sentences
from tests.modules.reading.pair_format_test import roberta

TOKENIZER = roberta()
FORMAT = PairFormat.of(TOKENIZER)
SENTENCES = st.lists(st.text("ab", max_size=12), min_size=1, max_size=5)
QUERIES = st.lists(st.text("ab", min_size=1, max_size=6), min_size=1, max_size=4)


@settings(max_examples=40)
@given(SENTENCES, QUERIES, st.integers(1, 200), st.data())
def test_all_rows(texts: list[str], names: list[str], budget: int, data: st.DataObject) -> None:
    # A word of "a"s and "b"s has a sub-word for each of them, as those of "a b" have.
    sentences = [Sentence(tuple(text)) for text in texts]
    features = split_sentences(sentences, TOKENIZER, capacity=5, overlap=2)
    rows = SentenceRows.of(features, Layout(5, (), FORMAT.after, FORMAT.pad_id, "all"))
    table = QueryTable.of([" ".join(name) for name in names], TOKENIZER, FORMAT)
    pairs = all_pairs(len(sentences), len(names))
    chosen = data.draw(st.lists(st.integers(0, len(pairs) - 1), min_size=1, unique=True))
    seen = []
    for one in passes(pairs[chosen], rows, table, FORMAT, budget):
        assert one.ids.shape == one.mask.shape
        longest = int((rows.sizes[one.sentences] + table.sizes[one.queries]).max())
        assert one.ids.size(1) == longest
        assert one.ids.numel() <= budget or len(one.sentences) == 1
        assert one.padded or bool(one.mask.all())
        row = 0
        for place, (sentence, query) in enumerate(
            zip(one.sentences.tolist(), one.queries.tolist(), strict=True)
        ):
            seen.append((sentence, query))
            windows = features[sentence].windows
            pieces = features[sentence].pieces.tolist()
            head = [int(i) for i in table.ids[query, : table.sizes[query]]]
            expected_cells = []
            owners = np.repeat(np.arange(len(windows.starts)), windows.owned)
            for number, start in enumerate(windows.starts.tolist()):
                own = pieces[start : start + 5]
                ids = [*head, *own, *FORMAT.after]
                size = len(ids)
                assert one.ids[row + number].tolist() == ids + [1] * (longest - size)
                assert one.mask[row + number].tolist() == [True] * size + [False] * (longest - size)
                marks = one.of_sentence[row + number].nonzero().squeeze(1).tolist()
                assert marks == list(range(len(head), len(head) + len(own)))
                second = one.second[row + number].nonzero().squeeze(1).tolist()
                assert second == list(range(len(head), size))
            for piece, owner in enumerate(owners.tolist()):
                column = len(head) + piece - int(windows.starts[owner])
                expected_cells.append((row + owner) * longest + column)
            words = one.word_mask[place]
            assert int(words.sum()) == len(sentences[sentence])
            assert one.first_cells[place][words].tolist() == expected_cells
            assert one.last_cells[place][words].tolist() == expected_cells
            row += len(windows.starts)
        assert row == len(one.ids)
    assert sorted(seen) == sorted((int(a), int(b)) for a, b in pairs[chosen])


def test_first_and_last_sub_words() -> None:
    # The tokenizer parts words at changes between letters and other signs.
    sentences = [Sentence(("a.b", "a", "b.")), Sentence(("b",))]
    features = split_sentences(sentences, TOKENIZER, capacity=20, overlap=2)
    assert features[0].word_sizes.tolist() == [3, 1, 2]
    rows = SentenceRows.of(features, Layout(20, (), FORMAT.after, FORMAT.pad_id, "all"))
    assert rows.first_cells.tolist() == [[0, 3, 4], [7, 0, 0]]
    assert rows.last_cells.tolist() == [[2, 3, 5], [7, 0, 0]]
    assert rows.counts.tolist() == [1, 1] and rows.sizes.tolist() == [7, 2]
    assert rows.num_words.tolist() == [3, 1]


def test_pairs_of_similar_length_share_a_pass() -> None:
    sentences = [Sentence(("a",) * size) for size in (1, 9, 2, 8)]
    features = split_sentences(sentences, TOKENIZER, capacity=20, overlap=2)
    rows = SentenceRows.of(features, Layout(20, (), FORMAT.after, FORMAT.pad_id, "all"))
    table = QueryTable.of(["a", "b b"], TOKENIZER, FORMAT)
    parts = list(passes(all_pairs(4, 2), rows, table, FORMAT, budget=60))
    assert [set(one.sentences.tolist()) for one in parts] == [{1, 3}, {0, 2}]
    assert torch.equal(parts[0].mask.sum(1), torch.tensor([15, 14, 14, 13]))
