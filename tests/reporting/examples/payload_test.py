"""Payload: what was put in can be read out, and it is small."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Annotations, Entity, Relation
from tango_ie.reporting.examples import ErrorMark, Example, RunPrediction, embedded, payload

from .decoding import decoded
from .samples import annotated, example, large, small


def canonical(examples: list[Example]) -> list[object]:
    """What an example says, whatever the order of its items; marks name what they are about."""
    return [
        (
            one.index,
            one.words,
            one.doc_id,
            _items(one.gold),
            [
                (
                    run.variant,
                    run.seed,
                    _items(run.annotations),
                    _scores(run.annotations),
                    _errors(run.entity_errors, one.gold.entities, run.annotations.entities),
                    _errors(run.relation_errors, _relations(one.gold), _relations(run.annotations)),
                )
                for run in one.runs
            ],
            one.fixed_by,
            one.broken_by,
        )
        for one in examples
    ]


def _relations(annotations: Annotations) -> list[tuple[str, Entity, Entity]]:
    entities = annotations.entities
    return [(one.label, entities[one.head], entities[one.tail]) for one in annotations.relations]


def _items(annotations: Annotations) -> object:
    return set(annotations.entities), set(_relations(annotations))


def _scores(annotations: Annotations) -> dict[object, float | None]:
    pairs: list[tuple[object, Entity | Relation]] = [
        *zip(annotations.entities, annotations.entities, strict=True),
        *zip(_relations(annotations), annotations.relations, strict=True),
    ]
    best: dict[object, float | None] = {}
    for item, scored in pairs:
        score = None if scored.score is None else round(1000 * scored.score) / 1000
        best[item] = max(score or 0, best.get(item) or 0) if score is not None else best.get(item)
    return best


def _errors(marks: object, gold: object, predicted: object) -> set[object]:
    return {
        (
            mark.kind,
            None if mark.gold is None else gold[mark.gold],  # type: ignore[index]
            None if mark.predicted is None else predicted[mark.predicted],  # type: ignore[index]
        )
        for mark in marks  # type: ignore[attr-defined]
    }


def read_back(examples: list[Example]) -> list[Example]:
    seeds = [run.seed for run in examples[0].runs] if examples else []
    return decoded(json.loads(embedded(payload(examples))), seeds)


@pytest.mark.parametrize("examples", [small(), large(200, variants=3, seeds=2)])
def test_round_trip(examples: list[Example]) -> None:
    assert canonical(read_back(examples)) == canonical(examples)


@st.composite
def any_annotations(draw: st.DrawFn, size: int) -> Annotations:
    starts = draw(st.lists(st.integers(0, size - 1), max_size=4))
    entities = [
        Entity(
            draw(st.sampled_from("AB")),
            start,
            draw(st.integers(start + 1, size)),
            draw(st.none() | st.integers(0, 1000).map(lambda number: number / 1000)),
        )
        for start in starts
    ]
    pairs = st.tuples(*[st.integers(0, max(0, len(entities) - 1))] * 2)
    chosen = draw(st.lists(pairs, max_size=3)) if entities else []
    return Annotations(tuple(entities), tuple(Relation("r", *pair) for pair in chosen))


@st.composite
def any_examples(draw: st.DrawFn) -> list[Example]:
    number = draw(st.integers(0, 3))
    made = []
    for index in range(number):
        words = draw(st.lists(st.text(min_size=1, max_size=5), min_size=1, max_size=6))
        gold, *found = (draw(any_annotations(len(words))) for _ in range(4))
        variants = {"a": found[:2], "b": found[2:]}
        made.append(example(index, words, gold, variants, draw(st.none() | st.text()), ("b",)))
    return made


@given(any_examples())
def test_round_trip_of_anything(examples: list[Example]) -> None:
    assert canonical(read_back(examples)) == canonical(examples)


def test_predictions_that_are_equal_are_stored_once() -> None:
    found = [annotated(Entity("PER", 0, 1, score)) for score in (0.5, 0.6, None)]
    one = example(7, "Ada wrote", annotated(Entity("PER", 0, 1)), {"a": found}, "d")
    assert payload([one])["examples"] == [
        [7, "Ada wrote", 0, 1, [0, 0, 1], 0, [], [[[0]]], 0, [[500], [600], [-1]]]
    ]


def test_runs_of_a_variant_have_different_names() -> None:
    nothing = Annotations()
    runs = [
        RunPrediction(variant, seed, nothing)
        for variant, seed in (("a", 1), ("a", None), ("b", 1), ("a", 1), ("a", None))
    ]
    names = payload([Example(0, ("a",), None, nothing, tuple(runs))])["runs"]
    assert names == [(0, "1"), (0, "run 2"), (1, "1"), (0, "1 (run 3)"), (0, "run 4")]


def test_nothing_to_show() -> None:
    assert payload([])["examples"] == []


@pytest.mark.parametrize(("variants", "seeds"), [(2, 5), (10, 1)])
def test_a_test_set_with_ten_runs_is_small(variants: int, seeds: int) -> None:
    text = embedded(payload(large(3453, variants, seeds)))
    assert len(text.encode()) < 1_500_000


def test_what_would_end_the_script_is_escaped() -> None:
    text = "</script><!-- & \u2028\u2029 \ud800 \U0001f600"
    found = embedded({text: text})
    assert json.loads(found) == {text: text}
    assert not set("<>&\u2028\u2029\ud800") & set(found)
    assert "\U0001f600" in found


@pytest.mark.parametrize("score", [float("nan"), float("inf")])
def test_a_score_that_is_no_number_is_none(score: float) -> None:
    one = example(0, "a", annotated(), {"a": [annotated(Entity("X", 0, 1, score))]})
    assert read_back([one])[0].runs[0].annotations.entities[0].score is None


def test_all_sentences_need_the_same_runs() -> None:
    one = example(0, "a", annotated(), {"a": [annotated()]})
    other = example(1, "a", annotated(), {"b": [annotated()]})
    with pytest.raises(DataError, match=r"sentence 1 has the runs b \(seed 1\), the first one a"):
        payload([one, other])


def test_changes_name_variants() -> None:
    one = example(0, "a", annotated(), {"a": [annotated()]}, fixed_by=("b",))
    with pytest.raises(DataError, match="changed by 'b', but the variants are a"):
        payload([one])


@pytest.mark.parametrize(
    ("gold", "mark", "message"),
    [
        (annotated(Entity("X", 0, 2)), ErrorMark("m"), r"gold: entity X \[0, 2\) lies outside"),
        (annotated(relations=[Relation("r", 0, 1)]), ErrorMark("m"), "points outside the 0"),
        (annotated(), ErrorMark("m", gold=0), "'m' is about gold item 0, but there are 0"),
        (annotated(), ErrorMark("m", predicted=2), "about predicted item 2"),
    ],
)
def test_examples_are_checked(gold: Annotations, mark: ErrorMark, message: str) -> None:
    with pytest.raises(DataError, match=message):
        Example(0, ("a",), None, gold, (RunPrediction("a", 1, annotated(), (mark,)),))
