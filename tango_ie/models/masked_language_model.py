"""Masked language models: encoders that learn from text without annotations.

Legend: B batch, S sub-words, P sub-words of all blocks end to end, N sub-words to guess, H hidden,
V vocabulary.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.annotations import Sentence
from tango_ie.data.masking import KEPT, MASKED, REPLACED, Masking
from tango_ie.models.base import Output
from tango_ie.modules.encoders import WordTokenizer, pretrained
from tango_ie.modules.encoders.tokenisation import Pieces
from tango_ie.modules.tensor_batch import TensorBatch

if TYPE_CHECKING:
    from transformers import PreTrainedModel

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TextBlock:
    """Sentences of one document, as many as fit.

    Shapes:
        ids (S,): sub-words with special tokens; word_ids (S,): their words, -1 for special tokens
    """

    ids: NDArray[np.int32]
    word_ids: NDArray[np.int32]

    @property
    def cost(self) -> int:
        """See :class:`tango_ie.models.base.Features`."""
        return len(self.ids)


@dataclass
class MaskedBatch(TensorBatch):
    """Blocks in which something is to be guessed.

    Shapes:
        ids (B, S), mask (B, S) bool: real sub-words; places (N,): in the flattened batch;
        targets (N,): what stood there
    """

    ids: Tensor
    mask: Tensor
    places: Tensor
    targets: Tensor


class MaskedLanguageModel(nn.Module):
    """A pretrained transformer with the head that guesses masked sub-words.

    The head is applied to the sub-words to be guessed alone: with a small encoder the scores of a
    whole vocabulary for every sub-word would cost more than the encoder itself.

    Args:
        model: a Hugging Face name, a local folder or ``pkg://PACKAGE/FOLDER``.
        masking: what is to be guessed.
        max_length: sub-words of a block, special tokens included.

    Attributes:
        new_head: whether the pretrained weights had no head, so that it starts at random.

    Raises:
        ConfigurationError: the weights cannot be loaded, there is no mask token, or blocks are
            longer than the transformer can read.
    """

    def __init__(self, model: str, masking: Masking, max_length: int = 128) -> None:
        super().__init__()
        self.transformer, self.tokenizer, missing = _load(model)
        self.masking = masking
        self.new_head = bool(missing)
        mask_id = self.tokenizer.tokenizer.mask_token_id
        if mask_id is None:
            raise ConfigurationError(f"{model!r} has no mask token; choose a masked language model")
        self.mask_id = int(mask_id)
        self.vocabulary_size = int(self.transformer.config.vocab_size)
        special = len(self.tokenizer.prefix) + len(self.tokenizer.suffix)
        base: Any = self.transformer.base_model
        limit = pretrained.max_pieces(base, self.tokenizer)
        if not special < max_length <= limit:
            raise ConfigurationError(
                f"max_length must lie between {special + 1} and {limit}, found {max_length}"
            )
        self.capacity = max_length - special

    def encode(self, sentences: Sequence[Sentence], with_gold: bool = True) -> list[TextBlock]:
        """Blocks of text: sentences of one document that follow each other share a block.

        A sentence without document stands alone, one that is too long is continued in the next
        block. Nothing is left out.
        """
        pieces = self.tokenizer.split([sentence.words for sentence in sentences])
        # Each sentence without document is a group of its own.
        names = [
            index if sentence.doc_id is None else sentence.doc_id
            for index, sentence in enumerate(sentences)
        ]
        blocks: list[TextBlock] = []
        for _, document in groupby(zip(names, pieces, strict=True), key=lambda pair: pair[0]):
            parts = cut((item for _, item in document), self.capacity)
            blocks.extend(_block(parts, self.tokenizer) for parts in pack(parts, self.capacity))
        return blocks

    def collate(self, features: Sequence[TextBlock]) -> MaskedBatch:
        """Pad blocks and draw what is to be guessed, with torch's generator."""
        lengths = np.array([item.cost for item in features])
        mask = np.arange(lengths.max()) < lengths[:, None]  # (B, S)
        flat = np.concatenate([item.ids for item in features]).astype(np.int64)  # (P,)
        actions = self._draw(features)  # (P,)
        chosen = np.flatnonzero(actions != KEPT)  # (N,)
        targets = flat[chosen]  # (N,)
        replaced = np.flatnonzero(actions == REPLACED)
        flat[actions == MASKED] = self.mask_id
        flat[replaced] = torch.randint(self.vocabulary_size, (len(replaced),)).numpy()
        ids = np.full(mask.shape, self.tokenizer.pad_id)  # (B, S)
        ids[mask] = flat
        places = np.flatnonzero(mask)[chosen]  # (N,)
        return MaskedBatch(*(torch.from_numpy(array) for array in (ids, mask, places, targets)))

    def forward(self, batch: MaskedBatch) -> Output:
        """Loss summed over the sub-words that are to be guessed, and their number."""

        def pick(module: nn.Module, inputs: Any, output: Any) -> Any:
            hidden = output.last_hidden_state.flatten(0, 1)  # (B * S, H)
            output.last_hidden_state = hidden[batch.places].unsqueeze(0)  # (1, N, H)
            return output

        handle = self.transformer.base_model.register_forward_hook(pick)
        try:
            scores = self.transformer(input_ids=batch.ids, attention_mask=batch.mask.long()).logits
        finally:
            handle.remove()
        loss = nn.functional.cross_entropy(
            scores.squeeze(0).float(), batch.targets, reduction="sum"
        )
        weight = torch.full((), float(len(batch.targets)), device=loss.device)
        return Output(loss=loss, loss_weight=weight)

    def _draw(self, features: Sequence[TextBlock]) -> NDArray[np.int8]:
        counts = np.array([item.word_ids.max(initial=-1) + 1 for item in features])
        firsts = np.repeat(np.cumsum(counts) - counts, [item.cost for item in features])  # (P,)
        word_ids = np.concatenate([item.word_ids for item in features]).astype(np.int64)  # (P,)
        word_ids = np.where(word_ids >= 0, word_ids + firsts, -1)
        blocks = np.repeat(np.arange(len(features)), counts)  # (W,)
        generator = np.random.default_rng(int(torch.randint(2**62, ())))
        return self.masking.draw(word_ids, blocks, generator)


def cut(sentences: Iterable[Pieces], capacity: int) -> Iterator[Pieces]:
    """Cut what is longer than ``capacity``, between words where that is possible."""
    for ids, sizes in sentences:
        while len(ids) > capacity:
            words = max(int(np.searchsorted(np.cumsum(sizes), capacity, side="right")), 1)
            taken = min(int(sizes[:words].sum()), capacity)
            yield Pieces(
                ids[:taken], np.append(sizes[: words - 1], taken - sizes[: words - 1].sum())
            )
            # What is left of a single word that fills more than a block.
            rest = sizes[words - 1 : words] - (taken - sizes[: words - 1].sum())
            ids, sizes = ids[taken:], np.concatenate([rest[rest > 0], sizes[words:]])
        if len(ids):
            yield Pieces(ids, sizes)


def pack(parts: Iterable[Pieces], capacity: int) -> Iterator[list[Pieces]]:
    """Put parts together, in their order, as long as they fit."""
    packed: list[Pieces] = []
    size = 0
    for part in parts:
        if packed and size + len(part.ids) > capacity:
            yield packed
            packed, size = [], 0
        packed.append(part)
        size += len(part.ids)
    if packed:
        yield packed


def _load(name: str) -> tuple[PreTrainedModel, WordTokenizer, list[str]]:
    """Transformer with head, tokenizer, and the weights of the head that were not there."""
    location, options = pretrained.locate(name, None)
    with pretrained.loading(name):
        from transformers import AutoModelForMaskedLM

        tokenizer = pretrained.load_tokenizer(location, options)
        transformer, report = AutoModelForMaskedLM.from_pretrained(
            location, dtype=torch.float32, output_loading_info=True, **options
        )
    base = f"{transformer.base_model_prefix}."
    missing = sorted(key for key in report["missing_keys"] if not key.startswith(base))
    if missing:
        logger.warning("%s has no head for guessing masked sub-words; a new one is trained", name)
    return transformer, tokenizer, missing


def _block(parts: Sequence[Pieces], tokenizer: WordTokenizer) -> TextBlock:
    sizes = np.concatenate([part.sizes for part in parts])
    before, after = [-1] * len(tokenizer.prefix), [-1] * len(tokenizer.suffix)
    return TextBlock(
        np.concatenate([tokenizer.prefix, *(part.ids for part in parts), tokenizer.suffix]).astype(
            np.int32
        ),
        np.concatenate([before, np.repeat(np.arange(len(sizes)), sizes), after]).astype(np.int32),
    )
