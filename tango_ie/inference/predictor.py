"""Prediction on any number of sentences.

Padding costs more than arithmetic: sentences of similar length share a batch, and batches stay
small enough for a processor's caches.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.annotations import Annotations, Sentence
from tango_ie.data.batching import plan_batches
from tango_ie.inference.archive import Archive
from tango_ie.inference.chunking import Chunk, chunks
from tango_ie.inference.devices import Precision, resolve_device, resolve_precision
from tango_ie.models import Model
from tango_ie.modules.encoders import Encoder

_TOKEN_BUDGET = {"cpu": 1024, "cuda": 32768}
_CHUNK = 8192  # sentences that are sorted together; bounds the memory that features take
_WORD = re.compile(r"\w+|[^\w\s]")


def predict(
    model: Model,
    sentences: Iterable[Sentence],
    device: str = "auto",
    precision: Precision = "auto",
    token_budget: int | None = None,
) -> list[Annotations]:
    """What ``model`` finds in ``sentences``, in their order; their gold is not looked at.

    The model is moved to the device; its mode and weights stay as they are.

    Args:
        device: ``auto`` (a GPU where there is one), ``cpu``, ``cuda``, ``cuda:1`` …
        precision: ``bf16`` halves the encoder's weights in a copy; ``auto`` does so on GPUs.
        token_budget: sub-words of a batch, padding counted; changes speed, not results.

    Raises:
        ConfigurationError: a device that is not there, or a budget below one.
    """
    return Predictor(model, device, precision, token_budget).predict_sentences(sentences)


class Predictor:
    """Predicts with one model, again and again.

    Args:
        model: a model, or the archive of one.
        device: see :func:`predict`.
        precision: see :func:`predict`.
        token_budget: see :func:`predict`.
    """

    def __init__(
        self,
        model: Model | Archive,
        device: str = "auto",
        precision: Precision = "auto",
        token_budget: int | None = None,
    ) -> None:
        if token_budget is not None and token_budget < 1:
            raise ConfigurationError(f"token_budget must be at least 1, found {token_budget}")
        self.device = resolve_device(device)
        self.precision = resolve_precision(precision, self.device)
        self.token_budget = token_budget or _TOKEN_BUDGET.get(self.device.type, 4096)
        self.model = model.load() if isinstance(model, Archive) else model
        if self.precision == "bf16":
            # A model of the caller's keeps its weights: it may be in the middle of its training.
            self.model = copy.deepcopy(model) if isinstance(model, Model) else self.model
            _halve_encoders(self.model)
        self.model.to(self.device)

    def predict_sentences(
        self,
        sentences: Iterable[Sentence],
        on_progress: Callable[[int], None] | None = None,
    ) -> list[Annotations]:
        """Annotations in the order of the sentences.

        Where the model reads context, sentences of a document are context of each other if they
        stand next to each other here.

        Args:
            on_progress: called with the number of sentences done since its last call.
        """
        found: list[Annotations] = []
        with _evaluating(self.model):
            for chunk in chunks(sentences, _CHUNK, _reach(self.model)):
                found.extend(self._predict_chunk(chunk, on_progress))
        return found

    def predict_words(self, sentences: Iterable[Sequence[str]]) -> list[Annotations]:
        """Annotations of sentences that are lists of words."""
        return self.predict_sentences(Sentence(tuple(words)) for words in sentences)

    def predict_text(self, text: str) -> Sentence:
        """A text as one sentence, with what was found in it.

        Words are runs of letters and digits, and single signs; their character offsets are those of
        the result. A text that was tokenised otherwise in training belongs into
        :meth:`predict_words`.
        """
        return self.predict_texts([text])[0]

    def predict_texts(self, texts: Iterable[str]) -> list[Sentence]:
        """See :meth:`predict_text`."""
        sentences = [split_words(text) for text in texts]
        return [
            Sentence(
                words=sentence.words,
                entities=found.entities,
                relations=found.relations,
                tags=found.tags,
                text=sentence.text,
                offsets=sentence.offsets,
            )
            for sentence, found in zip(sentences, self.predict_sentences(sentences), strict=True)
        ]

    def _predict_chunk(
        self, chunk: Chunk, on_progress: Callable[[int], None] | None
    ) -> list[Annotations]:
        features = self.model.encode(chunk.sentences, with_gold=False)
        features = features[chunk.start : chunk.stop]
        found: list[Annotations] = [Annotations()] * len(features)
        plan = plan_batches([item.cost for item in features], self.token_budget)
        for indices, batch, output in self._outputs(features, plan):
            for index, decoded in zip(indices, self.model.decode(batch, output), strict=True):
                found[index] = decoded
            if on_progress is not None:
                on_progress(len(indices))
        return found

    def _outputs(
        self, features: Sequence[Any], plan: Sequence[list[int]]
    ) -> Iterator[tuple[list[int], Any, Any]]:
        """Batches with their outputs, each handed out after the next one has been started.

        On a GPU the processor so decodes one batch while the next is computed.
        """
        waiting = None
        for indices in plan:
            batch = self.model.collate([features[index] for index in indices])
            batch = batch.to(self.device, non_blocking=True)
            started = (indices, batch, self.model(batch))
            if waiting is not None:
                yield waiting
            waiting = started
        if waiting is not None:
            yield waiting


def split_words(text: str) -> Sentence:
    """A text as a sentence of words with character offsets.

    >>> sentence = split_words("Ada's notes.")
    >>> sentence.words, sentence.offsets[-1]
    (('Ada', "'", 's', 'notes', '.'), (11, 12))
    """
    matches = list(_WORD.finditer(text))
    return Sentence(
        words=tuple(match.group() for match in matches),
        text=text,
        offsets=tuple(match.span() for match in matches),
    )


def _halve_encoders(model: Model) -> None:
    """Let encoders compute in bf16; heads are small, and stay precise."""
    for module in model.modules():
        if isinstance(module, Encoder):
            module.to(torch.bfloat16)


@contextmanager
def _evaluating(model: Model) -> Iterator[None]:
    training = model.training
    model.eval()
    try:
        with torch.inference_mode():
            yield
    finally:
        model.train(training)


def _reach(model: Model) -> int:
    """How many words around a sentence the model may look at."""
    return max(
        (module.reach for module in model.modules() if isinstance(module, Encoder)), default=0
    )
