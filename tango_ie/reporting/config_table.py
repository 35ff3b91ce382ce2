"""The config fields in which the variants of a report differ."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tango_ie.reporting.config_paths import config_paths, short_names
from tango_ie.reporting.shortened import Shortened, shortened
from tango_ie.reporting.wording import MISSING

if TYPE_CHECKING:
    from tango_ie.reporting.variant import Variant

MOST_COLUMNS = 6
_MOST_VALUES = 3
_HASHES = ("corpus_fingerprint",)
_HASH_DIGITS = 10
_OFF = {(), ("null",), ("false",)}


@dataclass(frozen=True)
class Field:
    """A field of the config that is not the same for all variants.

    Args:
        path: as ``path.of.field``.
        name: the shortest end of the path that is clear.
        values: for each variant the values of its runs, each once, as text; none where it has no
            such field.
        plain: whether all values are strings, which a variant's name may contain.
    """

    path: str
    name: str
    values: tuple[tuple[str, ...], ...]
    plain: bool

    @property
    def cells(self) -> tuple[Shortened, ...]:
        """One short text per variant."""
        return tuple(self._cell(values) for values in self.values)

    def _cell(self, values: Sequence[str]) -> Shortened:
        full = ", ".join(values)
        if not values:
            return Shortened(MISSING)
        if self.path.rpartition(".")[2] in _HASHES:
            values = [value[:_HASH_DIGITS] for value in values]
        if len(values) > _MOST_VALUES:
            return Shortened(f"{len(values)} values", full)
        return Shortened(", ".join(shortened(value) for value in values), full)


def differing_fields(variants: Sequence[Variant]) -> tuple[Field, ...]:
    """The fields in which variants differ, in the order of the config.

    A field that differs between the runs of each variant in one way, as the sample that each seed
    draws, makes no difference between variants. Empty where a run does not say what it was made
    from.
    """
    fields = [[_fields(run.info) for run in variant.runs] for variant in variants]
    known = [found for runs in fields for found in runs if found is not None]
    if len(known) < sum(map(len, fields)):
        return ()
    paths = list(dict.fromkeys(path for found in known for path in found))
    values = {
        path: tuple(
            tuple(sorted({_text(run[path]) for run in runs if run and path in run}))
            for runs in fields
        )
        for path in paths
    }
    differing = [path for path in paths if len(set(values[path])) > 1]
    # Where one variant has an empty object, and another fields in it, the fields tell it all.
    differing = [
        path
        for path in differing
        if {*values[path]} != {(), ("{}",)}
        or not any(other.startswith(f"{path}.") for other in differing)
    ]
    names = short_names(differing)
    return tuple(
        Field(
            path,
            names[path],
            values[path],
            all(isinstance(found.get(path, ""), str) for found in known),
        )
        for path in differing
    )


def telling_fields(variants: Sequence[Variant]) -> tuple[Field, ...]:
    """:func:`differing_fields` without those whose values the variants' names say already."""
    names = [variant.name for variant in variants]
    return tuple(field for field in differing_fields(variants) if not _is_said(field, names))


def column_fields(variants: Sequence[Variant]) -> tuple[Field, ...]:
    """The fields that are columns of the main table; none where they are too many for it."""
    fields = telling_fields(variants)
    return fields if len(fields) <= MOST_COLUMNS else ()


def field_table(variants: Sequence[Variant]) -> tuple[list[str], list[list[str]]] | None:
    """Fields × variants, where they are too many for the main table; otherwise ``None``.

    An option that some variants do not have, and that is off in those that have it, is left out:
    models of different types have many of these.
    """
    fields = telling_fields(variants)
    if len(fields) <= MOST_COLUMNS:
        return None
    fields = tuple(
        field for field in fields if () not in field.values or not _OFF.issuperset(field.values)
    )
    header = ["field", *(variant.name for variant in variants)]
    return header, [[Shortened(field.name, field.path), *field.cells] for field in fields]


def _fields(info: Mapping[str, Any]) -> dict[str, Any] | None:
    made_from = info.get("archive", {}).get("made_from")
    return config_paths(made_from) if isinstance(made_from, Mapping) else None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True, default=str)


def _is_said(field: Field, names: Sequence[str]) -> bool:
    """Whether each variant's name holds its value: ``head=crf``, or the bare word ``crf``."""
    return all(
        len(values) == 1 and _says(name, field, values[0])
        for name, values in zip(names, field.values, strict=True)
    )


def _says(name: str, field: Field, value: str) -> bool:
    if f"{field.name}={value}" in name.split(", "):
        return True
    return field.plain and (name == value or value in re.split(r"[^A-Za-z0-9.]+", name))
