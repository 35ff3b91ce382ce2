"""The states of a transformer that reads query and sentence together.

Legend: R rows, S sub-words of a row, H hidden.
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from contextlib import ExitStack

import torch
from torch import Tensor

from tango_ie.core.errors import ConfigurationError
from tango_ie.modules.encoders.base import Encoder
from tango_ie.modules.encoders.transformer import TransformerEncoder
from tango_ie.modules.reading.pair_format import PairFormat
from tango_ie.modules.reading.passes import PairPass


def check_reads_pairs(encoder: Encoder) -> TransformerEncoder:
    """The encoder, if it can read a query and a sentence together.

    Raises:
        ConfigurationError: it is none of words in context, or does what has no meaning here.
    """
    if not isinstance(encoder, TransformerEncoder):
        raise ConfigurationError(
            f"must be a tango_ie::transformer, which can read a query together with the sentence; "
            f"found {type(encoder).__name__}",
            "encoder",
        )
    if encoder.context is not None:
        raise ConfigurationError(
            "a query takes the place of the document's context; set it to null", "encoder.context"
        )
    if encoder.pooling != "first":
        raise ConfigurationError(
            "the start of a word is read off its first sub-word and its end off its last; leave "
            f"pooling at 'first', found {encoder.pooling!r}",
            "encoder.pooling",
        )
    return encoder


def takes_segments(encoder: TransformerEncoder, pair_format: PairFormat) -> bool:
    """Whether the transformer knows the segments of the two texts."""
    known = getattr(encoder.transformer.config, "type_vocab_size", 0) or 0
    parameters = inspect.signature(encoder.transformer.forward).parameters
    return "token_type_ids" in parameters and max(pair_format.segments) < known


def pair_states(
    encoder: TransformerEncoder, rows: PairPass, segments: tuple[int, int] | None
) -> Tensor:
    """Hidden states (R, S, H) of the rows of a pass: the encoder's last layer, or its mix."""
    more = {}
    if segments is not None:
        first, second = segments
        more["token_type_ids"] = first + (second - first) * rows.second.long()  # (R, S)
    with ExitStack() as blocks:
        if encoder.frozen:
            blocks.enter_context(torch.no_grad())
        if encoder.tuning is not None:
            # The gates of a tuning look at the sentence, as in models that ask for no type.
            blocks.enter_context(encoder.tuning.over(_context(rows)))
        output = encoder.transformer(
            input_ids=rows.ids,
            attention_mask=rows.mask.long() if rows.padded else None,
            output_hidden_states=encoder.mix is not None,
            **more,
        )
    states: Sequence[Tensor] = output.hidden_states
    return output.last_hidden_state if encoder.mix is None else encoder.mix(states)


def _context(rows: PairPass) -> Tensor:
    """The sub-words of the sentence, (R, S) bool; all of a row whose sentence has none."""
    return torch.where(rows.of_sentence.any(1, keepdim=True), rows.of_sentence, rows.mask)
