"""Document context: how much of the text around a sentence its encoder reads along with it.

Legend: N sentences.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.annotations import Sentence
from tango_ie.modules.said_once import SaidOnce


@dataclass(frozen=True)
class DocumentContext:
    """What an encoder reads on either side of a sentence.

    Source: FLERT (Schweter and Akbik 2020), 64 sub-words on either side. As there, the budget is
    counted in sub-words and cuts where it ends, inside a sentence or a word. Context is the true
    text or nothing: it ends at the borders of the document and at gaps, where a sample has left
    sentences out. Sentences without ``doc_id`` have none.

    Args:
        tokens: sub-words on either side, at most. Where the window has no room for all of them,
            both sides get the same, and what one does not need goes to the other.
        separator: put the tokenizer's separator (``[SEP]``, ``</s>``) between sentence and context,
            on each side that has context. It is a token that the pretrained encoder knows; FLERT's
            own marker was a new one.

    Raises:
        ConfigurationError: ``tokens`` below zero.
    """

    tokens: int = 64
    separator: bool = False

    def __post_init__(self) -> None:
        if self.tokens < 0:
            raise ConfigurationError(f"tokens must be at least 0, found {self.tokens}", "tokens")


class Continuity(NamedTuple):
    """How sentences follow each other in their documents.

    Args:
        continues: (N,) bool, True where the text goes on from the sentence before.
        without_document: sentences without ``doc_id``.
        after_gap: sentences whose predecessor in the document is not the one before them here.
    """

    continues: NDArray[np.bool_]
    without_document: int
    after_gap: int


def find_continuity(sentences: Sequence[Sentence]) -> Continuity:
    """Which sentences continue the text of the one before them.

    They do so if both have the same ``doc_id`` and the place in the document is one more; places
    that are not known are taken to be so. What comes before the first sentence is not known here,
    so that it never counts as standing after a gap.

    >>> here = [Sentence(("a",), doc_id="1", position=place) for place in (4, 5, 7)]
    >>> continuity = find_continuity([*here, Sentence(("b",))])
    >>> continuity.continues.tolist(), continuity.without_document, continuity.after_gap
    ([False, True, False, False], 1, 1)
    """
    continues = np.zeros(len(sentences), np.bool_)
    without_document = after_gap = 0
    before: Sentence | None = None
    for index, sentence in enumerate(sentences):
        if sentence.doc_id is None:
            without_document += 1
        elif before is not None:
            continues[index] = _continues(before, sentence)
            after_gap += not continues[index] and sentence.position not in (None, 0)
        before = sentence
    return Continuity(continues, without_document, after_gap)


def plan_context(
    counts: NDArray[np.int64],
    continues: NDArray[np.bool_],
    context: DocumentContext,
    capacity: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """How many sub-words before and after each sentence are read along with it.

    Args:
        counts: sub-words of each sentence.
        continues: see :class:`Continuity`.
        capacity: sub-words that a window holds, separators included.

    Shapes:
        counts, continues (N,); returns two (N,) int

    >>> plan_context(np.array([5, 2, 9]), np.array([False, True, True]), DocumentContext(4), 10)
    (array([0, 4, 1]), array([4, 4, 0]))
    """
    ends = np.cumsum(counts)
    starts = ends - counts
    first = np.flatnonzero(~continues)  # the sentence with which each run of text begins
    run = np.cumsum(~continues) - 1  # (N,) a split's first sentence never continues
    last = np.append(first[1:], len(counts)) - 1
    before = np.minimum(starts - starts[first][run], context.tokens)  # (N,)
    after = np.minimum(ends[last][run] - ends, context.tokens)  # (N,)
    room = np.maximum(capacity - counts - 2 * context.separator, 0)  # (N,)
    room[counts == 0] = 0  # a sentence without words needs no context
    left = np.minimum(before, np.maximum(room // 2, room - after))
    right = np.minimum(after, room - left)
    return left, right


def report(continuity: Continuity, said: SaidOnce) -> None:
    """Warn of sentences that lack context which they might have."""
    total = len(continuity.continues)
    if continuity.without_document:
        said.warn(
            "%d of %d sentences belong to no document and are encoded without context",
            continuity.without_document,
            total,
        )
    if continuity.after_gap:
        said.warn(
            "%d of %d sentences do not follow the one that precedes them in their document (it was "
            "left out, or stands elsewhere); no context reaches across such gaps. A sample of "
            "whole documents has none",
            continuity.after_gap,
            total,
        )


def _continues(before: Sentence, sentence: Sentence) -> bool:
    if before.doc_id != sentence.doc_id:
        return False
    if before.position is None or sentence.position is None:
        return True
    return sentence.position == before.position + 1
