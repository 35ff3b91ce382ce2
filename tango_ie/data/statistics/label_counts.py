"""Counts of labels and of small whole numbers, as they lie in statistics."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


def add_labels(counter: Counter[str], labels: Sequence[str], codes: NDArray[Any]) -> None:
    """Count labels that are given as places in their inventory."""
    for label, count in zip(
        labels, np.bincount(codes, minlength=len(labels)).tolist(), strict=True
    ):
        if count:
            counter[label] += count


def add_numbers(counter: Counter[int], numbers: NDArray[Any]) -> None:
    """Count whole numbers, which may be large but not below zero."""
    values, counts = np.unique(numbers, return_counts=True)
    counter.update(dict(zip(values.tolist(), counts.tolist(), strict=True)))


def by_label(counter: Mapping[str, int]) -> dict[str, int]:
    """The counts, labels sorted."""
    return dict(sorted(counter.items()))


def histogram(counter: Mapping[int, int]) -> dict[str, int]:
    """The counts by number, ascending; the numbers are strings, as JSON wants them.

    >>> histogram({10: 1, 9: 2})
    {'9': 2, '10': 1}
    """
    return {str(number): counter[number] for number in sorted(counter)}


def entropy(counts: Mapping[str, int]) -> dict[str, float]:
    """Entropy of a distribution over labels.

    Returns:
        ``bits``, and ``normalised``: the share of what equally frequent labels would have, 0 to 1
        (0 where there are fewer than two).

    >>> entropy({"PER": 6, "LOC": 2}), entropy({"PER": 3, "LOC": 3, "ORG": 3, "MISC": 3})
    ({'bits': 0.811278, 'normalised': 0.811278}, {'bits': 2.0, 'normalised': 1.0})
    """
    total = sum(counts.values())
    shares = [count / total for _, count in sorted(counts.items()) if count]
    bits = abs(math.fsum(share * math.log2(share) for share in shares))
    most = math.log2(len(shares)) if len(shares) > 1 else math.inf
    return {"bits": round(bits, 6), "normalised": round(bits / most, 6)}
