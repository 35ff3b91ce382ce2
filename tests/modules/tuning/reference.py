"""A tuned BERT written out: one sentence, one head at a time, formulas and nothing else.

Legend: S sub-words of one sentence, H hidden, D head size, P length of the prefix.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn


def layer_norm(hidden: Tensor, norm: Any) -> Tensor:
    mean = hidden.mean(-1, keepdim=True)
    variance = ((hidden - mean) ** 2).mean(-1, keepdim=True)
    normalised: Tensor = (hidden - mean) / torch.sqrt(variance + norm.eps) * norm.weight + norm.bias
    return normalised


def linear(hidden: Tensor, weights: Any) -> Tensor:
    mapped = hidden @ weights.weight.T
    return mapped if weights.bias is None else mapped + weights.bias


def gate(hidden: Tensor, weights: Any | None, words: list[bool]) -> float | Tensor:
    """g = 1/|words| Σ sigmoid(w · h + b); 1 where there is no gate."""
    if weights is None:
        return 1.0
    total: Any = 0.0
    for state, is_word in zip(hidden, words, strict=True):
        if is_word:
            total = total + 1 / (
                1 + torch.exp(-(weights.score.weight[0] @ state + weights.score.bias[0]))
            )
    mean: Tensor = total / sum(words)
    return mean


def tuned_bert(transformer: Any, tuning: Any, ids: Tensor, words: list[bool]) -> Tensor:
    """States (S, H) after the last layer, of one sentence without padding."""
    table = transformer.embeddings
    hidden = (
        table.word_embeddings.weight[ids]
        + table.position_embeddings.weight[: len(ids)]
        + table.token_type_embeddings.weight[0]
    )
    hidden = layer_norm(hidden, table.LayerNorm)
    for number, layer in enumerate(transformer.encoder.layer):
        hidden = tuned_layer(layer, tuning, number, hidden, words)
    return hidden


def tuned_layer(layer: Any, tuning: Any, number: int, hidden: Tensor, words: list[bool]) -> Tensor:
    attention = layer.attention.self
    query, key, value = (
        linear(hidden, part) for part in (attention.query, attention.key, attention.value)
    )  # (S, H)
    if hasattr(tuning, "lora"):
        parts = tuning.lora[number]
        query = query + low_rank(parts["query"], hidden, words)
        value = value + low_rank(parts["value"], hidden, words)
    if hasattr(tuning, "prefix"):
        prefix = tuning.prefix
        made = linear(
            torch.tanh(linear(prefix.embedding.weight, prefix.inner)), prefix.outer[number]
        )
        factor = gate(hidden, prefix.gates[number] if len(prefix.gates) else None, words)
        size = key.shape[1]
        key = torch.cat([factor * made[:, :size], key])  # (P + S, H)
        value = torch.cat([factor * made[:, size:], value])
    width = attention.attention_head_size
    heads = []
    for start in range(0, key.shape[1], width):
        part = slice(start, start + width)
        scores = query[:, part] @ key[:, part].T / math.sqrt(width)  # (S, P + S)
        weights = scores.exp() / scores.exp().sum(-1, keepdim=True)
        heads.append(weights @ value[:, part])
    attended = linear(torch.cat(heads, -1), layer.attention.output.dense)
    attended = layer_norm(attended + hidden, layer.attention.output.LayerNorm)
    inner = nn.functional.gelu(linear(attended, layer.intermediate.dense))
    fed = linear(inner, layer.output.dense)
    norm = layer.output.LayerNorm
    if not hasattr(tuning, "adapter"):
        return layer_norm(fed + attended, norm)
    adapter = tuning.adapter[number]
    entering = layer_norm(fed + attended, norm)
    change = linear(torch.relu(linear(entering, adapter.down)), adapter.up)
    change = gate(entering, adapter.gate, words) * change
    return layer_norm(change + fed + attended, norm)


def low_rank(part: Any, hidden: Tensor, words: list[bool]) -> Tensor:
    change = hidden @ part.down.weight.T @ part.up.weight.T
    factor = part.factor if part.gate is None else gate(hidden, part.gate, words)
    return factor * change
