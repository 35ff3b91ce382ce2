"""Reading a sentence once, and all queries beside it.

Legend: B batch, T words, R rows of sub-words, S sub-words per row, Q queries of a group, K tokens
of a query (prompt and name), E size of word vectors, H hidden.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from tango_ie.core.errors import ConfigurationError
from tango_ie.modules.encoders.subwords import SubwordBatch
from tango_ie.modules.encoders.transformer import TransformerEncoder
from tango_ie.modules.queries.attention import (
    KeepingKeys,
    Keys,
    ReadingContext,
    attending,
    read,
)
from tango_ie.modules.queries.backbone import (
    attention_of,
    embed,
    gates_of,
    gates_over,
    keys_of,
    layers_of,
    positions_of,
    run_layer,
    word_vectors,
)
from tango_ie.modules.queries.kept_states import KeptStates
from tango_ie.modules.queries.sentence_rows import SentenceRows, to_words
from tango_ie.modules.queries.settings import QueryReading
from tango_ie.modules.queries.type_queries import TypeQueries

if TYPE_CHECKING:
    from tango_ie.modules.tuning import Gates

_GROUP_TOKENS = {"cpu": 4096, "cuda": 65536}


@dataclass
class ReadContext:
    """A batch of sentences that has been read, and waits for queries.

    Shapes:
        words (B, T, H); first_rows (B,) int: the rows whose gates queries use
    """

    words: Tensor
    keys: Mapping[nn.Module, Keys]
    gates: Gates | None
    first_rows: Tensor


class QueryReader(nn.Module):
    """The query-parallel encoder: query-segmented attention on any transformer built like BERT.

    Source: QPMRC-NER (Zhang and Wang 2023), section 2.2. A query is a shared learned prompt and the
    type's name; positions begin anew in each, and the second segment is theirs. Sentences read
    themselves, queries themselves and the sentence. Here sentences are read first, by the encoder
    as it is, and the keys of its layers are kept; queries follow in groups of any size. In the last
    layer nothing but the state that stands for a query is computed.

    A sentence of several windows is read by its queries as a whole: all windows at once.

    Args:
        encoder: reads; it stays the caller's.
        settings: how.

    Raises:
        ConfigurationError: more layers are asked for than the encoder has.
    """

    def __init__(self, encoder: TransformerEncoder, settings: QueryReading) -> None:
        super().__init__()
        self.settings = settings
        self.layers = len(layers_of(encoder.transformer))
        self.depth = self.layers if settings.query_depth is None else settings.query_depth
        if self.depth > self.layers:
            raise ConfigurationError(
                f"the encoder has {self.layers} layers, found {self.depth}", "query_depth"
            )
        table = word_vectors(encoder.transformer).weight
        self.prompt = nn.Parameter(_first_prompt(table, settings)) if settings.prompt else None
        self._kept = KeptStates()

    @property
    def parallel(self) -> bool:
        """Whether types are independent of each other."""
        return self.settings.attention == "segmented"

    def read_context(
        self, encoder: TransformerEncoder, batch: SubwordBatch, rows: SentenceRows
    ) -> ReadContext:
        """Sentences, as the encoder reads them without any query.

        Shapes:
            returns words (B, T, H)
        """
        layers = layers_of(encoder.transformer)[self.layers - self.depth :]
        attention = KeepingKeys(frozenset(attention_of(layer) for layer in layers))
        with (
            torch.no_grad() if encoder.frozen else nullcontext(),
            gates_over(encoder, encoder.context_words(batch.attention_mask)) as gates,
            attending(encoder.transformer, attention),
        ):
            output: Any = encoder.transformer(
                input_ids=batch.input_ids,
                attention_mask=batch.attention_mask if batch.padded else None,
            )
        kept = attention.kept
        if not rows.single:
            kept = {key: keys.joined(rows.rows, rows.exists) for key, keys in kept.items()}
        words = to_words(output.last_hidden_state, batch, encoder)
        return ReadContext(words, kept, gates, rows.rows[:, 0])

    def read_queries(
        self, encoder: TransformerEncoder, context: ReadContext, queries: TypeQueries
    ) -> Iterator[tuple[int, int, Tensor]]:
        """The states of all queries, group by group.

        Shapes:
            yields the first query, the one behind the last, and states (B, Q, H)
        """
        batch = len(context.first_rows)
        states = self._lower_states(encoder, queries)  # (all queries, K, H)
        for first, last in self._groups(queries, batch, context.words.device):
            ids, mask = queries.part(first, last)
            hidden = states[first:last, : self.settings.prompt + ids.size(1)]  # (Q, K, H)
            arguments = encoder, context, hidden, self.with_prompt(mask)
            if self.settings.save_memory and torch.is_grad_enabled():
                yield first, last, checkpoint(self._upper_states, *arguments, use_reentrant=False)
            else:
                yield first, last, self._upper_states(*arguments)

    def _groups(
        self, queries: TypeQueries, batch: int, device: torch.device
    ) -> Iterator[tuple[int, int]]:
        """Neighbouring queries that make about as many tokens as are read at once."""
        tokens = self.settings.group_tokens or _GROUP_TOKENS.get(device.type, 4096)
        size = max(1, tokens // (max(1, batch) * (self.settings.prompt + queries.counts[-1])))
        for first in range(0, len(queries), size):
            yield first, min(first + size, len(queries))

    def _lower_states(self, encoder: TransformerEncoder, queries: TypeQueries) -> Tensor:
        """States of all queries below the layers that see the sentence, (all queries, K, H)."""

        def compute() -> Tensor:
            ids, mask = queries.part(0, len(queries))
            mask = self.with_prompt(mask)
            size = max(1, _GROUP_TOKENS["cpu"] // (self.settings.prompt + ids.size(1)))
            masks = [None] * len(ids.split(size)) if mask is None else mask.split(size)
            parts = zip(ids.split(size), masks, strict=True)
            return torch.cat([self._lower_part(encoder, *part) for part in parts])

        if torch.is_grad_enabled() or self.training:
            return compute()
        weights = [*encoder.parameters(), *self.parameters(), queries.ids]
        return self._kept.get("lower", weights, compute)

    def _lower_part(self, encoder: TransformerEncoder, ids: Tensor, mask: Tensor | None) -> Tensor:
        transformer = encoder.transformer
        vectors = self.vectors(encoder, ids)  # (Q, K, E)
        positions = positions_of(vectors.size(1), ids.device)
        hidden = embed(transformer, vectors, positions, torch.ones_like(positions))
        real = torch.ones_like(hidden[..., 0], dtype=torch.bool) if mask is None else mask
        allowed = None if mask is None else mask[:, None, None].expand(-1, 1, mask.size(1), -1)
        with gates_over(encoder, real), attending(transformer, read):
            for layer in layers_of(transformer)[: self.layers - self.depth]:
                hidden = run_layer(layer, hidden, allowed)
        return hidden

    def _upper_states(
        self, encoder: TransformerEncoder, context: ReadContext, hidden: Tensor, mask: Tensor | None
    ) -> Tensor:
        """States of queries beside sentences, at the token that stands for them.

        Shapes:
            hidden (Q, K, H), mask (Q, K); returns (B, Q, H)
        """
        batch, num_queries = len(context.first_rows), len(hidden)
        layers = layers_of(encoder.transformer)[self.layers - self.depth :]
        attention = ReadingContext(context.keys, mask)
        gate_rows = context.first_rows.repeat_interleave(num_queries)  # (B * Q,)

        def beside_sentences(states: Tensor) -> Tensor:
            return states.expand(batch, *states.shape).flatten(0, 1)  # (B * Q, K, H)

        # Rows stay the same for all sentences for as long as nothing of a sentence is in them: the
        # keys of the only layer that sees one, unless the gates of a tuning change them.
        shared = len(layers) == 1 and encoder.tuning is None
        if not shared:
            hidden = beside_sentences(hidden)
        with (
            gates_of(encoder, context.gates, gate_rows),
            attending(encoder.transformer, attention),
        ):
            for layer in layers[:-1]:
                hidden = run_layer(layer, hidden)
            attention.own = keys_of(layers[-1], hidden)
            place = self.settings.place
            wanted = hidden[:, place : place + 1]  # the state that stands for a query
            states = run_layer(layers[-1], beside_sentences(wanted) if shared else wanted)
        return states.unflatten(0, (batch, num_queries)).squeeze(2).float()  # (B, Q, H)

    def vectors(self, encoder: TransformerEncoder, ids: Tensor) -> Tensor:
        """Word vectors of queries: the prompt and the names. (Q, P) → (Q, K, E)"""
        names = word_vectors(encoder.transformer)(ids)
        if self.prompt is None:
            return names
        prompt = self.prompt.to(names.dtype).expand(len(ids), -1, -1)
        return torch.cat([prompt, names], dim=1)

    def with_prompt(self, mask: Tensor | None) -> Tensor | None:
        """Which tokens of queries are real. (Q, P) → (Q, K)"""
        if mask is None:
            return None
        return nn.functional.pad(mask, (self.settings.prompt, 0), value=True)


def _first_prompt(table: Tensor, settings: QueryReading) -> Tensor:
    """First values of the prompt, from the vectors of the vocabulary. (V, E) → (prompt, E)"""
    if settings.prompt_init == "normal":
        return torch.empty(settings.prompt, table.size(1)).normal_(std=0.02)
    words = torch.randint(len(table), (settings.prompt,))
    return table.detach()[words.to(table.device)].clone().float()
