"""Prediction from vectors that a frozen encoder has given before."""

from __future__ import annotations

import logging
from dataclasses import asdict

import torch

from tango_ie.core.errors import ConfigurationError
from tango_ie.models import Model
from tango_ie.modules.encoders import CachedFeatures, EncodedCorpus, TransformerEncoder
from tango_ie.modules.encoders.frozen_transformer import FrozenTransformer

_logger = logging.getLogger(__name__)
_SETTINGS = ("pooling", "max_length", "window_overlap")


def read_kept_features(model: Model, features: EncodedCorpus) -> None:
    """Let a model look up what its frozen encoder would compute.

    An archive holds the encoder itself, wherever the vectors of its training came from. Here each
    frozen transformer of the model that gives the vectors of ``features`` (same settings, same
    weights to the last bit) is replaced by :class:`CachedFeatures` around itself: sentences that
    are not kept still go through it, and a learned mix of layers stays the model's. Where the
    archive shares its encoder with ``features``, neither is read for that.

    Args:
        model: as an archive has given it; changed in place.
        features: the result of an ``encode_corpus`` step.

    Raises:
        ConfigurationError: these are the vectors of none of the model's encoders.
        DataError: the features are damaged.
    """
    fitting = [
        (parent, name, child)
        for parent in model.modules()
        for name, child in parent.named_children()
        if isinstance(child, TransformerEncoder | FrozenTransformer) and _gives(child, features)
    ]
    if not fitting:
        raise ConfigurationError(
            "these are not the vectors of an encoder of this model: it has no frozen transformer "
            "with the same settings and weights; name the encode_corpus step that it was trained "
            "on, or leave features out",
            "features",
        )
    for parent, name, encoder in fitting:
        setattr(parent, name, CachedFeatures.around(encoder, features))
    _logger.info("%d of the model's encoders need not run", len(fitting))


def _gives(encoder: TransformerEncoder | FrozenTransformer, features: EncodedCorpus) -> bool:
    """Whether the vectors are those of this encoder."""
    stored = features.encoder
    if isinstance(encoder, FrozenTransformer):
        return encoder.stored.same_vectors(stored)
    found = {name: getattr(encoder, name) for name in _SETTINGS}
    found["context"] = None if encoder.context is None else asdict(encoder.context)
    if not encoder.frozen or found != {name: stored.settings[name] for name in found}:
        return False
    if (encoder.mix is not None) != (stored.settings["layers"] == "mix"):
        return False
    own = encoder.state_dict()
    weights = stored.load_weights()
    return all(name in own and torch.equal(own[name], value) for name, value in weights.items())
