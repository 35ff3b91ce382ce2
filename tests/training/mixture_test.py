"""Several corpora in one training: what an epoch takes, and what of it counts."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.annotations import Entity, Relation, Sentence
from tango_ie.data.corpus import Corpus
from tango_ie.training.finetuning import TrainingData
from tango_ie.training.mixture import FurtherCorpus, Mixture, Part, encode_parts
from tests.training.tiny_model import SCHEMA, TinyTagger, make_sentences

SENTENCE = Sentence(
    ("Ada", "and", "Ben"),
    (Entity("PER", 0, 1), Entity("PER", 2, 3)),
    (Relation("KNOWS", 0, 1),),
    {"pos": ("NNP", "CC", "NNP"), "chunk": ("B", "I", "I")},
)
CORPUS = Corpus.from_sentences({"train": [SENTENCE] * 3, "more": [SENTENCE]}, {"PER": "human"})


@given(
    main=st.integers(1, 30),
    sizes=st.lists(st.integers(1, 20), min_size=1, max_size=3),
    ratio=st.floats(0.01, 5),
    seed=st.integers(0, 99),
)
def test_what_epochs_take(main: int, sizes: list[int], ratio: float, seed: int) -> None:
    parts = [Part([SENTENCE] * size, ratio=ratio) for size in (main, *sizes)]
    mixture = Mixture.of(parts)
    assert mixture.drawn[1:] == (max(round(ratio * main), 1),) * len(sizes)
    seen: Counter[int] = Counter()
    for epoch in range(5):
        taken = mixture.indices(seed, epoch)
        assert taken == mixture.indices(seed, epoch), "a pure function"
        assert taken[:main] == list(range(main)) and len(taken) == sum(mixture.drawn)
        seen.update(taken)
    start = main
    for size in sizes:
        counts = [seen[index] for index in range(start, start + size)]
        assert max(counts) - min(counts) <= 1, "nothing twice before everything once"
        assert sum(counts) == 5 * mixture.drawn[1]
        start += size


def test_seeds_and_epochs_differ() -> None:
    mixture = Mixture((1, 50), (1, 50))
    draws = [tuple(mixture.indices(*place)) for place in ((0, 0), (0, 1), (1, 0))]
    assert len(set(draws)) == 3


def test_only_the_layers_that_were_named() -> None:
    further = FurtherCorpus(CORPUS, ("pos",))
    assert further.sentences() == [Sentence(SENTENCE.words, tags={"pos": ("NNP", "CC", "NNP")})] * 3
    schema = further.schema
    assert (schema.entity_types, schema.relation_types, schema.names) == ((), (), {})
    assert schema.tag_layers == {"pos": ("CC", "NNP")}
    both = FurtherCorpus(CORPUS, ("entities", "chunk"), split="more")
    assert both.schema.entity_types == ("PER",) and both.schema.names == {"PER": "human"}
    assert both.sentences()[0].entities == SENTENCE.entities


def test_shares_by_temperature() -> None:
    main = Corpus.from_sentences({"train": [SENTENCE] * 12})

    def ratios(temperature: float) -> list[float]:
        further = {
            "b": FurtherCorpus(CORPUS, ("pos",), ratio=0.5),
            "a": FurtherCorpus(CORPUS, ("pos",)),
        }
        data = TrainingData(main, further=further, temperature=temperature)
        assert "temperature" in data.describe() and list(data.describe()["further"]) == ["a", "b"]
        return [part.ratio for part in data.parts(12)]

    assert ratios(1.0) == [0.25, 0.5]
    assert ratios(2.0) == [0.5, 0.5]
    assert ratios(1e9)[0] == pytest.approx(1.0)


def test_models_that_cannot_leave_out_layers() -> None:
    sentences = make_sentences(2)
    model = TinyTagger(SCHEMA)
    assert len(encode_parts(model, [Part(sentences), Part(sentences)])) == 4
    with pytest.raises(ConfigurationError, match=r"TinyTagger learns everything.*multitask_tagger"):
        encode_parts(model, [Part(sentences), Part(sentences, ("pos",))])


def test_bad_arguments(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"no layer 'pso'; did you mean 'pos'"):
        FurtherCorpus(CORPUS, ("pso",))
    with pytest.raises(ConfigurationError, match="layers: name at least one"):
        FurtherCorpus(CORPUS, ())
    with pytest.raises(ConfigurationError, match="ratio: must be more than 0"):
        FurtherCorpus(CORPUS, ("pos",), ratio=0)
    with pytest.raises(ConfigurationError, match="temperature: must be more than 0"):
        TrainingData(CORPUS, temperature=0)
    with pytest.raises(ConfigurationError, match="no layer 'deprel'"):
        TrainingData(CORPUS, layers=("deprel",))
