"""A sentence and all queries as one sequence, for ablations in which types depend on each other.

Legend: B batch, T words, R rows of sub-words, S sub-words per row, Q queries, K tokens of a query,
W windows of a sentence, H hidden.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from tango_ie.modules.encoders.subwords import SubwordBatch
from tango_ie.modules.encoders.transformer import TransformerEncoder
from tango_ie.modules.queries.attention import attending, read
from tango_ie.modules.queries.backbone import gates_over, positional, positions_of, word_vectors
from tango_ie.modules.queries.reader import QueryReader
from tango_ie.modules.queries.sentence_rows import SentenceRows, to_words
from tango_ie.modules.queries.settings import Attention
from tango_ie.modules.queries.type_queries import TypeQueries


def read_together(
    reader: QueryReader,
    encoder: TransformerEncoder,
    batch: SubwordBatch,
    rows: SentenceRows,
    queries: TypeQueries,
) -> tuple[Tensor, Tensor]:
    """Sentences and all queries as one sequence, under a mask of its square.

    For the ablations. With segmented attention the result is that of the other way, which is
    how that is tested.

    Shapes:
        returns words (B, T, H), states of queries (B, Q, H)
    """
    transformer = encoder.transformer
    ids, mask = queries.part(0, len(queries))
    mask = reader.with_prompt(mask)
    vectors = reader.vectors(encoder, ids)  # (Q, K, E)
    num_queries, size = vectors.shape[:2]
    num_rows, width = batch.input_ids.shape
    real = batch.attention_mask.bool()  # (R, S)
    layout = _Layout(real, num_queries, size, mask)
    sentence = word_vectors(transformer)(batch.input_ids)  # (R, S, E)
    asked = vectors.flatten(0, 1).expand(num_rows, -1, -1)  # (R, Q * K, E)
    places = positions_of(max(width, size), ids.device)[0]
    positions = torch.cat([places[:width], places[:size].repeat(num_queries)]).unsqueeze(0)
    segments = torch.zeros_like(positions)
    segments[:, width:] = 1
    words = nn.functional.pad(encoder.context_words(batch.attention_mask), (0, num_queries * size))
    with gates_over(encoder, words), attending(transformer, read):
        output: Any = transformer(
            inputs_embeds=torch.cat([sentence, asked], dim=1),
            attention_mask=layout.mask(reader.settings.attention),
            **{
                name: value.expand(num_rows, -1)
                for name, value in positional(transformer, positions, segments).items()
            },
        )
    hidden: Tensor = output.last_hidden_state  # (R, S + Q * K, H)
    asked = hidden[:, width:].unflatten(1, (num_queries, size))  # (R, Q, K, H)
    states = asked[:, :, reader.settings.place].float()
    weights = rows.exists / rows.exists.sum(1, keepdim=True)  # (B, W)
    found = (states[rows.rows] * weights[:, :, None, None]).sum(1)  # (B, Q, H)
    return to_words(hidden[:, :width], batch, encoder), found


@dataclass(frozen=True)
class _Layout:
    """A sentence and all queries in a row, and what may read what.

    Shapes:
        real (R, S) bool: of sentences; own (Q, K) bool: of queries
    """

    real: Tensor
    num_queries: int
    size: int
    own: Tensor | None

    def mask(self, attention: Attention) -> Tensor:
        """Shape (R, 1, S + Q K, S + Q K) bool: column may be read by row."""
        device = self.real.device
        width = self.real.size(1)
        owners = torch.arange(self.num_queries, device=device).repeat_interleave(self.size)
        owners = torch.cat([owners.new_full((width,), -1), owners])  # the sentence is −1
        if self.own is None:
            asked = self.real.new_ones(self.num_queries * self.size)
        else:
            asked = self.own.flatten()
        exists = torch.cat([self.real, asked.expand(len(self.real), -1)], dim=1)
        if attention == "vanilla":
            allowed = torch.ones_like(owners, dtype=torch.bool).expand(len(owners), -1)
        else:
            of_sentence = owners == -1
            allowed = (owners[:, None] == owners) | of_sentence
            if attention == "context_reads":
                allowed = allowed | of_sentence[:, None]
        return allowed & exists[:, None, None]
