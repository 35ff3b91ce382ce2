"""A tagger of a few hundred weights, and sentences that it can learn, for tests of training."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor, nn

from tango_ie.data.annotations import Annotations, Entity, Sentence
from tango_ie.data.schema import Schema
from tango_ie.models.base import Model, Output

VOCABULARY = 61
IGNORED = -100
SCHEMA = Schema(entity_types=("LOC", "PER"))


@dataclass
class TinyFeatures:
    """Word and tag ids of one sentence."""

    word_ids: np.ndarray
    tag_ids: np.ndarray

    @property
    def cost(self) -> int:
        return len(self.word_ids)


@dataclass
class TinyBatch:
    """Padded ids; 0 is padding."""

    word_ids: Tensor  # (B, T)
    tag_ids: Tensor  # (B, T)

    def to(self, device: torch.device, non_blocking: bool = False) -> TinyBatch:
        return TinyBatch(*(t.to(device, non_blocking=non_blocking) for t in vars(self).values()))


@dataclass
class TinyOutput(Output):
    """Scores of tags."""

    logits: Tensor | None = None  # (B, T, L)


class TinyTagger(Model):
    """Embedding, batch statistics in a buffer, a hidden layer, dropout, one tag per word."""

    def __init__(self, schema: Schema, dropout: float = 0.3, size: int = 8) -> None:
        super().__init__(schema)
        labels = len(schema.entity_types) + 1
        self.embedding = nn.Embedding(VOCABULARY, size, padding_idx=0)
        self.encoder = nn.Sequential(nn.Linear(size, size), nn.Tanh(), nn.LayerNorm(size))
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(size, labels)
        self.unused = nn.Linear(2, 2)
        self.register_buffer("steps_seen", torch.zeros((), dtype=torch.int64))

    def encode(self, sentences: Sequence[Sentence], with_gold: bool = True) -> list[TinyFeatures]:
        return [self._encode(sentence, with_gold) for sentence in sentences]

    def _encode(self, sentence: Sentence, with_gold: bool) -> TinyFeatures:
        ids = [zlib.crc32(word.encode()) % (VOCABULARY - 1) + 1 for word in sentence.words]
        tags = np.zeros(len(ids), dtype=np.int64)
        for entity in sentence.entities if with_gold else ():
            tags[entity.start : entity.end] = self.schema.entity_types.index(entity.label) + 1
        return TinyFeatures(np.array(ids, dtype=np.int64), tags)

    def collate(self, features: Sequence[TinyFeatures]) -> TinyBatch:
        longest = max(item.cost for item in features)
        word_ids = np.zeros((len(features), longest), dtype=np.int64)
        tag_ids = np.full((len(features), longest), IGNORED, dtype=np.int64)
        for row, item in enumerate(features):
            word_ids[row, : item.cost] = item.word_ids
            tag_ids[row, : item.cost] = item.tag_ids
        return TinyBatch(torch.from_numpy(word_ids), torch.from_numpy(tag_ids))

    def forward(self, batch: TinyBatch) -> TinyOutput:
        if self.training:
            self.steps_seen += 1
        hidden = self.dropout(self.encoder(self.embedding(batch.word_ids)))  # (B, T, H)
        logits = self.head(hidden)  # (B, T, L)
        loss = nn.functional.cross_entropy(
            logits.flatten(0, 1).float(), batch.tag_ids.flatten(), reduction="sum"
        )
        return TinyOutput(loss, (batch.tag_ids != IGNORED).sum(), logits)

    def decode(self, batch: TinyBatch, output: TinyOutput) -> list[Annotations]:
        assert output.logits is not None
        rows = output.logits.argmax(-1).tolist()
        types = self.schema.entity_types
        return [
            Annotations(tuple(Entity(types[t - 1], i, i + 1) for i, t in enumerate(row) if t))
            for row in rows
        ]

    def adapt(self, schema: Schema) -> None:
        self.schema = schema
        self.head = nn.Linear(self.head.in_features, len(schema.entity_types) + 1)


def make_sentences(count: int, seed: int = 0) -> list[Sentence]:
    """Sentences in which a word says whether it is an entity."""
    generator = np.random.default_rng(seed)
    sentences = []
    for index in range(count):
        kinds = generator.choice(4, size=int(generator.integers(2, 12)))
        words = tuple(
            f"{'abPL'[kind]}{number}"
            for kind, number in zip(kinds, generator.integers(0, 9, len(kinds)), strict=True)
        )
        entities = tuple(
            Entity("PER" if kind == 2 else "LOC", i, i + 1)
            for i, kind in enumerate(kinds)
            if kind >= 2
        )
        sentences.append(Sentence(words, entities, doc_id=f"d{index // 4}", position=index % 4))
    return sentences


class TinyEvaluation:
    """Share of words with the right tag."""

    metrics: Mapping[str, Literal["max", "min"]] = {"accuracy": "max", "error": "min"}

    def __init__(self, sentences: Sequence[Sentence]) -> None:
        self.sentences = list(sentences)

    def __call__(self, model: Any) -> dict[str, float]:
        torch.rand(7)  # evaluation may draw numbers; training must not notice
        batch = model.collate(model.encode(self.sentences))
        device = next(model.parameters()).device
        with torch.inference_mode():
            output = model(batch.to(device))
        real = batch.tag_ids != IGNORED
        right = (output.logits.argmax(-1).cpu() == batch.tag_ids)[real]
        return {"accuracy": float(right.float().mean()), "error": float(1 - right.float().mean())}


def untagged(sentence: Sentence) -> Sentence:
    """The same words without annotations."""
    return replace(sentence, entities=())
