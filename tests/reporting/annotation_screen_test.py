from __future__ import annotations

import io

from rich.console import Console

from tango_ie.data.annotations import Annotations, Entity, Relation, Sentence
from tango_ie.reporting.annotation_screen import annotated

SENTENCE = Sentence(
    ("Ada", "met", "Bo", "in", "Ghent"),
    (Entity("PER", 0, 1), Entity("PER", 2, 3)),
    (Relation("met", 0, 1),),
    doc_id="d7",
)


def screen(predicted: Annotations | None, colour: bool = False) -> str:
    console = Console(
        file=io.StringIO(),
        width=60,
        color_system="standard" if colour else None,
        force_terminal=colour,
    )
    with console.capture() as captured:
        console.print(*annotated(SENTENCE, 3, predicted), sep="\n")
    return "\n".join(line.rstrip() for line in captured.get().splitlines())


def test_gold_alone() -> None:
    assert screen(None).split("\n") == [
        "sentence 3 of document d7",
        "Ada   met Bo    in Ghent",
        "└PER┘     └PER┘",
        "Ada ─met→ Bo",
    ]


def test_gold_and_predictions() -> None:
    found = Annotations((Entity("PER", 0, 1, 0.9), Entity("LOC", 4, 5, 0.5)), ())
    lines = screen(found).split("\n")
    assert lines[2].startswith("gold  └") and lines[3].startswith("found └PER 0.90┘")
    assert lines[3].endswith("└LOC 0.50┘")
    coloured = screen(found, colour=True)
    assert "\x1b[32m└PER 0.90┘" in coloured  # as in gold
    assert "\x1b[31m└LOC 0.50┘" in coloured  # invented
    assert "\x1b[33m└PER┘" in coloured  # missed
