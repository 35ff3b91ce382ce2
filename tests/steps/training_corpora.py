"""Two small corpora whose entities a model can learn from the letters of the words."""

from __future__ import annotations

import random
from pathlib import Path

from tango_ie.data.annotations import Entity, Sentence
from tango_ie.data.corpus import Corpus

_PARTS = {"PER": "aeiou", "LOC": "xyz", "ORG": "kq", None: "bcdfg"}


def make_corpus(labels: tuple[str, ...], sizes: dict[str, int], seed: int = 0) -> Corpus:
    """Sentences of words of few letters; some letters make an entity of a label."""
    generator = random.Random(seed)
    return Corpus.from_sentences(
        {
            split: [_sentence(labels, generator, index) for index in range(size)]
            for split, size in sizes.items()
        }
    )


def save_corpus(folder: Path, corpus: Corpus) -> str:
    corpus.save(folder)
    return str(folder)


def _sentence(labels: tuple[str, ...], generator: random.Random, index: int) -> Sentence:
    kinds = [generator.choice([*labels, None, None]) for _ in range(generator.randint(1, 7))]
    words = tuple("".join(generator.choices(_PARTS[kind], k=2)) for kind in kinds)
    entities = tuple(Entity(kind, i, i + 1) for i, kind in enumerate(kinds) if kind is not None)
    return Sentence(words, entities, doc_id=f"d{index // 5}", position=index % 5)
