"""The tags of a scheme as tensors: which sequences are legal, and which spans they mean.

Legend: B batch, T words, L tags, N spans.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from tango_ie.data.annotations import Entity
from tango_ie.data.schemes import TagScheme, allowed_transitions, entities_to_tags, tag_inventory
from tango_ie.modules import linear_chain
from tango_ie.modules.linear_chain import Chain, Spans


class TagSet(nn.Module):
    """Tags of entities, without weights; a module only so that it follows its model's device.

    Args:
        entity_types: labels of entities.
        scheme: ``iob2`` or ``bioes``.

    >>> tags = TagSet(["PER"], "iob2")
    >>> paths = torch.tensor([[1, 2, 1, 0]])
    >>> spans, labels = tags.spans(paths, paths >= 0)
    >>> spans.starts.tolist(), spans.ends.tolist(), labels.tolist()
    ([0, 2], [2, 3], [0, 0])
    """

    allowed_transitions: Tensor  # (L, L) bool
    allowed_starts: Tensor  # (L,) bool
    allowed_ends: Tensor  # (L,) bool
    joins: Tensor  # (L, L) bool: the second continues the entity of the first
    begins: Tensor  # (L,) bool
    labels: Tensor  # (L,) int, index of the entity type, -1 for O

    def __init__(self, entity_types: Sequence[str], scheme: TagScheme) -> None:
        super().__init__()
        self.entity_types = tuple(entity_types)
        self.scheme: TagScheme = scheme
        self.tags = tag_inventory(entity_types, scheme)
        self._ids = {tag: index for index, tag in enumerate(self.tags)}
        types = {label: index for index, label in enumerate(entity_types)}
        labels = torch.tensor([types.get(tag.partition("-")[2], -1) for tag in self.tags])
        transitions, starts, ends = map(torch.from_numpy, allowed_transitions(self.tags, scheme))
        # A tag that cannot begin a sentence needs an open entity before it: it continues one.
        for name, tensor in (
            ("allowed_transitions", transitions),
            ("allowed_starts", starts),
            ("allowed_ends", ends),
            ("joins", transitions & ~starts),
            ("begins", starts & (labels >= 0)),
            ("labels", labels),
        ):
            self.register_buffer(name, tensor, persistent=False)

    def __len__(self) -> int:
        return len(self.tags)

    @property
    def allowed(self) -> Chain:
        """What may follow what, begin and end."""
        return Chain(self.allowed_transitions, self.allowed_starts, self.allowed_ends)

    def ids(self, entities: Sequence[Entity], num_words: int) -> list[int]:
        """The tags of a sentence, by their ids.

        Raises:
            DataError: entities overlap.
        """
        return [self._ids[tag] for tag in entities_to_tags(entities, num_words, self.scheme)]

    def kept(self, old: TagSet) -> tuple[Tensor, Tensor]:
        """Tags that both sets have: their ids here and their ids in ``old``, (N,) each."""
        pairs = [(index, old._ids[tag]) for tag, index in self._ids.items() if tag in old._ids]
        here, there = torch.tensor(pairs, device=self.labels.device).unbind(1)
        return here, there

    def are_legal(self, paths: Tensor, mask: Tensor) -> Tensor:
        """Which labellings obey the scheme.

        Shapes:
            paths (B, T) int, mask (B, T) bool; returns (B,) bool
        """
        if paths.size(1) == 0:
            return mask.new_ones(len(mask))
        steps = self.allowed_transitions[paths[:, :-1], paths[:, 1:]] | ~mask[:, 1:]  # (B, T - 1)
        is_last = mask & ~_shifted(mask)  # (B, T)
        starts = self.allowed_starts[paths[:, 0]] | ~mask[:, 0]  # (B,)
        ends = (self.allowed_ends[paths] | ~is_last).all(1)  # (B,)
        return starts & steps.all(1) & ends

    def best_paths(self, logits: Tensor, mask: Tensor) -> Tensor:
        """The most probable legal labelling when words are independent.

        Only sentences whose per-word best tags are illegal go through Viterbi.

        Shapes:
            logits (B, T, L) float, mask (B, T) bool; returns (B, T) int, zeros as padding
        """
        if mask.numel() == 0:
            return mask.long()
        paths = logits.argmax(-1) * mask  # (B, T)
        broken = (~self.are_legal(paths, mask)).nonzero().squeeze(1)  # (B',)
        if len(broken):
            zeros = logits.new_zeros(len(self), len(self))
            chain = Chain(zeros, zeros[0], zeros[0]).constrain(self.allowed)
            lengths = mask[broken].sum(1)
            paths[broken] = linear_chain.best_paths(logits[broken], lengths, chain)[0]
        return paths

    def spans(self, paths: Tensor, mask: Tensor) -> tuple[Spans, Tensor]:
        """The entities that legal labellings mean, in reading order.

        Shapes:
            paths (B, T) int, mask (B, T) bool; returns spans of (N,), entity types (N,) int
        """
        joined = self.joins[paths, _shifted(paths)] & _shifted(mask)  # (B, T) goes on behind
        inside = (self.labels[paths] >= 0) & mask
        sentences, starts = (self.begins[paths] & mask).nonzero(as_tuple=True)
        ends = (inside & ~joined).nonzero(as_tuple=True)[1] + 1
        return Spans(sentences, starts, ends), self.labels[paths[sentences, starts]]

    def span_probabilities(
        self, logits: Tensor, mask: Tensor, paths: Tensor, spans: Spans
    ) -> Tensor:
        """Probability of spans on ``paths`` when words are independent.

        The product of the probabilities of their tags, and of the next tag not continuing them.

        Shapes:
            logits (B, T, L), mask (B, T), paths (B, T), spans of (N,); returns (N,)
        """
        if len(spans.starts) == 0:
            return logits.new_zeros(0)
        logs = logits.log_softmax(-1)  # (B, T, L)
        taken = logs.gather(2, paths.unsqueeze(2)).squeeze(2).double() * mask  # (B, T)
        reached = torch.nn.functional.pad(taken.cumsum(1), (1, 0))  # (B, T + 1)
        sentences, starts, ends = spans
        inner = (reached[sentences, ends] - reached[sentences, starts]).exp()  # (N,)
        behind = ends.clamp(max=paths.size(1) - 1)
        followed = (ends < paths.size(1)) & mask[sentences, behind]  # (N,)
        label = paths[sentences, ends - 1]
        onward = (logs[sentences, behind].exp() * self.joins[label]).sum(-1) * followed  # (N,)
        return (inner * (1 - onward)).clamp(0, 1).to(logits.dtype)


def _shifted(values: Tensor) -> Tensor:
    """Each word's right neighbour; zero or false behind the last. (B, T) → (B, T)"""
    return torch.nn.functional.pad(values[:, 1:], (0, 1))[:, : values.size(1)]
