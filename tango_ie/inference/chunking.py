"""A stream of sentences in chunks, each with the text around it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from tango_ie.data.annotations import Sentence


class Chunk(NamedTuple):
    """Sentences ``[start, stop)``, with some that precede and follow them.

    What is made of the chunk's own sentences is what would be made of them in the whole stream,
    by whoever looks no further than the words that were asked for.
    """

    sentences: list[Sentence]
    start: int
    stop: int


def chunks(sentences: Iterable[Sentence], size: int, reach: int = 0) -> Iterator[Chunk]:
    """Cut a stream; no more of it is held than a chunk with its surroundings.

    Args:
        size: sentences of a chunk.
        reach: words that are wanted on either side of a chunk, as far as there are any.

    >>> stream = (Sentence((word,)) for word in "abcde")
    >>> for chunk in chunks(stream, size=2, reach=1):
    ...     print([sentence.words[0] for sentence in chunk.sentences], chunk.start, chunk.stop)
    ['a', 'b', 'c'] 0 2
    ['b', 'c', 'd', 'e'] 1 3
    ['d', 'e'] 1 2
    """
    stream = iter(sentences)
    before: list[Sentence] = []
    ahead: deque[Sentence] = deque()  # read already, but not handed out
    while True:
        chunk = [ahead.popleft() for _ in range(min(size, len(ahead)))]
        chunk += islice(stream, size - len(chunk))
        if not chunk:
            return
        words = sum(map(len, ahead))
        while words < reach and (sentence := next(stream, None)) is not None:
            ahead.append(sentence)
            words += len(sentence)
        yield Chunk([*before, *chunk, *ahead], len(before), len(before) + len(chunk))
        before = _last_words([*before, *chunk], reach)


def _last_words(sentences: list[Sentence], reach: int) -> list[Sentence]:
    """The fewest sentences at the end that have ``reach`` words."""
    start, words = len(sentences), 0
    while start > 0 and words < reach:
        start -= 1
        words += len(sentences[start])
    return sentences[start:]
