"""Word lists and patterns of names, as one split of a domain may use them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tango_ie.core.errors import DataError
from tango_ie.data.embedded.templates import Node, parse

SOURCES = Path(__file__).parent / "sources"
ACRONYM = "@"  # as a short form
REFERENCE = "@"  # before the name of a list whose entries join another list


@dataclass(frozen=True)
class Pattern:
    """How a name reads in full and, where it has one, in its later short form."""

    full: tuple[Node, ...]
    short: tuple[Node, ...] = ()
    acronym: bool = False


@dataclass(frozen=True)
class Kind:
    """A kind of participant.

    Args:
        label: the entity type of its mentions.
        patterns: what its names may look like.
        tag: part of speech of the words of a name.
        nouns: how a text refers back to it without naming it (``the company``).
        fresh: every mention is a new thing, as with dates.
        shared: the split may use names that training text also uses.
    """

    label: str
    patterns: tuple[Pattern, ...]
    tag: str = "PROPN"
    nouns: tuple[str, ...] = ()
    fresh: bool = False
    shared: bool = False


@dataclass(frozen=True)
class Gazetteer:
    """Everything that names of one split are made of.

    Args:
        keys: the kind of participant that each upper-case slot stands for.
        kinds: kinds of participants by name.
        lists: entries of each word list.
        label_names: natural-language names of entity and relation labels.
    """

    keys: Mapping[str, str]
    kinds: Mapping[str, Kind]
    lists: Mapping[str, tuple[tuple[Node, ...], ...]]
    label_names: Mapping[str, str]

    @classmethod
    def read(cls, domain: str, split: str) -> Gazetteer:
        """Read ``sources/DOMAIN.json`` and the people of ``sources/people.json`` for ``split``.

        Raises:
            DataError: when a list has no entries for the split.
        """
        people = json.loads((SOURCES / "people.json").read_text(encoding="utf-8"))
        source = json.loads((SOURCES / f"{domain}.json").read_text(encoding="utf-8"))
        entries = {**people["lists"], **source["lists"]}
        texts = {name: _split_entries(name, value, split) for name, value in entries.items()}
        lists = {
            name: tuple(
                parse(text)
                for entry in value
                for text in (texts[entry[1:]] if entry.startswith(REFERENCE) else [entry])
            )
            for name, value in texts.items()
        }
        kinds = {
            name: _kind(name, value, split)
            for name, value in {**people["kinds"], **source["kinds"]}.items()
        }
        return cls(source["keys"], kinds, lists, source["label_names"])


@cache
def lexicon() -> Mapping[str, str]:
    """The part of speech of every literal word that does not carry its own.

    Raises:
        DataError: when a word stands under two parts of speech.
    """
    tags: dict[str, str] = {}
    path = SOURCES / "lexicon.txt"
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        tag, _, words = line.partition(":")
        for word in words.split():
            if tags.setdefault(word, tag) != tag:
                raise DataError(f"{word!r} is {tags[word]} and {tag}", path, number)
    return tags


def _split_entries(name: str, value: Mapping[str, str], split: str) -> list[str]:
    text = ", ".join(value[part] for part in (split, "all") if part in value)
    if not text:
        raise DataError(f"list {name!r} has no entries for the split {split!r}")
    return [entry.strip() for entry in text.split(",")]


def _kind(name: str, value: Mapping[str, Any], split: str) -> Kind:
    patterns = value["patterns"]
    lines = [*patterns.get(split, []), *patterns.get("all", [])]
    if not lines:
        raise DataError(f"kind {name!r} has no patterns for the split {split!r}")
    options = {key: value[key] for key in ("tag", "fresh", "shared") if key in value}
    return Kind(
        label=value["label"],
        patterns=tuple(_pattern(line) for line in lines),
        nouns=tuple(value.get("nouns", ())),
        **options,
    )


def _pattern(line: str) -> Pattern:
    full, _, short = (part.strip() for part in line.partition("=>"))
    if short == ACRONYM:
        return Pattern(parse(full), acronym=True)
    return Pattern(parse(full), parse(short) if short else ())
