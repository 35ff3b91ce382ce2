"""Training on several corpora at once, each with gold for some of a model's tasks.

An epoch is one pass over the main corpus, whatever stands beside it: arms with and without further
corpora see its sentences equally often. Of the others an epoch takes as many sentences as their
ratio says, in shuffled passes that go on from epoch to epoch. What an epoch takes is a pure
function of the seed and its number, as all else in training.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tango_ie.core.errors import ConfigurationError
from tango_ie.core.reading import near_matches
from tango_ie.data.annotations import Sentence
from tango_ie.data.corpus import Corpus
from tango_ie.data.schema import Schema
from tango_ie.models.base import SeveralLayers

ENTITIES = "entities"
_SEED_RANGE = 2**63


@dataclass(frozen=True)
class FurtherCorpus:
    """A corpus that is trained on beside the main one.

    Args:
        corpus: with the split.
        layers: what it has gold for: ``entities``, or layers of word tags. Everything else in it is
            left alone, and where it says nothing about a task, it does not count as its gold.
        split: trained on.
        ratio: of its sentences to those of the main corpus in an epoch, above 0; ``None``: by the
            temperature.

    Raises:
        ConfigurationError: a layer that is not there, or a ratio out of range.
    """

    corpus: Corpus
    layers: tuple[str, ...]
    split: str = "train"
    ratio: float | None = None

    def __post_init__(self) -> None:
        if self.ratio is not None and not 0 < self.ratio < float("inf"):
            raise ConfigurationError(f"must be more than 0, found {self.ratio}", "ratio")
        check_layers(self.layers, self.corpus.schema)

    @property
    def schema(self) -> Schema:
        """The labels of its layers alone."""
        schema = self.corpus.schema
        layers = {layer: tags for layer, tags in schema.tag_layers.items() if layer in self.layers}
        types = schema.entity_types if ENTITIES in self.layers else ()
        names = {label: name for label, name in schema.names.items() if label in types}
        return Schema(types, (), layers, names)

    def sentences(self) -> list[Sentence]:
        """Its sentences, with nothing but its layers."""
        return [
            replace(
                sentence,
                entities=sentence.entities if ENTITIES in self.layers else (),
                relations=(),
                tags={name: tags for name, tags in sentence.tags.items() if name in self.layers},
            )
            for sentence in self.corpus[self.split].sentences()
        ]


@dataclass(frozen=True)
class Part:
    """Sentences that are trained on.

    Args:
        layers: what they have gold for; ``None`` for all that they have.
        ratio: to the sentences of the first part, in an epoch.
    """

    sentences: Sequence[Sentence]
    layers: tuple[str, ...] | None = None
    ratio: float = 1.0


@dataclass(frozen=True)
class Mixture:
    """Which sentences an epoch takes of several parts that lie one behind the other.

    Args:
        sizes: sentences of each part; of the first, an epoch takes all.
        drawn: how many an epoch takes of each.

    >>> mixture = Mixture((2, 4), (2, 3))
    >>> first, second = mixture.indices(0, 0), mixture.indices(0, 1)
    >>> first[:2], sorted({*first[2:], *second[2:]})
    ([0, 1], [2, 3, 4, 5])
    """

    sizes: tuple[int, ...]
    drawn: tuple[int, ...]

    @classmethod
    def of(cls, parts: Sequence[Part]) -> Mixture:
        """The mixture of parts; each that has sentences is drawn from at least once."""
        sizes = tuple(len(part.sentences) for part in parts)
        drawn = [max(round(part.ratio * sizes[0]), 1) for part in parts[1:]]
        return cls(sizes, (sizes[0], *drawn))

    def indices(self, seed: int, epoch: int) -> list[int]:
        """The sentences of an epoch, those of the first part in front; some may occur twice."""
        taken = list(range(self.sizes[0]))
        start = self.sizes[0]
        for part in range(1, len(self.sizes)):
            size, number = self.sizes[part], self.drawn[part]
            begin, end = epoch * number, (epoch + 1) * number
            passes = [
                np.random.default_rng((seed % _SEED_RANGE, part, turn)).permutation(size)
                for turn in range(begin // size, -(-end // size))
            ]
            offset = begin // size * size
            taken += (start + np.concatenate(passes)[begin - offset : end - offset]).tolist()
            start += size
        return taken


def encode_parts(model: Any, parts: Sequence[Part]) -> list[Any]:
    """The features of all parts, one behind the other.

    Raises:
        ConfigurationError: parts that have gold for some layers only, and a model that cannot
            leave out others.
    """
    if all(part.layers is None for part in parts):
        return [item for part in parts for item in model.encode(part.sentences)]
    if not isinstance(model, SeveralLayers):
        raise ConfigurationError(
            f"{type(model).__name__} learns everything from every sentence; a corpus with gold for "
            "some layers only needs a model of several tasks, such as tango_ie::multitask_tagger"
        )
    return [item for part in parts for item in model.encode(part.sentences, layers=part.layers)]


def check_layers(layers: Sequence[str], schema: Schema) -> None:
    """Refuse layers that a corpus does not have.

    Raises:
        ConfigurationError: names the layer.
    """
    known = [*([ENTITIES] if schema.entity_types else []), *schema.tag_layers]
    for layer in layers:
        if layer not in known:
            raise ConfigurationError(
                f"the corpus has no layer {layer!r}; {near_matches(layer, known)}", "layers"
            )
    if not layers:
        raise ConfigurationError("name at least one", "layers")


def ratio_by_temperature(size: int, main_size: int, temperature: float) -> float:
    """``(size / main_size) ** (1 / temperature)``: at 1 all sentences in every epoch, above less.

    >>> ratio_by_temperature(900, 100, 1.0), ratio_by_temperature(900, 100, 2.0)
    (9.0, 3.0)
    """
    return float((size / max(main_size, 1)) ** (1.0 / temperature))
