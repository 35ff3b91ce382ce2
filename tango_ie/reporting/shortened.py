"""Texts that are too long for a table, cut in the middle."""

from __future__ import annotations

LENGTH = 28
_ELLIPSIS = "…"


class Shortened(str):
    """A text for a narrow place, which knows what it stands for.

    Args:
        text: as it is shown.
        full: what was cut; the text itself where nothing was.

    >>> Shortened("pkg…model", "pkg://a/model").full
    'pkg://a/model'
    """

    full: str

    def __new__(cls, text: str, full: str | None = None) -> Shortened:
        made = super().__new__(cls, text)
        made.full = text if full is None else full
        return made

    @property
    def is_cut(self) -> bool:
        """Whether there is more to show than is shown."""
        return self.full != str(self)


def shortened(text: str, length: int = LENGTH) -> Shortened:
    """Keep both ends of a text: names of models and paths are told apart there.

    >>> shortened("sentence-transformers/all-MiniLM-L6-v2", 20), shortened("crf")
    ('sentence-…niLM-L6-v2', 'crf')
    >>> len(shortened("sentence-transformers/all-MiniLM-L6-v2", 20))
    20
    """
    if len(text) <= length:
        return Shortened(text)
    head = (length - len(_ELLIPSIS)) // 2
    tail = length - len(_ELLIPSIS) - head
    return Shortened(f"{text[:head]}{_ELLIPSIS}{text[-tail:]}", text)
