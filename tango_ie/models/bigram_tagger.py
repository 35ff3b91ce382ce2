"""CNNBiF: the tagger with features of neighbouring words and an objective that links them.

Legend: B batch, T words, L tags, H hidden, D features of a bigram.
"""

from __future__ import annotations

from typing import Any, Literal

import torch
from torch import Tensor

from tango_ie.core.config import build
from tango_ie.core.errors import ConfigurationError
from tango_ie.data.schema import Schema
from tango_ie.models.base import Model
from tango_ie.models.tagger import Tagger, TaggerBatch, TaggerOutput
from tango_ie.modules.bigrams import BigramKind, Bigrams, beside_words
from tango_ie.modules.encoders.base import Encoder
from tango_ie.modules.entity_head import EntityHead
from tango_ie.modules.link_head import LinkHead, LinkObjective

_DEFAULTS: Any = {}


@Model.register("tango_ie::bigram_tagger")
class BigramTagger(Tagger):
    """The tagger, with a second objective: do two neighbouring words belong to one entity?

    Source: CNNBiF (Sung et al., Findings of EMNLP 2021). The body of the paper leaves open, or we
    could not read, the weight of the objective, which words count as linked, the width of the
    convolution, and whether its features also reach the tags; each is an argument here.

    With λ = ``link.weight``:

        bigram_i = relu(W [word_i; word_i+1] + b)
        loss     = Σ_words −log p(tag) + λ Σ_bigrams −log p(linked or not)

    divided by the number of words, like the tagger's. Means over words and over bigrams, each by
    themselves, would differ by the factor words / bigrams (1.07 on CoNLL-2003), which is not known
    before all parts of a batch are: with sums a batch split over ranks or micro-batches gives the
    gradient of the whole. Links are read off the tags: entities that tags cannot hold have none.

    Prediction runs neither the link head nor, unless its features are fused, the convolution. With
    λ = 0 and nothing fused, this is the tagger: same weights and draws from the same seed.

    ===================  ===========================================================
    arm                  arguments
    ===================  ===========================================================
    objective (default)  ``link: {weight: 1}``
    both                 ``fuse: true``
    CNN only             ``fuse: true, link: {weight: 0}``
    objective only       ``features: "concat"``: on the two words' vectors as they are
    ===================  ===========================================================

    Args:
        schema: the entity types.
        encoder: gives the words' vectors.
        head: see :class:`Tagger`, as for ``scheme`` and ``strict``.
        scheme: see there.
        dropout: probability in [0, 1), applied to the words' vectors and to the bigrams.
        strict: see there.
        link: the objective; the default is our reading of the paper.
        fuse: the bigrams to the left and to the right of a word stand beside its vector when it is
            tagged. Off in our reading.
        features: see :class:`~tango_ie.modules.bigrams.Bigrams`.
        bigram_size: D of the convolution; ``None``: the encoder's size.

    Raises:
        ConfigurationError: a number outside its range, or arguments that exclude each other.
    """

    def __init__(
        self,
        schema: Schema,
        encoder: Encoder,
        head: Literal["softmax", "crf"] = "softmax",
        scheme: Literal["iob2", "bioes"] = "iob2",
        dropout: float = 0.1,
        strict: bool = False,
        link: LinkObjective = _DEFAULTS,
        fuse: bool = False,
        features: BigramKind = "cnn",
        bigram_size: int | None = None,
    ) -> None:
        if features == "concat" and fuse:
            raise ConfigurationError(
                "without a convolution there is nothing to fuse; choose features = 'cnn', or "
                "fuse = false",
                "fuse",
            )
        if bigram_size is not None and (features == "concat" or bigram_size < 1):
            raise ConfigurationError(
                f"must be 1 or more, and null with features = 'concat'; found {bigram_size}",
                "bigram_size",
            )
        super().__init__(schema, encoder, head, scheme, dropout, strict)
        link = build(LinkObjective, link, "link")
        # Drawn after the head, so that an arm without them starts from the same numbers.
        self.fuse = fuse
        wanted = fuse or link.weight > 0
        self.bigrams = Bigrams(encoder.output_size, features, bigram_size) if wanted else None
        if self.bigrams is not None and fuse:
            size = encoder.output_size + 2 * self.bigrams.output_size
            self.head = EntityHead(size, schema, scheme, head == "crf", strict)
        self.link_head = (
            LinkHead(self.bigrams.output_size, link)
            if self.bigrams is not None and link.weight > 0
            else None
        )

    def forward(self, batch: TaggerBatch) -> TaggerOutput:
        """See :meth:`Model.forward`."""
        mask = batch.words.word_mask  # (B, T)
        words = self.encoder(batch.words)  # (B, T, H)
        vectors = self.dropout(words)
        bigrams: Tensor | None = None  # (B, T + 1, D)
        linked = self.link_head is not None and batch.tag_ids is not None
        if self.bigrams is not None and (self.fuse or linked):
            bigrams = self.dropout(self.bigrams(words, mask))
        if self.fuse and bigrams is not None:
            vectors = torch.cat([vectors, beside_words(bigrams)], dim=-1)  # (B, T, H + 2 D)
        logits = self.head(vectors)  # (B, T, L)
        if batch.tag_ids is None:
            return TaggerOutput(logits=logits)
        loss, weight = self.head.loss(logits, batch.tag_ids, mask)
        if self.link_head is not None and bigrams is not None:
            loss = loss + self.link_head.loss(bigrams, batch.tag_ids, mask, self.tag_set)
        return TaggerOutput(loss=loss, loss_weight=weight, logits=logits)
