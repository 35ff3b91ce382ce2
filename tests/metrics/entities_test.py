"""Strict matching: cases counted by hand, parity with seqeval, the merge law."""

from __future__ import annotations

import random

import pytest
from seqeval.metrics import classification_report
from seqeval.scheme import IOB2

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Entity
from tango_ie.metrics import Counts, count_entities, entity_scores, macro, per_label, total

Entities = list[Entity]


@pytest.mark.parametrize(
    ("gold", "predicted", "expected"),
    [
        pytest.param([], [], {}, id="both empty"),
        pytest.param([], [Entity("A", 0, 1)], {"A": Counts(fp=1)}, id="empty gold"),
        pytest.param([Entity("A", 0, 1)], [], {"A": Counts(fn=1)}, id="empty prediction"),
        pytest.param(
            [Entity("A", 0, 2)], [Entity("A", 0, 2, score=0.3)], {"A": Counts(tp=1)}, id="score"
        ),
        pytest.param(
            [Entity("A", 0, 2)],
            [Entity("B", 0, 2)],
            {"A": Counts(fn=1), "B": Counts(fp=1)},
            id="label",
        ),
        pytest.param(
            [Entity("A", 0, 2)], [Entity("A", 0, 3)], {"A": Counts(fp=1, fn=1)}, id="boundary"
        ),
        pytest.param(
            [Entity("A", 0, 2), Entity("A", 0, 2)],
            [Entity("A", 0, 2, score=0.3), Entity("A", 0, 2, score=0.6), Entity("A", 1, 2)],
            {"A": Counts(tp=1, fp=1)},
            id="duplicates count once",
        ),
        pytest.param(
            [Entity("A", 0, 5), Entity("A", 1, 2), Entity("B", 1, 2), Entity("B", 3, 6)],
            [Entity("A", 0, 5), Entity("B", 1, 2), Entity("A", 3, 6)],
            {"A": Counts(tp=1, fp=1, fn=1), "B": Counts(tp=1, fn=1)},
            id="nested, crossing, two labels on one span",
        ),
    ],
)
def test_by_hand(gold: Entities, predicted: Entities, expected: dict[str, Counts]) -> None:
    assert count_entities([gold], [predicted]) == [expected]


def test_other_numbers_of_sentences_are_refused() -> None:
    with pytest.raises(DataError, match="1 predicted sentences cannot be compared with 2"):
        count_entities([[], []], [[]])


def test_no_entities_at_all_score_zero() -> None:
    zeros = {"precision": 0.0, "recall": 0.0, "f1": 0.0, "macro_f1": 0.0}
    assert entity_scores([], []) == entity_scores([[]], [[]]) == zeros


def draw_sentence(generator: random.Random, size: int, labels: str) -> Entities:
    """Flat entities, some adjacent."""
    entities, start = [], 0
    while start < size:
        if generator.random() < 0.4:
            end = min(size, start + generator.randint(1, 3))
            entities.append(Entity(generator.choice(labels), start, end))
            start = end
        else:
            start += 1
    return entities


def draw_corpus(seed: int) -> tuple[list[int], list[Entities], list[Entities]]:
    """Sizes, gold and predictions, of which about half are right."""
    generator = random.Random(seed)
    labels = "ABCDE"[: generator.randint(1, 5)]
    sizes = [generator.randint(1, 12) for _ in range(generator.randint(1, 6))]
    gold = [draw_sentence(generator, size, labels) for size in sizes]
    predicted = [
        entities if generator.random() < 0.5 else draw_sentence(generator, size, labels)
        for size, entities in zip(sizes, gold, strict=True)
    ]
    return sizes, gold, predicted


def iob2(sizes: list[int], corpus: list[Entities]) -> list[list[str]]:
    tags = [["O"] * size for size in sizes]
    for row, entities in zip(tags, corpus, strict=True):
        for entity in entities:
            row[entity.start : entity.end] = [f"I-{entity.label}"] * (entity.end - entity.start)
            row[entity.start] = f"B-{entity.label}"
    return tags


def test_equal_to_seqeval_in_strict_mode_on_a_thousand_random_corpora() -> None:
    compared = 0
    for seed in range(1000):
        sizes, gold, predicted = draw_corpus(seed)
        labels = per_label(count_entities(gold, predicted))
        if not labels:  # seqeval fails where there is neither gold nor prediction
            continue
        compared += 1
        report = classification_report(
            iob2(sizes, gold),
            iob2(sizes, predicted),
            mode="strict",
            scheme=IOB2,
            output_dict=True,
            zero_division=0,
        )
        assert ratios(report, "micro avg") == pytest.approx(total(labels.values()).ratios)
        assert ratios(report, "macro avg") == pytest.approx(macro(list(labels.values())))
        assert {*labels} == {key for key in report if not key.endswith("avg")}
        for label, item in labels.items():
            assert ratios(report, label) == pytest.approx(item.ratios)
            assert report[label]["support"] == item.gold
    assert compared > 900


def ratios(report: dict[str, dict[str, float]], row: str) -> tuple[float, ...]:
    return tuple(report[row][key] for key in ("precision", "recall", "f1-score"))


def test_merged_counts_equal_the_counts_of_everything() -> None:
    for seed in range(50):
        _, gold, predicted = draw_corpus(seed)
        half = len(gold) // 2
        whole = count_entities(gold, predicted)
        parts = count_entities(gold[:half], predicted[:half])
        parts += count_entities(gold[half:], predicted[half:])
        assert parts == whole
        assert total(per_label(parts).values()) == total(
            item for sentence in whole for item in sentence.values()
        )
