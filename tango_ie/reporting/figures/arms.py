"""Variants that differ in the size of their training data alone are one line: an arm."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from tango_ie.reporting.config_paths import config_paths
from tango_ie.reporting.figures.varied import DATA_FIELDS
from tango_ie.reporting.wording import listed

if TYPE_CHECKING:
    from tango_ie.reporting.variant import Run, Variant

_LEAST_RATIO = 1.5
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_GAPS = re.compile(r"[\s_,=/-]+")
_SIZE_WORDS = re.compile(r"(?i)\b(?:k|share|fraction|of|shots?|sentences?|percent)\b|%")


@dataclass(frozen=True)
class Size:
    """A variant: one size of the training data.

    Args:
        variant: its name.
        runs: number of training sentences and F1 in percent.
    """

    variant: str
    runs: tuple[tuple[int, float], ...]

    @property
    def sentences(self) -> float:
        """Geometric mean over runs, as samples of one K differ in their size."""
        return math.exp(sum(math.log(number) for number, _ in self.runs) / len(self.runs))


@dataclass(frozen=True)
class Arm:
    """What is trained on data of several sizes; the smallest first."""

    name: str
    sizes: tuple[Size, ...]


def arms(variants: Sequence[Variant]) -> tuple[Arm, ...]:
    """The lines of a low-resource curve; empty where there is none.

    Variants are of one arm if their configs are the same but for the data, or else if their names
    are the same but for numbers that grow with the data, such as ``crf_5shot`` and ``crf_20shot``:
    small samples are often trained for more epochs.
    """
    sizes = [_size(variant) for variant in variants]
    known = [(variant, size) for variant, size in zip(variants, sizes, strict=True) if size]
    for group, is_arm in ((_config, _reaches), (_template, _grows)):
        keys = [group(variant) for variant, _ in known]
        members: dict[Hashable, list[Size]] = {}
        for label, (_, size) in zip(keys, known, strict=True):
            if label is not None:
                members.setdefault(label, []).append(size)
        if any(is_arm(found) for found in members.values()):
            return _named(list(members.values()))
    return ()


def _size(variant: Variant) -> Size | None:
    numbers = [_num_sentences(run) for run in variant.runs]
    if not all(numbers):
        return None
    pairs = [
        (number, 100 * run.total.f1) for number, run in zip(numbers, variant.runs, strict=True)
    ]
    return Size(variant.name, tuple((number or 0, score) for number, score in pairs))


def _num_sentences(run: Run) -> int | None:
    found = run.archive.get("num_train_sentences")
    return found if isinstance(found, int) else None


def _config(variant: Variant) -> str | None:
    """What a variant is made from, but for the data of its last training."""
    made_from: Any = variant.runs[0].archive.get("made_from")
    if not isinstance(made_from, Mapping):
        return None
    rest = {key: value for key, value in made_from.items() if key not in DATA_FIELDS}
    return json.dumps(config_paths(rest), sort_keys=True, default=str)


def _template(variant: Variant) -> str | None:
    return _NUMBER.sub("#", variant.name)


def _reaches(sizes: Sequence[Size]) -> bool:
    """Whether the data of some sizes differ enough for a curve."""
    numbers = [size.sentences for size in sizes]
    return max(numbers) >= _LEAST_RATIO * min(numbers)


def _grows(sizes: Sequence[Size]) -> bool:
    """The same, and the numbers in the names grow with the data."""
    ordered = sorted(sizes, key=lambda size: size.sentences)
    named = [tuple(map(float, _NUMBER.findall(size.variant))) for size in ordered]
    return _reaches(sizes) and all(a < b for a, b in pairwise(named))


def _named(groups: Sequence[Sequence[Size]]) -> tuple[Arm, ...]:
    """Arms with the names of their variants without what tells the sizes apart."""
    ordered = [sorted(group, key=lambda size: size.sentences) for group in groups]
    for shorten in (_common, _all_names):
        names = [shorten([size.variant for size in group]) for group in ordered]
        if len({*names}) == len(names) and all(names):
            break
    if len(ordered) == 1 and not _common([size.variant for size in ordered[0]]):
        names = ["all variants"]
    return tuple(Arm(name, tuple(group)) for name, group in zip(names, ordered, strict=True))


def _common(names: Sequence[str]) -> str:
    """The words that all names have, but for those of sizes.

    >>> _common(["crf_5shot", "crf_20shot", "crf_full"]), _common(["crf_5shot"])
    ('crf', 'crf_5shot')
    >>> _common(["k=5, head=crf", "k=9, head=crf"])
    'head=crf'
    """
    if len(names) == 1:
        return names[0]
    pieces = [_pieces(name) for name in names]
    kept = [piece for piece in pieces[0] if all(piece in other for other in pieces[1:])]
    return ", ".join(kept) if any("=" in piece for piece in kept) else " ".join(kept)


def _pieces(name: str) -> list[str]:
    parts = name.split(", ") if "=" in name else _GAPS.split(name)
    return [part for part in parts if part and not _SIZE_WORDS.fullmatch(part)]


def _all_names(names: Sequence[str]) -> str:
    return listed(names)
