"""PMEI as its equations stand on paper: one padded grid for all cells of a batch, all at once.

A second reference beside the library's model: other code, the same function. Written after the
paper and a description of what its authors' code computes; none of that code is in it.

Legend: B batch, T words of the longest sentence, H hidden, L tags, R relation types, E evidence
(L + R).
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

NOTHING = -1e11


class DenseBatch(NamedTuple):
    """Padded sentences.

    Shapes:
        words, pos, tags (B, T) int; lengths (B,) int; cells (G, 4) int: sentence, head, tail, type
    """

    words: Tensor
    pos: Tensor
    tags: Tensor
    lengths: Tensor
    cells: Tensor


class Gated(nn.Module):
    """A gated unit that resets its state before the matrix."""

    def __init__(self, evidence: int, size: int) -> None:
        super().__init__()
        self.gates = nn.Linear(size + evidence, 2 * size)
        self.candidate = nn.Linear(size + evidence, size)

    def forward(self, evidence: Tensor, state: Tensor) -> Tensor:
        update, reset = self.gates(torch.cat([state, evidence], -1)).sigmoid().chunk(2, -1)
        candidate = torch.tanh(self.candidate(torch.cat([reset * state, evidence], -1)))
        return (1 - update) * state + update * candidate


class Task(nn.Module):
    """From what the tasks share to what one of them reads."""

    def __init__(self, evidence: int, size: int) -> None:
        super().__init__()
        self.mean, self.deviation = Gated(evidence, size), Gated(evidence, size)
        self.prior_mean, self.prior_deviation = (
            nn.Sequential(nn.Linear(evidence, size), nn.Tanh(), nn.Linear(size, size))
            for _ in range(2)
        )

    def forward(self, evidence: Tensor, shared: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        mean = self.mean(evidence, shared)  # (B, T, H)
        variance = self.deviation(evidence, shared).square() + 1e-8
        fixed = evidence.detach()
        center = self.prior_mean(fixed)
        spread = self.prior_deviation(fixed).square() + 1e-8
        divergence = (
            spread.log()
            - variance.log()
            + variance / spread
            + (mean - center).square() / spread
            - 1
        )
        drawn = mean
        if self.training:
            drawn = mean + variance.sqrt() * torch.randn_like(mean)
        return drawn, 0.5 * (divergence.sum(-1) * mask).sum()


class Grid(nn.Module):
    """Probabilities of all relations between all words, a word and itself included."""

    def __init__(self, size: int, hidden: int, types: int) -> None:
        super().__init__()
        self.pair = nn.Linear(2 * size, hidden)
        self.label = nn.Linear(hidden, types)

    def forward(self, words: Tensor) -> Tensor:
        count = words.size(1)
        heads = words.unsqueeze(2).expand(-1, -1, count, -1)
        tails = words.unsqueeze(1).expand(-1, count, -1, -1)
        pairs = torch.cat([heads, tails], dim=-1)  # (B, T, T, 2 H)
        return torch.sigmoid(self.label(torch.relu(self.pair(pairs))))  # (B, T, T, R)


class DensePMEI(nn.Module):
    """The full model: early predictions of both tasks, gated cells, two Gaussians.

    Args:
        words: in the vocabulary; pos: parts of speech; tags: L; types: R.
    """

    def __init__(self, words: int, pos: int, tags: int, types: int, dropout: float) -> None:
        super().__init__()
        self.words, self.pos = nn.Embedding(words, 100), nn.Embedding(pos, 10)
        self.dropout = nn.Dropout(dropout)
        self.recurrent = nn.LSTM(110, 50, batch_first=True, bidirectional=True)
        self.early_tags, self.tags = nn.Linear(100, tags), nn.Linear(100, tags)
        self.early_grid, self.grid = Grid(100, 100, types), Grid(100, 100, types)
        self.entities, self.relations = Task(tags + types, 100), Task(tags + types, 100)

    def forward(self, batch: DenseBatch) -> Tensor:
        """The loss, a mean over sentences; in training mode tasks draw their vectors."""
        count = batch.words.size(1)
        real = torch.arange(count) < batch.lengths.unsqueeze(1)  # (B, T)
        cells = (real.unsqueeze(2) & real.unsqueeze(1)).unsqueeze(-1)  # (B, T, T, 1)
        embedded = self.dropout(torch.cat([self.words(batch.words), self.pos(batch.pos)], -1))
        packed = pack_padded_sequence(
            embedded, batch.lengths, batch_first=True, enforce_sorted=False
        )
        shared = pad_packed_sequence(self.recurrent(packed)[0], batch_first=True)[0]  # (B, T, H)
        tags = torch.log_softmax(self.early_tags(shared), -1)  # (B, T, L)
        table = self.early_grid(shared)  # (B, T, T, R)
        gold = torch.zeros_like(table)
        gold[batch.cells.unbind(1)] = 1
        highest = table.masked_fill(~cells, NOTHING).max(dim=2).values  # (B, T, R)
        evidence = torch.cat([tags.exp(), highest], -1)  # (B, T, E)
        loss = 1e-3 * (_of_tags(tags, batch.tags, real) + _of_cells(table, gold, cells))
        of_entities, divergence = self.entities(evidence, shared, real)
        loss = loss + 1e-6 * divergence
        of_relations, divergence = self.relations(evidence, shared, real)
        loss = loss + 1e-6 * divergence
        tags = torch.log_softmax(self.tags(of_entities), -1)
        table = self.grid(of_relations)
        loss = loss + _of_tags(tags, batch.tags, real) + _of_cells(table, gold, cells)
        return loss / len(batch.lengths)


def _of_tags(logs: Tensor, gold: Tensor, real: Tensor) -> Tensor:
    return -(logs.gather(-1, gold.unsqueeze(-1)).squeeze(-1) * real).sum()


def _of_cells(table: Tensor, gold: Tensor, cells: Tensor) -> Tensor:
    return (functional.binary_cross_entropy(table, gold, reduction="none") * cells).sum()
