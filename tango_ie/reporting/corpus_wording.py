"""What is worth saying of a corpus, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tango_ie.data import Corpus
from tango_ie.reporting.wording import listed

AFFECTS_RESULTS = False  # see tango_ie.core.fingerprint

DESIGNS = {
    "flat_tags": "one tag per word (IOB1, IOB2, BIOES, BILOU)",
    "tags_without_begin": "… and none that marks a begin (IO): further",
    "one_type_per_span": "one type per span",
    "nested_trees": "spans that form a tree",
    "spans_up_to_5_words": "spans of at most 5 words",
    "spans_up_to_8_words": "spans of at most 8 words",
    "spans_up_to_10_words": "spans of at most 10 words",
    "spans_up_to_12_words": "spans of at most 12 words",
    "spans_up_to_15_words": "spans of at most 15 words",
    "one_relation_per_pair": "one relation per head and tail",
    "no_self_relations": "no relation of an entity to itself",
}
_SHOWN = 5


def counted(number: int, what: str, plural: str | None = None) -> str:
    """
    >>> counted(1, "sentence"), counted(2_000, "sentence"), counted(0, "entity", "entities")
    ('1 sentence', '2,000 sentences', '0 entities')
    """
    return f"{number:,} {what if number == 1 else plural or what + 's'}"


def share(part: float, whole: float) -> str:
    """
    >>> share(1, 3), share(1, 5_000), share(4_999, 5_000), share(0, 3), share(0, 0)
    ('33.3 %', '< 0.1 %', '> 99.9 %', '0 %', '–')
    """
    if not whole:
        return "–"
    if part in (0, whole):
        return "100 %" if part else "0 %"
    percent = 100 * part / whole
    if percent < 0.1:
        return "< 0.1 %"
    return "> 99.9 %" if percent > 99.9 else f"{percent:.1f} %"


def subject(corpus: Corpus) -> str:
    """What the corpus holds, in one sentence."""
    figures = corpus.statistics.values()
    sentences = sum(split["sentences"] for split in figures)
    schema = corpus.schema
    parts = [f"{counted(sentences, 'sentence')} in {counted(len(corpus.splits), 'split')}"]
    for key, types, what, plural in (
        ("entities", schema.entity_types, "entity", "entities"),
        ("relations", schema.relation_types, "relation", "relations"),
    ):
        number = sum(sum(split[key].values()) for split in figures)
        if number:
            parts.append(f"{counted(number, what, plural)} of {counted(len(types), 'type')}")
    if len(parts) == 1 and schema.tag_layers:
        parts.append(f"tags in {counted(len(schema.tag_layers), 'layer')}")
    return f"{parts[0]}{' with ' if parts[1:] else ''}{listed(parts[1:])}"


def findings(corpus: Corpus) -> tuple[str, ...]:
    """What a researcher should know before training: leakage, new labels, nesting, repairs."""
    return (
        *_leaks(corpus),
        *_unseen(corpus),
        *_lost(corpus),
        *_repairs(corpus.statistics),
    )


def _leaks(corpus: Corpus) -> list[str]:
    lines = []
    names = [corpus.comparison["reference"]]
    for name, seen in corpus.comparison["seen_before"].items():
        size = len(corpus[name])
        if seen["words"]:
            lines.append(
                f"{seen['words']:,} of {counted(size, 'sentence')} of {name} "
                f"({share(seen['words'], size)}) occur word for word in {_either(names)}"
            )
        names.append(name)
    return lines


def _unseen(corpus: Corpus) -> list[str]:
    lines = []
    reference = corpus.comparison["reference"]
    for name, unseen in corpus.comparison["unseen"].items():
        for key, what in (("entities", "entity type"), ("relations", "relation type")):
            missing = unseen[key]
            if missing:
                does = "does" if len(missing) == 1 else "do"
                lines.append(
                    f"{counted(len(missing), what)} of {name} {does} not occur in {reference}: "
                    f"{_some(missing)}"
                )
    return lines


def _lost(corpus: Corpus) -> list[str]:
    figures = corpus.statistics.values()
    entities = sum(sum(split["entities"].values()) for split in figures)
    relations = sum(sum(split["relations"].values()) for split in figures)

    def lost(design: str, what: str) -> int:
        return sum(split["unrepresentable"][design][what] for split in figures)

    lines = []
    flat = lost("flat_tags", "entities")
    if flat:
        also = lost("flat_tags", "relations")
        lines.append(
            f"a tagger with one tag per word cannot hold {flat:,} of "
            f"{counted(entities, 'entity', 'entities')} ({share(flat, entities)})"
            + (f" and loses {counted(also, 'relation')} with them" if also else "")
        )
    several = lost("one_relation_per_pair", "relations")
    if several:
        lines.append(
            f"one relation per pair of entities loses {several:,} of "
            f"{counted(relations, 'relation')} ({share(several, relations)})"
        )
    return lines


def _repairs(statistics: Mapping[str, Any]) -> list[str]:
    totals: dict[str, int] = {}
    for split in statistics.values():
        for kind, note in split["notes"].items():
            totals[kind] = totals.get(kind, 0) + note["count"]
    ranked = sorted(totals.items(), key=lambda item: (-item[1], item[0]))
    lines = [f"{number:,} × {kind}" for kind, number in ranked[:_SHOWN]]
    rest = sum(number for _, number in ranked[_SHOWN:])
    if rest:
        kinds = counted(len(ranked) - _SHOWN, "other kind")
        lines.append(f"{counted(rest, 'repair')} of {kinds}")
    return lines


def _either(names: list[str]) -> str:
    return " or ".join(names) if len(names) < 3 else f"{', '.join(names[:-1])} or {names[-1]}"


def _some(labels: Mapping[str, int]) -> str:
    shown = [f"{label} ({number:,})" for label, number in list(labels.items())[:_SHOWN]]
    rest = len(labels) - len(shown)
    return listed([*shown, f"{rest:,} more"] if rest else shown)
