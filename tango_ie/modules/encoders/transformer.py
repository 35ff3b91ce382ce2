"""Pretrained transformers as encoders of words.

Legend: N sentences, B batch, T words, R rows of sub-words, S sub-words per row, L layers, H hidden.
"""

from __future__ import annotations

import copy
import logging
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from tango_ie.core.errors import ConfigurationError
from tango_ie.core.input_files import PretrainedName
from tango_ie.data.annotations import Sentence
from tango_ie.modules.encoders.archived import archived_folder, archived_name
from tango_ie.modules.encoders.base import Encoder
from tango_ie.modules.encoders.context import (
    DocumentContext,
    find_continuity,
    plan_context,
    report,
)
from tango_ie.modules.encoders.encoder_archive import EncoderArchive
from tango_ie.modules.encoders.pooling import Pooling, pool
from tango_ie.modules.encoders.pretrained import load_architecture, load_pretrained, max_pieces
from tango_ie.modules.encoders.subwords import (
    Layout,
    Selection,
    SubwordBatch,
    SubwordFeatures,
    collate_subwords,
)
from tango_ie.modules.encoders.windows import plan_windows
from tango_ie.modules.said_once import SaidOnce
from tango_ie.modules.scalar_mix import ScalarMix
from tango_ie.modules.tuning import AttachedTuning, EncoderTuning, context_words

logger = logging.getLogger(__name__)
_SELECTIONS: dict[Pooling, Selection] = {
    "first": "first",
    "last": "last",
    "mean": "all",
    "max": "all",
}


@Encoder.register("tango_ie::transformer")
class TransformerEncoder(Encoder):
    """A Hugging Face encoder (BERT, RoBERTa, XLM-R, DeBERTa and their relatives).

    A sentence with more sub-words than the encoder can read goes through overlapping windows and
    comes back whole: each sub-word's vector is taken from the window in which it is most central.
    The attention is PyTorch's fused one wherever the architecture has it.

    With ``context`` each sentence is read together with what stands around it in its document; only
    its own words get vectors. A sentence that fills the window has no context.

    Args:
        model: a Hugging Face name, a local folder, ``pkg://PACKAGE/FOLDER`` (a folder inside an
            installed package), or the result of a ``train_encoder`` step.
        revision: branch, tag or commit, for a Hugging Face name.
        pooling: how the sub-words of a word become its vector.
        layers: the last layer, a learned mix of all (embeddings included), or one layer by its
            number from 1 (from the top: -1 and down); layers above that one are not even built.
        frozen: the transformer is not trained and never drops out; a mix still is trained.
        max_length: sub-words per window, special tokens included; ``None``: the encoder's limit.
        window_overlap: sub-words that neighbouring windows share; ``None``: a quarter of a window.
        context: what is read around each sentence; ``None``: nothing.
        tuning: few weights beside the transformer's own, to be trained in their place; ``None``:
            all weights of the transformer are trained. Dropout stays as it is.

    Attributes:
        tuning: those weights, and the passes that they are in; ``None`` without them.

    Raises:
        ConfigurationError: the weights cannot be loaded, a length does not fit, the tokenizer has
            no separator and one is asked for, or a tuning is asked for that does not fit.
    """

    def __init__(
        self,
        model: PretrainedName | EncoderArchive,
        revision: str | None = None,
        pooling: Pooling = "first",
        layers: Literal["last", "mix"] | int = "last",
        frozen: bool = False,
        max_length: int | None = None,
        window_overlap: int | None = None,
        context: DocumentContext | None = None,
        tuning: EncoderTuning | None = None,
    ) -> None:
        super().__init__()
        if frozen and tuning is not None:
            raise ConfigurationError(
                "frozen trains nothing of the encoder, a tuning trains some; leave one of them "
                "away (a tuning freezes the transformer's own weights)",
                "frozen",
            )
        keep = layers if isinstance(layers, int) else None
        folder = None if isinstance(model, EncoderArchive) else archived_folder(model)
        if folder is not None:
            self.transformer, self.tokenizer = load_architecture(folder)
        else:
            name = str(model.folder) if isinstance(model, EncoderArchive) else model
            self.transformer, self.tokenizer = load_pretrained(name, revision, keep)
        self.output_size = int(self.transformer.config.hidden_size)
        self.pooling = pooling
        self.frozen = frozen
        depth = self.transformer.config.num_hidden_layers
        self.mix = ScalarMix(depth + 1) if layers == "mix" else None
        self.max_length = self._checked_length(max_length)
        self._capacity = self.max_length - len(self.tokenizer.prefix) - len(self.tokenizer.suffix)
        self.window_overlap = self._checked_overlap(window_overlap)
        self.context = context
        self.reach = 0 if context is None else context.tokens  # a word has a sub-word at least
        self._said = SaidOnce(logger)
        self._layout = Layout(
            capacity=self._capacity,
            prefix=self.tokenizer.prefix,
            suffix=self.tokenizer.suffix,
            pad_id=self.tokenizer.pad_id,
            selection=_SELECTIONS[pooling],
            separator=self._separator(context),
        )
        if frozen:
            self.transformer.requires_grad_(False)
        self._tuning_settings = tuning
        self.tuning: AttachedTuning | None = None
        if tuning is not None:
            self.tuning = tuning.attach(self.transformer)
            self._say_counts(self.tuning)
        self.train()  # transformers hands out models in eval mode

    def train(self, mode: bool = True) -> TransformerEncoder:
        """Switch dropout on or off; a frozen transformer stays as it is."""
        super().train(mode)
        if self.frozen:
            self.transformer.eval()
        return self

    def encode(self, sentences: Sequence[Sentence]) -> list[SubwordFeatures]:
        """See :meth:`Encoder.encode`."""
        joined = self.tokenizer.split_joined([sentence.words for sentence in sentences])
        counts = np.diff(joined.piece_borders)  # (N,)
        left, right = self._plan_context(sentences, counts)  # (N,), (N,)
        firsts = (joined.piece_borders[:-1] - left).tolist()
        lasts = (joined.piece_borders[1:] + right).tolist()
        marks = 0 if self._layout.separator is None else (left > 0).astype(int) + (right > 0)
        lengths = (left + counts + right + marks).tolist()
        words = joined.word_borders.tolist()
        special = len(self.tokenizer.prefix) + len(self.tokenizer.suffix)
        features = []
        for index, count in enumerate(counts.tolist()):
            windows = plan_windows(count, self._capacity, self.window_overlap)
            rows = len(windows.starts)
            cost = rows * (min(lengths[index], self._capacity) + special)
            features.append(
                SubwordFeatures(
                    pieces=joined.ids[firsts[index] : lasts[index]],
                    word_sizes=joined.sizes[words[index] : words[index + 1]],
                    windows=windows,
                    cost=max(1, cost),
                    left=int(left[index]),
                    right=int(right[index]),
                )
            )
        return features

    def collate(self, features: Sequence[SubwordFeatures]) -> SubwordBatch:
        """See :meth:`Encoder.collate`."""
        return collate_subwords(features, self._layout)

    def forward(self, batch: SubwordBatch) -> Tensor:
        """See :meth:`Encoder.forward`; vectors are in float32 even if the weights are halved."""
        states = self._states(batch)  # L × (R, S, H)
        return self._pool(states[0] if self.mix is None else self.mix(states), batch)

    def word_layers(self, batch: SubwordBatch) -> Tensor:
        """Word vectors of each layer that is mixed, or of the only one that is used.

        Shapes:
            returns (B, T, L, H)
        """
        return torch.stack([self._pool(hidden, batch) for hidden in self._states(batch)], dim=2)

    def context_words(self, attention_mask: Tensor) -> Tensor:
        """The sub-words that gates of a tuning look at: all but padding and special tokens.

        Shapes:
            attention_mask (R, S) int or bool; returns (R, S) bool
        """
        return context_words(attention_mask, len(self.tokenizer.prefix), len(self.tokenizer.suffix))

    def archived_params(self, folder: Path) -> dict[str, Any]:
        """See :meth:`Encoder.archived_params`."""
        folder.mkdir(parents=True, exist_ok=True)
        config = copy.deepcopy(self.transformer.config)
        config.name_or_path = ""
        config.save_pretrained(folder)
        self.tokenizer.save(folder)
        return {
            "type": "tango_ie::transformer",
            "model": archived_name(folder),
            "revision": None,
            "pooling": self.pooling,
            # Layers above a chosen one were not built, so that it is the last one now.
            "layers": "last" if self.mix is None else "mix",
            "frozen": self.frozen,
            "max_length": self.max_length,
            "window_overlap": self.window_overlap,
            "context": None if self.context is None else asdict(self.context),
            "tuning": (
                None if self._tuning_settings is None else self._tuning_settings.archived_params()
            ),
        }

    def _plan_context(
        self, sentences: Sequence[Sentence], counts: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Sub-words of context before and after each sentence: two (N,)."""
        if self.context is None or not sentences:
            return np.zeros_like(counts), np.zeros_like(counts)
        continuity = find_continuity(sentences)
        report(continuity, self._said)
        return plan_context(counts, continuity.continues, self.context, self._capacity)

    def _separator(self, context: DocumentContext | None) -> int | None:
        if context is None or not context.separator:
            return None
        identifier = self.tokenizer.tokenizer.sep_token_id
        if identifier is None:
            raise ConfigurationError(
                "this tokenizer has no separator token; set context.separator to false", "context"
            )
        return int(identifier)

    def _states(self, batch: SubwordBatch) -> Sequence[Tensor]:
        """Hidden states (R, S, H): of all layers if they are mixed, otherwise of the last."""
        with ExitStack() as blocks:
            if self.frozen:
                blocks.enter_context(torch.no_grad())
            if self.tuning is not None:
                words = self.context_words(batch.attention_mask)  # (R, S)
                blocks.enter_context(self.tuning.over(words))
            output = self.transformer(
                input_ids=batch.input_ids,
                # Without padding there is nothing to mask, and attention is faster.
                attention_mask=batch.attention_mask if batch.padded else None,
                output_hidden_states=self.mix is not None,
            )
        states: Sequence[Tensor] = output.hidden_states
        return [output.last_hidden_state] if self.mix is None else states

    def _say_counts(self, tuning: AttachedTuning) -> None:
        counts = tuning.counts()
        whole = sum(parameter.numel() for parameter in self.transformer.parameters())
        trained = sum(counts.values())
        logger.info(
            "tuning trains %s weights beside the encoder's %s (%.1f %%): %s",
            f"{trained:,}",
            f"{whole:,}",
            100 * trained / whole,
            ", ".join(f"{part} {count:,}" for part, count in counts.items()),
        )

    def _pool(self, hidden: Tensor, batch: SubwordBatch) -> Tensor:
        """From sub-words (R, S, H) to words (B, T, H)."""
        words = pool(
            hidden.flatten(0, 1), batch.cells, batch.slots, batch.word_mask.numel(), self.pooling
        )  # (B * T, H)
        words = words.unflatten(0, batch.word_mask.shape)  # (B, T, H)
        return words.float() if words.dtype in (torch.bfloat16, torch.float16) else words

    def _checked_length(self, wanted: int | None) -> int:
        limit = max_pieces(self.transformer, self.tokenizer)
        special = len(self.tokenizer.prefix) + len(self.tokenizer.suffix)
        if wanted is not None and not special < wanted <= limit:
            raise ConfigurationError(
                f"max_length must lie between {special + 1} and {limit} for this encoder, "
                f"found {wanted}"
            )
        return limit if wanted is None else wanted

    def _checked_overlap(self, wanted: int | None) -> int:
        if wanted is not None and not 0 <= wanted < self._capacity:
            raise ConfigurationError(
                f"window_overlap must lie between 0 and {self._capacity - 1} (a window holds "
                f"{self._capacity} sub-words), found {wanted}"
            )
        return self._capacity // 4 if wanted is None else wanted
