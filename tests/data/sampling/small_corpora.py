"""Small corpora for the tests of sampling, in a notation of one string a sentence."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import strategies as st

from tango_ie.data.annotations import Entity, Sentence
from tango_ie.data.corpus import Corpus
from tests.data.generated import sentences

several_sentences = st.lists(sentences(), min_size=1, max_size=12)
seeds = st.integers(0, 2**32)


def sentence(text: str, doc_id: str | None = None) -> Sentence:
    """``"Ada/PER sings"``: words with the types of one-word entities."""
    pairs = [word.partition("/") for word in text.split()]
    entities = [Entity(label, i, i + 1) for i, (_, _, label) in enumerate(pairs) if label]
    return Sentence(tuple(word for word, _, _ in pairs), tuple(entities), doc_id=doc_id)


def corpus_of(**splits: Iterable[str]) -> Corpus:
    return Corpus.from_sentences(
        {name: [sentence(text) for text in texts] for name, texts in splits.items()}
    )


def texts(corpus: Corpus, split: str = "train") -> list[str]:
    return [" ".join(item.words) for item in corpus[split]]


def without_places(corpus: Corpus, split: str = "train") -> list[str]:
    """What a split holds, sorted, without the places at which it stood in a file."""
    return sorted(
        repr((item.words, item.entities, item.relations, item.tags)) for item in corpus[split]
    )


def last_operation(corpus: Corpus) -> dict:
    operation: dict = corpus.origin["operations"][-1]
    return operation
