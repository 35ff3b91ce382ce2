from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.annotations import Sentence
from tango_ie.data.corpus import Corpus
from tango_ie.data.sampling import hold_out
from tests.data.generated import sentences
from tests.data.sampling.small_corpora import corpus_of, seeds, texts, without_places


@settings(max_examples=30)
@given(given=st.lists(sentences(), min_size=4, max_size=12), seed=seeds)
def test_nothing_is_lost(given: list[Sentence], seed: int) -> None:
    corpus = Corpus.from_sentences({"train": given, "test": given[:1]})
    parted = hold_out(corpus, 0.25, seed)
    assert list(parted) == ["train", "dev", "test"]
    assert len(parted["dev"]) == round(0.25 * len(given))
    both = Counter(without_places(parted)) + Counter(without_places(parted, "dev"))
    assert both == Counter(without_places(corpus))
    assert parted["test"].sentences() == given[:1]


def test_impossible_parts() -> None:
    corpus = corpus_of(train=["a", "b"], test=["c"])
    assert sorted(texts(hold_out(corpus, 0.5, into="held"), "held")) != []
    with pytest.raises(ConfigurationError, match="into: the corpus has a split 'test' already"):
        hold_out(corpus, 0.5, into="test")
    with pytest.raises(ConfigurationError, match="leaves one part empty"):
        hold_out(corpus, 0.01)
    with pytest.raises(ConfigurationError, match="share: must be above 0 and below 1"):
        hold_out(corpus, 1)
