"""What an experiment varies: fields of the config that change on their own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tango_ie.reporting.config_table import Field, differing_fields
from tango_ie.reporting.wording import listed

if TYPE_CHECKING:
    from tango_ie.reporting.variant import Variant

DATA_FIELDS = frozenset({"corpus_fingerprint", "train_split", "dev_split"})
NOT_SET = "not set"


@dataclass(frozen=True)
class Varied:
    """A field that is varied, with those that change whenever it does.

    Args:
        name: short.
        texts: the value of each variant.
        numbers: the same as numbers; ``None`` where a value is none.
        along: names of the fields that change with it.
    """

    name: str
    texts: tuple[str, ...]
    numbers: tuple[float, ...] | None
    along: tuple[str, ...] = ()

    @property
    def levels(self) -> tuple[str, ...]:
        """Each value once: numbers ascending, others as they come."""
        if self.numbers is None:
            return tuple(dict.fromkeys(self.texts))
        pairs = sorted(zip(self.numbers, self.texts, strict=True))
        return tuple(dict.fromkeys(text for _, text in pairs))

    @property
    def label(self) -> str:
        """For an axis."""
        return self.name.replace("_", " ")

    @property
    def remark(self) -> str:
        """A sentence on what changes along, if anything does."""
        if not self.along:
            return ""
        return f" With {self.name} changes {listed(self.along)}."


def varied(variants: Sequence[Variant]) -> tuple[Varied, ...] | None:
    """The fields in which variants differ; those that change together are one.

    ``None`` where nothing differs, where the variants differ in their data, or where a variant
    has more than one value of a field.
    """
    fields = differing_fields(variants)
    if not fields or any(field.path.rpartition(".")[2] in DATA_FIELDS for field in fields):
        return None
    if any(len(values) > 1 for field in fields for values in field.values):
        return None
    groups: dict[tuple[int, ...], list[Varied]] = {}
    for field in fields:
        texts = tuple(values[0] if values else NOT_SET for values in field.values)
        found = Varied(field.name, texts, _numbers(field))
        groups.setdefault(tuple(map(texts.index, texts)), []).append(found)
    return tuple(map(_one, groups.values()))


def _one(group: Sequence[Varied]) -> Varied:
    first = next((item for item in group if item.numbers is not None), group[0])
    along = tuple(item.name for item in group if item is not first)
    return Varied(first.name, first.texts, first.numbers, along)


def _numbers(field: Field) -> tuple[float, ...] | None:
    numbers = []
    for values in field.values:
        try:
            value = json.loads(values[0]) if values and not field.plain else None
        except ValueError:
            return None
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            return None
        numbers.append(float(value))
    return tuple(numbers)
