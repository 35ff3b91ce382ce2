"""Examples made by hand and by chance, and a page to show them in."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from string import ascii_lowercase

from jinja2 import Environment, PackageLoader

from tango_ie.data.annotations import Annotations, Entity, Relation
from tango_ie.reporting.examples import ErrorMark, Example, ExampleBrowser, RunPrediction

_PAGE = """{% extends "base.html.jinja" %}
{% block title %}Examples{% endblock %}
{% block style %}{{ browser.style }}{% endblock %}
{% block main %}<h1>Examples</h1>{{ browser.section }}{% endblock %}"""


def page(examples: Sequence[Example], note: str = "") -> str:
    """A page with nothing but the browser."""
    environment = Environment(autoescape=True, loader=PackageLoader("tango_ie.reporting", ""))
    return environment.from_string(_PAGE).render(browser=ExampleBrowser(examples, note))


def marks(gold: Annotations, found: Annotations) -> tuple[list[ErrorMark], list[ErrorMark]]:
    """Errors of a simple kind: same span, overlap, nothing."""
    entities = []
    taken = set()
    for place, entity in enumerate(gold.entities):
        if entity in found.entities:
            continue
        kind, partner = "missed", None
        for other, guess in enumerate(found.entities):
            if guess in gold.entities or other in taken:
                continue
            if (guess.start, guess.end) == (entity.start, entity.end):
                kind, partner = "type", other
            elif guess.start < entity.end and entity.start < guess.end:
                kind, partner = "boundary", other
        if partner is not None:
            taken.add(partner)
        entities.append(ErrorMark(kind, place, partner))
    for place, guess in enumerate(found.entities):
        if guess not in gold.entities and place not in taken:
            entities.append(ErrorMark("spurious", None, place))
    wanted, got = ([_triple(one, item) for item in one.relations] for one in (gold, found))
    relations = [
        ErrorMark("missed", place) for place, one in enumerate(wanted) if one not in got
    ] + [ErrorMark("spurious", None, place) for place, one in enumerate(got) if one not in wanted]
    return entities, relations


def _triple(annotations: Annotations, relation: Relation) -> tuple[str, Entity, Entity]:
    entities = annotations.entities
    return relation.label, entities[relation.head], entities[relation.tail]


def example(
    index: int,
    text: str | Sequence[str],
    gold: Annotations,
    found: Mapping[str, Sequence[Annotations]],
    doc_id: str | None = None,
    fixed_by: tuple[str, ...] = (),
    broken_by: tuple[str, ...] = (),
) -> Example:
    """An example; ``found`` has for each variant what its seeds 1, 2, … predicted."""
    runs = []
    for variant, predictions in found.items():
        for seed, predicted in enumerate(predictions, start=1):
            entities, relations = marks(gold, predicted)
            runs.append(RunPrediction(variant, seed, predicted, tuple(entities), tuple(relations)))
    words = tuple(text.split(" ")) if isinstance(text, str) else tuple(text)
    return Example(index, words, doc_id, gold, tuple(runs), fixed_by, broken_by)


def annotated(*entities: Entity, relations: Sequence[Relation] = ()) -> Annotations:
    """Annotations without tags."""
    return Annotations(entities, tuple(relations))


def small() -> list[Example]:
    """Two variants with two seeds each; nested, crossing, related, long, from right to left."""
    ada, london = Entity("PER", 0, 2, 0.987), Entity("LOC", 4, 5, 0.61)
    lived = Relation("lived_in", 0, 1, 0.83)
    bank = Entity("ORG", 1, 8, 0.71)
    city, country = Entity("LOC", 4, 5, 0.88), Entity("LOC", 7, 8, 0.9)
    long = ["word"] * 2400
    long[1200:1202] = ["Ada", "Lind"]
    hidden = Entity("PER", 1200, 1202, 0.4)
    hebrew = "עדה לינד גרה בעיר New York City מאז 1842 ."
    ada_hebrew = Entity("PER", 0, 2, 0.97)
    york = Entity("LOC", 4, 7, 0.8)
    odd = [
        "e\u0301te\u0301",
        "👩🏽‍🔬",
        "</script><b>",
        "\u2028",
        "x\x00y",
        "\u202egnorw",
        "n̷̛̰̈o̴",
        "w" * 300,
        "\ud800",
    ]
    nothing = annotated()
    return [
        example(
            0,
            "Ada Lind lived in London until 1852 .",
            annotated(ada, london, relations=[lived]),
            {
                "baseline": [annotated(ada), annotated(ada, Entity("ORG", 4, 5, 0.5))],
                "crf": [annotated(ada, london, relations=[lived])] * 2,
            },
            doc_id="letters/1",
            fixed_by=("crf",),
        ),
        example(
            1,
            "The Central Bank of Utopia in New Atlantis said so .",
            annotated(Entity("ORG", 1, 8), city, country, Entity("LOC", 6, 8)),
            {
                "baseline": [annotated(bank, city, country, Entity("LOC", 6, 8, 0.9))] * 2,
                "crf": [annotated(Entity("ORG", 1, 5, 0.66), Entity("MISC", 3, 7, 0.5), city)] * 2,
            },
            doc_id="letters/1",
            broken_by=("crf",),
        ),
        example(
            2,
            long,
            annotated(hidden),
            {"baseline": [annotated(hidden)] * 2, "crf": [annotated(), annotated(hidden)]},
        ),
        example(
            3,
            hebrew,
            annotated(ada_hebrew, york),
            {
                "baseline": [annotated(ada_hebrew, Entity("LOC", 4, 6, 0.7))] * 2,
                "crf": [annotated(ada_hebrew, york)] * 2,
            },
            doc_id="מכתבים/2",
            fixed_by=("crf",),
        ),
        example(
            4,
            odd,
            annotated(Entity("MISC", 0, 1), Entity("ORGANISATION", 1, 2)),
            {"baseline": [nothing] * 2, "crf": [annotated(Entity("MISC", 7, 8, 0.999))] * 2},
        ),
        example(
            5,
            "Nothing here .",
            nothing,
            {"baseline": [nothing] * 2, "crf": [nothing] * 2},
        ),
    ]


def large(sentences: int = 3453, variants: int = 2, seeds: int = 5) -> list[Example]:
    """Sentences and entities as in CoNLL-2003's test set, and models of an F1 of about 0.9."""
    dice = random.Random(0)
    lexicon = ["".join(dice.choices(ascii_lowercase, k=dice.randint(2, 9))) for _ in range(9000)]
    names = [f"variant_{number}" for number in range(variants)]
    made = []
    for index in range(sentences):
        size = max(1, round(dice.expovariate(1 / 13.5)))
        words = dice.choices(lexicon, k=size)
        starts = sorted(dice.sample(range(size), min(size, round(dice.expovariate(1 / 1.64)))))
        gold = annotated(*(_entity(dice, start, min(size, start + 2)) for start in starts))
        found = {name: [_predicted(dice, gold, size) for _ in range(seeds)] for name in names}
        fixed = tuple(dice.sample(names[1:], dice.random() < 0.03 and variants > 1))
        made.append(example(index, words, gold, found, f"document {index // 15}", fixed))
    return made


def _entity(dice: random.Random, start: int, end: int) -> Entity:
    return Entity(dice.choice(("PER", "LOC", "ORG", "MISC")), start, end, round(dice.random(), 4))


def _predicted(dice: random.Random, gold: Annotations, size: int) -> Annotations:
    found = []
    for entity in gold.entities:
        chance = dice.random()
        if chance < 0.9:
            found.append(Entity(entity.label, entity.start, entity.end, round(1 - chance / 2, 4)))
        elif chance < 0.96:
            found.append(_entity(dice, entity.start, min(size, entity.end + 1)))
    if dice.random() < 0.08:
        found.append(_entity(dice, size - 1, size))
    return annotated(*found)
