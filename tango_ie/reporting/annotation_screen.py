"""Sentences with gold, or with gold and predictions, in the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from tango_ie.data.annotations import Annotations, Entity, Sentence
from tango_ie.reporting.sentence_drawing import Bracket, Layer, SentenceDrawing

AFFECTS_RESULTS = False  # see sentence_drawing

_RIGHT, _WRONG, _MISSED, _GOLD = "green", "red", "yellow", "cyan"


def annotated(
    sentence: Sentence, number: int, predicted: Annotations | None = None
) -> Iterator[RenderableType]:
    """What is printed for a sentence.

    Gold that was not predicted is yellow; predictions are green where gold has them, else red.

    Args:
        sentence: words and gold.
        number: shown in front, with the document.
        predicted: what a model found; ``None`` draws gold alone.
    """
    place = "" if sentence.doc_id is None else f" of document {sentence.doc_id}"
    yield Text(f"sentence {number}{place}", style="bold")
    if predicted is None:
        layers = [Layer("", [_bracket(entity, _GOLD) for entity in sentence.entities])]
        yield SentenceDrawing(sentence.words, layers)
        yield from _relations(sentence, sentence.annotations, "", _GOLD)
        return
    gold, found = Counter(sentence.entities), Counter(predicted.entities)
    layers = [
        Layer(
            "gold",
            [
                _bracket(entity, _RIGHT if entity in found else _MISSED)
                for entity in sentence.entities
            ],
        ),
        Layer(
            "found",
            [
                _bracket(entity, _RIGHT if entity in gold else _WRONG)
                for entity in predicted.entities
            ],
        ),
    ]
    yield SentenceDrawing(sentence.words, layers)
    yield from _relations(sentence, sentence.annotations, "gold ", _GOLD)
    yield from _relations(sentence, predicted, "found ", _GOLD)


def _bracket(entity: Entity, style: str) -> Bracket:
    score = "" if entity.score is None else f" {entity.score:.2f}"
    return Bracket(f"{entity.label}{score}", entity.start, entity.end, style)


def _relations(sentence: Sentence, found: Annotations, name: str, style: str) -> Iterator[Text]:
    for relation in found.relations:
        head, tail = found.entities[relation.head], found.entities[relation.tail]
        texts = [" ".join(sentence.words[item.start : item.end]) for item in (head, tail)]
        score = "" if relation.score is None else f" {relation.score:.2f}"
        yield Text.assemble(
            (name, "dim"), texts[0], (f" ─{relation.label}{score}→ ", style), texts[1]
        )
