"""For every subject, the spans of words that are its objects, by relation type.

Legend: W words of the batch, M subjects, P pairs, H hidden, K hidden of a pair, R relation types, G
true cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from tango_ie.core.errors import ConfigurationError
from tango_ie.modules.cascade.object_functions import (
    AllFalseLoss,
    ObjectPlan,
    ObjectWeights,
    object_parts,
)
from tango_ie.modules.cascade.settings import Fusion
from tango_ie.modules.cascade.span_layer import SpanLayer, kept_columns
from tango_ie.modules.cascade.span_pairing import find_spans
from tango_ie.modules.cascade.subjects import Subjects
from tango_ie.modules.pairs.pair_grid import MEGABYTE

_IN_CACHE = 8 * MEGABYTE
"""On a CPU slices that stay in its cache are faster, however much memory there is."""


class FoundObjects(NamedTuple):
    """Objects with their probabilities, given the subject.

    Shapes:
        subjects, firsts, lasts, labels (N,) int: words of the batch, both inside the object; scores
        (N,) float
    """

    subjects: Tensor
    firsts: Tensor
    lasts: Tensor
    labels: Tensor
    scores: Tensor


class ObjectTagger(nn.Module):
    """Score for each subject, word and relation type whether an object starts and ends there.

    Source: CasRel (Wei et al. 2020), equations 4 and 5, which are ``shared`` here. With h a word's
    vector and v the subject's, the probability that an object of r starts at the word is

    ==========  ===========================================
    ``shared``  σ(w_r · (h + v) + b_r)
    ``own``     σ(w_r · h + u_r · v + b_r)
    ``hidden``  σ(w_r · relu(W h + U v + c) + b_r)
    ==========  ===========================================

    Words and subjects meet in a sum only, so that each of these products is made once per word and
    once per subject, whatever the number of pairs. It is also what limits the first two:

    * ``shared``, where subjects are single words, gives a pair of words the same probability in
      both directions. (The authors' vectors are of sub-words, whose first and last differ.)
    * ``shared`` and ``own``: a subject adds the same number to all words. Where two subjects have
      objects by one type, those of one are among those of the other, or the model is wrong.

    Pairs are made in slices of whole subjects, in training too; only one slice exists at a time.
    One subject, at least, is in a slice. Everything is computed in float32 at least.

    Args:
        input_size: H.
        labels: relation types.
        fusion: how word and subject come together.
        size: K, of the hidden layer; ``None``: H.
        memory: of a slice with all that is computed from it, in megabytes.

    Raises:
        ConfigurationError: no relation types, or a number out of range.
    """

    def __init__(
        self,
        input_size: int,
        labels: Sequence[str],
        fusion: Fusion = "hidden",
        size: int | None = None,
        memory: float = 256,
    ) -> None:
        super().__init__()
        if not memory > 0:
            raise ConfigurationError(f"must be more than 0, found {memory}", "memory")
        self.memory = memory
        self.hidden: nn.Linear | None = None
        self.subjects: nn.Linear | None = None
        if fusion == "hidden":
            self.hidden = nn.Linear(input_size, size or input_size)
            self.subjects = nn.Linear(input_size, size or input_size, bias=False)
        elif fusion == "own":
            self.subjects = nn.Linear(input_size, 2 * len(labels), bias=False)
        self.labels = SpanLayer(self.hidden.out_features if self.hidden else input_size, labels)

    @property
    def names(self) -> tuple[str, ...]:
        """Relation types."""
        return self.labels.names

    def loss(
        self, words: Tensor, vectors: Tensor, subjects: Subjects, cells: Tensor, shares: Tensor
    ) -> Tensor:
        """Binary cross-entropy in sum over all cells, those of a subject times its share.

        Shapes:
            words (W, H), vectors (M, H): of subjects; cells (G, 3) int: the true ones, each once:
            subject, word, one of 2 R: starts, then ends; shares (M,); returns ()
        """
        weights = self._weights(words, vectors)
        all_false: Tensor = AllFalseLoss.apply(*weights, shares, self._plan(weights, subjects))
        owners, places, columns = cells.unbind(1)  # (G,) each
        if weights.labels is None or weights.bias is None:
            true = weights.words[places, columns] + weights.subjects[owners, columns]
        else:
            hidden = (weights.words[places] + weights.subjects[owners]).relu()  # (G, K)
            true = (hidden * weights.labels[columns]).sum(1) + weights.bias[columns]
        return all_false - true @ shares[owners]

    def find(
        self, words: Tensor, vectors: Tensor, subjects: Subjects, threshold: float
    ) -> FoundObjects:
        """Spans whose start and end are more probable than a threshold in (0, 1), by subject.

        Shapes:
            words (W, H), vectors (M, H)
        """
        weights = self._weights(words, vectors)
        found: list[tuple[Tensor, ...]] = []
        with torch.autocast(words.device.type, enabled=False):
            for place, _, logits in object_parts(weights, self._plan(weights, subjects)):
                firsts, lasts, labels, scores = find_spans(logits, place.subjects, threshold)
                ends = place.words[firsts], place.words[lasts]
                found.append((place.subjects[firsts], *ends, labels, scores))
        if not found:
            nothing = subjects.firsts.new_zeros(0)
            scores = weights.words.new_zeros(0)
            return FoundObjects(nothing, nothing, nothing, nothing, scores)
        return FoundObjects(*(torch.cat(column) for column in zip(*found, strict=True)))

    def adapted(self, labels: Sequence[str]) -> ObjectTagger:
        """A new tagger for other labels: kept ones keep their weights, new ones are new."""
        new = ObjectTagger(self.labels.in_features, labels, "shared", memory=self.memory)
        new.hidden, new.subjects = self.hidden, self.subjects
        new.labels = self.labels.adapted(labels)
        if self.hidden is None and self.subjects is not None:
            old = self.subjects.weight
            new.subjects = nn.Linear(old.size(1), 2 * len(labels), bias=False)
            new.subjects.to(old.device, old.dtype)
            here, there = kept_columns(new.names, self.names)
            with torch.no_grad():
                new.subjects.weight[here] = old[there]
        return new.train(self.training)

    def pairs_of_a_slice(self, device: torch.device, bytes_per_number: int = 4) -> int:
        """How many pairs the memory allows for."""
        memory = int(self.memory * MEGABYTE)
        if device.type == "cpu":
            memory = min(memory, _IN_CACHE)
        # Logits, what is computed from them, and their summands; mask of the hidden; places.
        hidden = 0 if self.hidden is None else self.hidden.out_features
        cells = self.labels.out_features
        pair = bytes_per_number * 3 * (hidden + cells) + hidden + 2 * cells + 4 * 8
        return max(memory // pair, 1)

    def _weights(self, words: Tensor, vectors: Tensor) -> ObjectWeights:
        first = self.labels if self.hidden is None else self.hidden
        second = first if self.subjects is None else self.subjects
        parts = (
            nn.functional.linear(words, first.weight, first.bias),
            nn.functional.linear(vectors, second.weight),
        )
        of_labels = () if self.hidden is None else (self.labels.weight, self.labels.bias)
        dtype = torch.promote_types(first.weight.dtype, torch.float32)
        wide = [part.to(dtype) for part in (*parts, *of_labels)]
        return ObjectWeights(*wide, *[None] * (4 - len(wide)))

    def _plan(self, weights: ObjectWeights, subjects: Subjects) -> ObjectPlan:
        pairs = self.pairs_of_a_slice(weights.words.device, weights.words.element_size())
        return ObjectPlan(subjects, pairs, torch.is_grad_enabled())
