"""Prediction from vectors that a frozen encoder has given before."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.models import Model
from tango_ie.modules.encoders import CachedFeatures, EncodedCorpus, TransformerEncoder
from tango_ie.modules.encoders.encoded_corpus import WEIGHTS

_logger = logging.getLogger(__name__)
_SETTINGS = ("pooling", "max_length", "window_overlap")
_TRAINED = "mix."  # what stands on a frozen transformer, and is the model's own


def read_kept_features(model: Model, features: EncodedCorpus) -> None:
    """Let a model look up what its frozen encoder would compute.

    An archive holds the encoder itself, wherever the vectors of its training came from. Here each
    frozen transformer of the model that gives the vectors of ``features`` (same settings, same
    weights to the last bit) is replaced by :class:`CachedFeatures` around itself: sentences that
    are not kept still go through it, and a learned mix of layers stays the model's.

    Args:
        model: as an archive has given it; changed in place.
        features: the result of an ``encode_corpus`` step.

    Raises:
        ConfigurationError: these are the vectors of none of the model's encoders.
        DataError: the features are damaged.
    """
    weights = _weights(features)
    fitting = [
        (parent, name, child)
        for parent in model.modules()
        for name, child in parent.named_children()
        if type(child) is TransformerEncoder and _gives(child, features, weights)
    ]
    if not fitting:
        raise ConfigurationError(
            "these are not the vectors of an encoder of this model: it has no frozen transformer "
            "with the same settings and weights; name the encode_corpus step that it was trained "
            "on, or leave features out",
            "features",
        )
    for parent, name, encoder in fitting:
        setattr(parent, name, _around(encoder, features))
    _logger.info("%d of the model's encoders need not run", len(fitting))


def _around(encoder: TransformerEncoder, features: EncodedCorpus) -> CachedFeatures:
    """The same encoder, with the same weights and mix, that looks vectors up first."""
    # Not constructed: that would build and load the transformer a second time.
    cached = CachedFeatures.__new__(CachedFeatures)
    cached.__dict__.update(encoder.__dict__)
    cached.features = features
    return cached


def _gives(
    encoder: TransformerEncoder, features: EncodedCorpus, weights: Mapping[str, Tensor]
) -> bool:
    """Whether the vectors are those of this encoder."""
    params: dict[str, Any] = features.encoder_params
    found = {name: getattr(encoder, name) for name in _SETTINGS}
    found["context"] = None if encoder.context is None else asdict(encoder.context)
    if not encoder.frozen or found != {name: params.get(name) for name in found}:
        return False
    if (encoder.mix is not None) != (params.get("layers") == "mix"):
        return False
    own = encoder.state_dict()
    return all(name in own and torch.equal(own[name], value) for name, value in weights.items())


def _weights(features: EncodedCorpus) -> dict[str, Tensor]:
    path = features.folder / WEIGHTS
    try:
        weights: dict[str, Tensor] = load_file(path)
    except (OSError, SafetensorError) as error:
        raise DataError(f"damaged: {error}; encode the corpus anew", path) from error
    return {name: value for name, value in weights.items() if not name.startswith(_TRAINED)}
