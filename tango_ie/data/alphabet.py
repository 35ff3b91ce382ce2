"""The characters of corpora."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.corpus import Corpus


def alphabet(corpora: Sequence[Corpus], split: str = "train", at_least: int = 1) -> str:
    """The characters that occur in the words of one split of each corpus, in their code order.

    Args:
        at_least: leave rarer characters out, so that a model learns what to make of unknown ones.

    Raises:
        ConfigurationError: a corpus has no such split, or no character is left.
    """
    counts: Counter[str] = Counter()
    for corpus in corpora:
        words = Counter(word for sentence in corpus[split] for word in sentence.words)
        for word, count in words.items():
            for character in word:
                counts[character] += count
    found = "".join(sorted(sign for sign, count in counts.items() if count >= at_least))
    if not found:
        raise ConfigurationError(f"no character occurs {at_least} times", "at_least")
    return found
