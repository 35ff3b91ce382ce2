"""What query-parallel reading needs of a transformer: its embeddings, its layers, their attention.

Legend: rows × K tokens of queries, E size of word vectors, H hidden.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from tango_ie.core.errors import ConfigurationError
from tango_ie.modules.encoders.base import Encoder
from tango_ie.modules.encoders.transformer import TransformerEncoder
from tango_ie.modules.queries.attention import Keys

if TYPE_CHECKING:
    from transformers import PreTrainedModel

    from tango_ie.modules.tuning import Gates

_PARTS = ("query", "key", "value", "attention_head_size")


def checked_encoder(encoder: Encoder) -> TransformerEncoder:
    """The encoder, if queries can be read with it.

    Raises:
        ConfigurationError: it is no transformer, mixes its layers, or is not built like BERT.
    """
    if not isinstance(encoder, TransformerEncoder):
        raise ConfigurationError(
            "queries are read by a transformer beside the sentence; choose 'tango_ie::transformer' "
            f"itself, found {type(encoder).__name__}",
            "encoder",
        )
    if encoder.mix is not None:
        raise ConfigurationError(
            "a query is a state of one layer; choose 'last' or a layer's number, found 'mix'",
            "encoder.layers",
        )
    _check_like_bert(encoder.transformer)
    return encoder


def layers_of(transformer: PreTrainedModel) -> list[nn.Module]:
    """The layers from the lowest to the highest."""
    stack: Any = transformer.encoder
    return list(stack.layer)


def attention_of(layer: nn.Module) -> Any:
    """The module that the attention interface is called for."""
    attention: Any = layer.attention
    return attention.self


def word_vectors(transformer: PreTrainedModel) -> nn.Embedding:
    """The vectors of the vocabulary, (V, E)."""
    table = transformer.get_input_embeddings()
    assert isinstance(table, nn.Embedding)
    return table


def embed(
    transformer: PreTrainedModel, vectors: Tensor, positions: Tensor, segments: Tensor
) -> Tensor:
    """States that enter the first layer.

    Args:
        segments: 0 or 1; of no account where the transformer knows one segment.

    Shapes:
        vectors (rows, K, E), positions (rows or 1, K) from 0, segments the same
        returns (rows, K, H)
    """
    options: dict[str, Any] = positional(transformer, positions, segments)
    parts: Any = transformer
    hidden: Tensor = parts.embeddings(inputs_embeds=vectors, **options)
    project = getattr(parts, "embeddings_project", None)  # ELECTRA, where E is not H
    return hidden if project is None else project(hidden)


def positional(
    transformer: PreTrainedModel, positions: Tensor, segments: Tensor
) -> dict[str, Tensor]:
    """Positions and segments as the transformer counts them, under its argument's names."""
    # RoBERTa's relatives count positions from behind the padding id.
    parts: Any = transformer
    padding = getattr(parts.embeddings.position_embeddings, "padding_idx", None)
    shift = 0 if padding is None else padding + 1
    known = int(getattr(transformer.config, "type_vocab_size", 0))
    return {"position_ids": positions + shift, "token_type_ids": segments.clamp(max=known - 1)}


def run_layer(layer: nn.Module, hidden: Tensor, mask: Tensor | None = None) -> Tensor:
    """One layer, with the attention that is set; mask (rows, 1, K, K) bool, True = may be read."""
    output: Any = layer(hidden, mask)
    states: Tensor = output if isinstance(output, Tensor) else output[0]
    return states


def keys_of(layer: nn.Module, hidden: Tensor) -> Keys:
    """The keys and values of states alone.

    Shapes:
        hidden (rows, K, H)
    """
    attention = attention_of(layer)
    keys, values = (
        part(hidden).unflatten(-1, (-1, attention.attention_head_size)).transpose(1, 2)
        for part in (attention.key, attention.value)
    )
    return Keys(keys, values)


@contextmanager
def gates_over(encoder: TransformerEncoder, words: Tensor) -> Iterator[Gates | None]:
    """A block in which the gates of a tuned encoder look at these words; gives what they were."""
    with nullcontext() if encoder.tuning is None else encoder.tuning.over(words) as gates:
        yield gates


@contextmanager
def gates_of(encoder: TransformerEncoder, gates: Gates | None, rows: Tensor) -> Iterator[None]:
    """A block in which each row has the gates of a row of the context.

    Shapes:
        rows (rows,) int
    """
    if encoder.tuning is None or gates is None:
        yield
        return
    with encoder.tuning.using(gates.rows(rows)):
        yield


def _check_like_bert(transformer: PreTrainedModel) -> None:
    parts: Any = transformer
    layers = getattr(getattr(parts, "encoder", None), "layer", None)
    position_vectors = getattr(getattr(parts, "embeddings", None), "position_embeddings", None)
    fits = (
        isinstance(layers, nn.ModuleList)
        and all(_is_like_bert(layer) for layer in layers)
        and isinstance(position_vectors, nn.Embedding)
        and getattr(transformer, "_supports_attention_backend", False)
        and getattr(transformer.config, "position_embedding_type", "absolute") == "absolute"
    )
    if not fits:
        raise ConfigurationError(
            f"queries are read by transformers that are built like BERT (RoBERTa, XLM-R, ELECTRA, "
            f"MiniLM, …), with absolute positions; {type(transformer).__name__} is not",
            "encoder",
        )


def _is_like_bert(layer: nn.Module) -> bool:
    attention: Any = getattr(layer, "attention", None)
    inner = getattr(attention, "self", None)
    # States are normalised behind a layer, not in front: keys are made of them as they are.
    ends = getattr(attention, "output", None), getattr(layer, "output", None)
    return all(hasattr(inner, part) for part in _PARTS) and all(
        isinstance(getattr(end, "LayerNorm", None), nn.LayerNorm) for end in ends
    )


def positions_of(length: int, device: torch.device) -> Tensor:
    """Positions 0, 1, … (1, K)."""
    return torch.arange(length, device=device).unsqueeze(0)
