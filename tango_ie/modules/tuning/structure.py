"""Where the parts of a transformer are, found by what they are and not by its class.

Transformers with the layout of BERT (RoBERTa, XLM-R, ELECTRA, MiniLM, …) and of DistilBERT are
understood. Where something is not, there is an error, never a guess.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from torch import nn

from tango_ie.core.errors import ConfigurationError

if TYPE_CHECKING:
    from transformers import PreTrainedModel

_PROJECTIONS = (
    ("query", "key", "value"),
    ("q_lin", "k_lin", "v_lin"),
    ("q", "k", "v"),
    ("q_proj", "k_proj", "v_proj"),
)


class Attention(NamedTuple):
    """A self-attention and the linear maps that its queries, keys and values come from."""

    module: nn.Module
    query: nn.Linear
    key: nn.Linear
    value: nn.Linear


def find_layers(transformer: PreTrainedModel) -> list[nn.Module]:
    """The layers from the lowest to the highest.

    Raises:
        ConfigurationError: there is no list of that many layers, or there are two.
    """
    depth = transformer.config.num_hidden_layers
    lists = [
        list(module)
        for module in transformer.modules()
        if isinstance(module, nn.ModuleList)
        and len(module) == depth
        and len({type(layer) for layer in module}) == 1
    ]
    if len(lists) != 1:
        raise _not_understood(
            transformer,
            f"{len(lists) or 'no'} lists of {depth} layers were found; layers that share their "
            "weights cannot be tuned one by one",
        )
    return lists[0]


def find_attention(transformer: PreTrainedModel, layer: nn.Module) -> Attention:
    """The self-attention of a layer.

    Raises:
        ConfigurationError: none was found, or more than one.
    """
    candidates: list[tuple[nn.Module, list[Any]]] = [
        (module, [getattr(module, name, None) for name in names])
        for module in layer.modules()
        for names in _PROJECTIONS
    ]
    size = transformer.config.hidden_size
    found = [
        Attention(module, *parts)
        for module, parts in candidates
        if all(isinstance(part, nn.Linear) and part.in_features == size for part in parts)
    ]
    if len(found) != 1:
        names = "; ".join(", ".join(names) for names in _PROJECTIONS)
        raise _not_understood(
            transformer,
            f"a layer has {len(found) or 'no'} attentions with linear maps of its input that have "
            f"these names: {names}. Only an adapter does without them; set the others to null",
        )
    return found[0]


def find_last_norm(transformer: PreTrainedModel, layer: nn.Module) -> nn.LayerNorm:
    """The normalisation that ends a layer, over the sum of the feed-forward network and its input.

    Raises:
        ConfigurationError: the layer does not end so.
    """
    config = transformer.config
    output = getattr(layer, "output", None)
    dense = getattr(output, "dense", None)
    # DistilBERT, Nomic BERT.
    names = [name for name in ("output_layer_norm", "post_mlp_layernorm") if hasattr(layer, name)]
    norm = getattr(layer, names[0]) if names else None
    # BERT. Those that normalise first have the same `output`, but no LayerNorm in it.
    if isinstance(dense, nn.Linear) and dense.in_features == config.intermediate_size:
        norm = getattr(output, "LayerNorm", None)
    if not isinstance(norm, nn.LayerNorm) or norm.normalized_shape != (config.hidden_size,):
        raise _not_understood(
            transformer,
            "its layers do not end in a LayerNorm over the feed-forward network and its input, so "
            "there is no place for an adapter; set the adapter to null",
        )
    return norm


def check_attention_interface(transformer: PreTrainedModel) -> None:
    """Raise where an attention of our own could not take part.

    Raises:
        ConfigurationError: the transformer does not call its attention through the interface of
            ``transformers``, or not PyTorch's.
    """
    used = transformer.config._attn_implementation
    if not type(transformer)._supports_attention_backend or used != "sdpa":
        raise _not_understood(
            transformer,
            f"its attention ({used}) does not go through the attention interface of transformers "
            "with PyTorch's own kernel, so it takes no prefix; set the prefix to null",
        )


def _not_understood(transformer: PreTrainedModel, reason: str) -> ConfigurationError:
    return ConfigurationError(
        f"{type(transformer).__name__} cannot be tuned like this: {reason}", "tuning"
    )
