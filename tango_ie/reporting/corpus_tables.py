"""The rows of what is told about a corpus, for the page and the terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tango_ie.data import Corpus
from tango_ie.reporting.corpus_wording import DESIGNS, share
from tango_ie.reporting.tables import Table
from tango_ie.reporting.wording import MISSING

AFFECTS_RESULTS = False  # see tango_ie.core.fingerprint

_LENGTHS = ((1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (6, 8), (9, 10), (11, 15), (16, None))
Split = Mapping[str, Any]


@dataclass(frozen=True)
class Cell:
    """A figure and how strongly it is marked, in percent: the length of a bar or a shade."""

    text: str
    mark: float


@dataclass(frozen=True)
class LabelTable:
    """One row per label, the most frequent first: its name and a cell per column."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]


def split_table(corpus: Corpus) -> Table:
    """One row per measure, one column per split; measures that do not apply are left out."""
    figures = corpus.statistics
    measures: list[tuple[str, Callable[[Split], str]]] = [
        ("sentences", lambda split: f"{split['sentences']:,}"),
        ("words", lambda split: f"{split['words']:,}"),
        ("words per sentence, mean", lambda split: f"{split['words'] / split['sentences']:.1f}"),
        ("longest sentence, words", lambda split: f"{split['longest_sentence']:,}"),
    ]
    if any(split["documents"] for split in figures.values()):
        measures.append(("documents", lambda split: f"{split['documents']:,}"))
    if corpus.schema.entity_types:
        measures += [
            ("entities", lambda split: f"{_total(split, 'entities'):,}"),
            ("types of entities", lambda split: f"{len(split['entities']):,}"),
            ("entropy of types, bits (of most)", lambda split: _entropy(split, "entities")),
            (
                "words inside entities",
                lambda split: share(split["words_in_entities"], split["words"]),
            ),
            ("deepest nesting", lambda split: f"{split['nesting']['max_depth']:,}"),
        ]
    if corpus.schema.relation_types:
        measures += [
            ("relations", lambda split: f"{_total(split, 'relations'):,}"),
            ("types of relations", lambda split: f"{len(split['relations']):,}"),
            ("entropy of types, bits (of most)", lambda split: _entropy(split, "relations")),
        ]
    measures += [
        (f"different tags, layer {layer}", lambda split, layer=layer: _layer(split, layer))  # type: ignore[misc]
        for layer in corpus.schema.tag_layers
    ]
    rows = [[name, *(measure(split) for split in figures.values())] for name, measure in measures]
    return ["", *figures], rows


def label_table(corpus: Corpus, key: str) -> LabelTable:
    """Entities or relations of each type and split; bars are shares of the split.

    Args:
        corpus: with statistics.
        key: ``entities`` or ``relations``.
    """
    figures = corpus.statistics
    totals = {name: max(1, _total(split, key)) for name, split in figures.items()}
    largest = max(
        (
            number / totals[name]
            for name, split in figures.items()
            for number in split[key].values()
        ),
        default=1.0,
    )
    rows = [
        (
            label,
            tuple(
                Cell(
                    f"{split[key].get(label, 0):,}",
                    _percent(split[key].get(label, 0) / totals[name], largest),
                )
                for name, split in figures.items()
            ),
        )
        for label in _by_frequency(figures, key)
    ]
    return LabelTable(("type", *figures), tuple(rows))


def length_table(corpus: Corpus) -> LabelTable:
    """For each type of entities, over all splits, the share of each length in words."""
    lengths: dict[str, dict[int, int]] = {}
    for split in corpus.statistics.values():
        for label, counts in split["entity_lengths"].items():
            ours = lengths.setdefault(label, {})
            for length, number in counts.items():
                ours[int(length)] = ours.get(int(length), 0) + number
    longest = max((length for counts in lengths.values() for length in counts), default=1)
    columns = [(low, high) for low, high in _LENGTHS if low <= longest]
    everything: dict[int, int] = {}
    for counts in lengths.values():
        for length, number in counts.items():
            everything[length] = everything.get(length, 0) + number
    order = _by_frequency(corpus.statistics, "entities")
    rows = [(label, lengths[label]) for label in order]
    if len(rows) > 1:
        rows.insert(0, ("all types", everything))
    header = ("type", *(_range(low, high) for low, high in columns), "mean", "longest")
    return LabelTable(
        header, tuple((label, _length_cells(counts, columns)) for label, counts in rows)
    )


def _length_cells(
    counts: Mapping[int, int], columns: list[tuple[int, int | None]]
) -> tuple[Cell, ...]:
    total = sum(counts.values())
    cells = []
    for low, high in columns:
        inside = sum(
            number
            for length, number in counts.items()
            if low <= length and (high is None or length <= high)
        )
        cells.append(Cell(share(inside, total) if inside else "", _percent(inside, total)))
    mean = sum(length * number for length, number in counts.items()) / total
    return (*cells, Cell(f"{mean:.2f}", 0), Cell(f"{max(counts):,}", 0))


def nesting_tables(corpus: Corpus) -> tuple[Table, Table] | None:
    """Entities by depth, and pairs that share words; ``None`` where no entities overlap."""
    figures = corpus.statistics
    deepest = max(split["nesting"]["max_depth"] for split in figures.values())
    if not any(split["overlapping_entities"] for split in figures.values()):
        return None
    depths = [
        [
            "1 (outermost)" if depth == 1 else str(depth),
            *(
                _part(split["nesting"]["depths"].get(str(depth), 0), _total(split, "entities"))
                for split in figures.values()
            ),
        ]
        for depth in range(1, deepest + 1)
    ]
    pairs = [
        [name, *(f"{split['nesting'][key]:,}" for split in figures.values())]
        for key, name in (
            ("nested_pairs", "one inside the other"),
            ("crossing_pairs", "crossing"),
            ("same_span_pairs", "the same words"),
        )
    ]
    return (["depth", *figures], depths), (["pairs of entities", *figures], pairs)


def lost_table(corpus: Corpus, what: str) -> Table:
    """What each design of models cannot represent.

    Args:
        corpus: with statistics.
        what: ``entities`` or ``relations``.
    """
    figures = corpus.statistics
    relations_only = ("one_relation_per_pair", "no_self_relations")
    entities_only = ("tags_without_begin", "one_type_per_span", "nested_trees")
    left_out = relations_only if what == "entities" else entities_only
    rows = [
        [
            name,
            *(
                _part(split["unrepresentable"][design][what], _total(split, what))
                for split in figures.values()
            ),
        ]
        for design, name in DESIGNS.items()
        if design not in left_out
    ]
    return [f"a model with … loses {what}", *figures], rows


def duplicate_table(corpus: Corpus) -> Table:
    """Sentences that occur earlier in the same split."""
    rows = [
        [
            name,
            _part(split["duplicates"]["words"], split["sentences"]),
            _part(split["duplicates"]["words_and_annotations"], split["sentences"]),
        ]
        for name, split in corpus.statistics.items()
    ]
    return ["sentences that repeat an earlier one of", "same words", "and annotations"], rows


def leakage_table(corpus: Corpus) -> Table:
    """Sentences that occur in two splits."""
    rows = []
    for pair in corpus.comparison["shared_sentences"]:
        size = len(corpus[pair["later"]])
        row = [f"of {pair['later']}, in {pair['earlier']} too"]
        for key in ("words", "words_and_annotations"):
            row.append(_part(pair[key]["sentences_of_later"], size))
        rows.append([*row, f"{pair['words']['distinct']:,}"])
    return ["sentences", "same words", "and annotations", "different ones (words)"], rows


def unseen_table(corpus: Corpus) -> list[tuple[str, str, list[tuple[str, int]], int]]:
    """Labels that the training split lacks: split, kind, labels with counts, how many more."""
    rows = []
    for name, unseen in corpus.comparison["unseen"].items():
        for key, kind in (("entities", "types of entities"), ("relations", "types of relations")):
            if unseen[key]:
                rows.append((name, kind, list(unseen[key].items()), 0))
        for layer, found in unseen["tags"].items():
            shown = list(found["most_frequent"].items())
            rows.append((name, f"tags of layer {layer}", shown, found["distinct"] - len(shown)))
    return rows


def note_table(corpus: Corpus) -> list[tuple[str, str, str, list[str]]]:
    """What was repaired: split, kind, count, examples."""
    return [
        (name, kind, f"{note['count']:,}", note["examples"])
        for name, split in corpus.statistics.items()
        for kind, note in split["notes"].items()
    ]


def _by_frequency(figures: Mapping[str, Split], key: str) -> list[str]:
    totals: dict[str, int] = {}
    for split in figures.values():
        for label, number in split[key].items():
            totals[label] = totals.get(label, 0) + number
    return sorted(totals, key=lambda label: (-totals[label], label))


def _total(split: Split, key: str) -> int:
    return sum(split[key].values())


def _entropy(split: Split, key: str) -> str:
    found = split["label_entropy"][key]
    if len(split[key]) < 2:
        return MISSING
    return f"{found['bits']:.2f} ({100 * found['normalised']:.0f} %)"


def _layer(split: Split, layer: str) -> str:
    return f"{split['tag_layers'][layer]:,}" if layer in split["tag_layers"] else MISSING


def _part(part: int, whole: int) -> str:
    return f"{part:,} ({share(part, whole)})" if part else "0"


def _percent(part: float, whole: float) -> float:
    return round(100 * part / whole, 2) if whole else 0.0


def _range(low: int, high: int | None) -> str:
    if high is None:
        return f"{low}+"
    return str(low) if low == high else f"{low}–{high}"
