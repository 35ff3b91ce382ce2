"""Which sub-words of a text a masked language model has to guess.

Legend: P sub-words of all blocks of a batch, end to end; W their words.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tango_ie.core.errors import ConfigurationError

KEPT, MASKED, REPLACED, UNCHANGED = 0, 1, 2, 3
# Of what is to be guessed, 80 % is masked, 10 % replaced by a random sub-word, 10 % left.
_UP_TO_MASKED, _UP_TO_REPLACED = 0.8, 0.9


@dataclass(frozen=True)
class Masking:
    """Draws what has to be guessed.

    Sources: BERT (Devlin et al. 2019), section 3.1, for the share and the 80/10/10 rule; whole
    words from its authors' later release; SpanBERT (Joshi et al. 2020), section 3.1, for spans.
    Where SpanBERT draws spans one after the other until the share is reached, we let a span begin
    at each word with the probability that gives the same share (spans may then touch or overlap),
    which needs no loop.

    Args:
        probability: share of sub-words to guess, in (0, 1).
        unit: sub-words alone, whole words, or spans of words.
        span_end: probability that a span ends after a word, in (0, 1]; with ``unit`` span.
        max_span: longest span, in words; with ``unit`` span.

    Raises:
        ConfigurationError: a number out of range.
    """

    probability: float = 0.15
    unit: Literal["subword", "word", "span"] = "word"
    span_end: float = 0.2
    max_span: int = 10

    def __post_init__(self) -> None:
        if not 0 < self.probability < 1:
            raise ConfigurationError(
                f"probability must lie between 0 and 1, found {self.probability}"
            )
        if not 0 < self.span_end <= 1:
            raise ConfigurationError(f"span_end must lie in (0, 1], found {self.span_end}")
        if self.max_span < 1:
            raise ConfigurationError(f"max_span must be at least 1, found {self.max_span}")

    def draw(
        self,
        word_ids: NDArray[np.int64],
        blocks: NDArray[np.int64],
        generator: np.random.Generator,
    ) -> NDArray[np.int8]:
        """What happens to each sub-word: ``KEPT``, or to be guessed and one of the others.

        Shapes:
            word_ids (P,): the word of each sub-word, counted over the batch; -1 for special tokens
            blocks (W,): the block of each word
            returns (P,)
        """
        real = word_ids >= 0  # (P,)
        if self.unit == "subword":
            chosen = real & (generator.random(len(word_ids)) < self.probability)  # (P,)
            fate = generator.random(len(word_ids))  # (P,)
        elif self.unit == "word":
            words = generator.random(len(blocks) + 1) < self.probability  # (W + 1,), last: special
            chosen = real & words[word_ids]  # (P,)
            fate = generator.random(len(word_ids))  # (P,)
        else:
            spans = np.append(self._draw_spans(blocks, generator), 0)  # (W + 1,)
            chosen = real & (spans[word_ids] > 0)  # (P,)
            fate = generator.random(len(spans))[spans[word_ids]]  # (P,), one per span
        actions = np.where(
            fate < _UP_TO_MASKED, MASKED, np.where(fate < _UP_TO_REPLACED, REPLACED, UNCHANGED)
        )
        return np.where(chosen, actions, KEPT).astype(np.int8)

    def _draw_spans(
        self, blocks: NDArray[np.int64], generator: np.random.Generator
    ) -> NDArray[np.int64]:
        """The number of the span that each word lies in, from 1; 0 for none. (W,)

        Touching spans are one. So that words at the head of a block are guessed as often as any,
        spans may begin before it.
        """
        lead = self.max_span - 1
        before = np.repeat(np.arange(blocks.max(initial=-1) + 1), lead)
        extended = np.sort(np.concatenate([before, blocks]))  # (W',)
        rate = span_rate(self.probability, self.span_end, self.max_span)
        starts = np.flatnonzero(generator.random(len(extended)) < rate)
        lengths = np.minimum(generator.geometric(self.span_end, len(starts)), self.max_span)
        limits = np.searchsorted(extended, extended[starts], side="right")
        steps = np.zeros(len(extended) + 1, dtype=np.int64)
        np.add.at(steps, starts, 1)
        np.subtract.at(steps, np.minimum(starts + lengths, limits), 1)
        places = np.arange(len(blocks)) + lead * (blocks + 1)  # (W,), of real words in W'
        covered = np.cumsum(steps)[places] > 0  # (W,)
        after = np.append(False, covered)[:-1]  # (W,), whether the word before is covered
        begins = covered & (~after | (np.diff(blocks, prepend=-1) != 0))  # (W,)
        return np.where(covered, np.cumsum(begins), 0)


@lru_cache(maxsize=8)
def span_rate(probability: float, span_end: float, max_span: int) -> float:
    """How often a span must begin for a word to lie in one with the given probability.

    >>> round(span_rate(0.15, 1.0, 10), 4)  # spans of one word
    0.15
    """
    reach = (1 - span_end) ** np.arange(max_span)  # that a span reaches the word k places on
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if 1 - np.prod(1 - middle * reach) < probability:
            low = middle
        else:
            high = middle
    return high
