"""A corpus as one HTML page that needs nothing else: no script, no font, no request."""

from __future__ import annotations

import json
from pathlib import Path

from tango_ie.data import Corpus
from tango_ie.reporting import corpus_tables as tables
from tango_ie.reporting.corpus_wording import findings, subject
from tango_ie.reporting.histogram import histograms
from tango_ie.reporting.templates import render

AFFECTS_RESULTS = False  # see tango_ie.core.fingerprint

PAGE = "corpus.html"
_TEMPLATE = "corpus.html.jinja"

_EXAMPLE_WORDS = 30
_MOST_ROWS = 1000  # of a table; browsers slow down with more


def corpus_page(corpus: Corpus) -> str:
    """The text of ``corpus.html``."""
    figures = corpus.statistics
    origin = corpus.origin
    return render(
        _TEMPLATE,
        corpus=corpus,
        subject=subject(corpus),
        findings=findings(corpus),
        reader=origin.pop("reader", None),
        files=origin.pop("files", None),
        further_origin=json.dumps(origin, ensure_ascii=False, indent=1) if origin else None,
        facts=_facts(corpus),
        most_rows=_MOST_ROWS,
        splits=tables.split_table(corpus),
        entities=tables.label_table(corpus, "entities"),
        relations=tables.label_table(corpus, "relations"),
        sentence_lengths=histograms(
            {
                name: {int(length): number for length, number in split["sentence_lengths"].items()}
                for name, split in figures.items()
            }
        ),
        entity_lengths=tables.length_table(corpus),
        nesting=tables.nesting_tables(corpus),
        lost_entities=tables.lost_table(corpus, "entities"),
        lost_relations=tables.lost_table(corpus, "relations"),
        duplicates=tables.duplicate_table(corpus),
        leakage=tables.leakage_table(corpus),
        leakage_examples=_leakage_examples(corpus),
        unseen=tables.unseen_table(corpus),
        notes=tables.note_table(corpus),
    )


def write_corpus_page(corpus: Corpus, folder: str | Path) -> Path:
    """Write ``corpus.html`` into a folder, and tell where it is."""
    path = Path(folder, PAGE)
    path.write_text(corpus_page(corpus), encoding="utf-8", errors="replace")
    return path


def _facts(corpus: Corpus) -> list[tuple[str, list[tuple[str, str]]]]:
    """What readers found out: what → found → in which splits."""
    found: dict[str, dict[str, list[str]]] = {}
    for name, split in corpus.statistics.items():
        for what, value in split["facts"].items():
            found.setdefault(what, {}).setdefault(value, []).append(name)
    return [
        (what, [(value, ", ".join(names)) for value, names in values.items()])
        for what, values in found.items()
    ]


def _leakage_examples(corpus: Corpus) -> list[tuple[str, list[str]]]:
    examples = []
    for pair in corpus.comparison["shared_sentences"]:
        sentences = [corpus[pair["later"]][place].words for place in pair["words"]["examples"]]
        if sentences:
            title = f"{pair['later']} and {pair['earlier']}"
            examples.append((title, [_shortened(words) for words in sentences]))
    return examples


def _shortened(words: tuple[str, ...]) -> str:
    shown = " ".join(words[:_EXAMPLE_WORDS])
    return f"{shown} …" if len(words) > _EXAMPLE_WORDS else shown
