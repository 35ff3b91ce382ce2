"""Patterns by hand, and against the definition that the triple-extraction papers share."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tango_ie.core.input_files import InputFile
from tango_ie.data.annotations import Annotations, Entity, Relation, Sentence
from tango_ie.data.notes import Notes
from tango_ie.data.readers.triples.casrel import CasRelReader
from tango_ie.metrics.counts import Counts
from tango_ie.metrics.groups import by_sentence
from tango_ie.metrics.overlap_patterns import (
    overlap_pattern_groups,
    overlap_patterns,
    triple_number_groups,
)
from tango_ie.metrics.relation_rules import relation_rule

Triple = tuple[str, str, str]


@pytest.mark.parametrize(
    ("triples", "expected"),
    [
        ([], ()),
        (["arb"], ("normal",)),
        (["arb", "crd"], ("normal",)),
        (["arb", "arb"], ("normal",)),
        (["arb", "asb"], ("EPO",)),
        (["arb", "asb", "crd"], ("EPO",)),
        (["arb", "arc"], ("SEO",)),
        (["arb", "bsc"], ("SEO",)),
        (["arb", "bra"], ("SEO",)),
        (["ara"], ("SEO",)),
        (["ara", "asa"], ("EPO", "SEO")),
        (["arb", "asb", "arc"], ("EPO", "SEO")),
    ],
)
def test_by_hand(triples: list[str], expected: tuple[str, ...]) -> None:
    assert overlap_patterns([(head, label, tail) for head, label, tail in triples]) == expected


names = st.sampled_from("abcdefgh")


@given(
    st.lists(st.tuples(names, st.sampled_from("rs"), names), min_size=1, max_size=4, unique=True)
)
def test_equal_to_the_papers(triples: list[Triple]) -> None:
    ends = [end for head, _, tail in triples for end in (head, tail)]
    pairs = [(head, tail) for head, _, tail in triples]
    normal = len({*ends}) == 2 * len(triples)
    pair_overlap = not normal and len(pairs) != len({*pairs})
    of_pairs = {end for pair in pairs for end in pair}
    single_overlap = not normal and len(of_pairs) != 2 * len({*pairs})
    flags = {"normal": normal, "EPO": pair_overlap, "SEO": single_overlap}
    assert overlap_patterns(triples) == tuple(name for name, holds in flags.items() if holds)


WORDS = ("Ada", "of", "London", "and", "Ada", "of", "Rome")
ENTITIES = tuple(Entity("X", place, place + 1) for place in (0, 2, 4, 6))


def sentence(*relations: Relation) -> Sentence:
    return Sentence(WORDS, ENTITIES, relations)


def test_patterns_of_strings_and_of_places() -> None:
    gold = sentence(Relation("of", 0, 1), Relation("of", 2, 3))  # Ada twice
    assert overlap_pattern_groups().of(gold) == ("SEO",)
    assert overlap_pattern_groups("boundaries").of(gold) == ("normal",)


def test_counts_by_pattern_and_by_number() -> None:
    gold = [
        sentence(Relation("of", 0, 1)),
        sentence(Relation("of", 0, 1), Relation("in", 0, 1), Relation("of", 0, 3)),
        sentence(),
    ]
    found = [Annotations(ENTITIES, (Relation("of", 0, 1),))] * 3
    rule = relation_rule("exact strings")
    patterns = by_sentence(rule, overlap_pattern_groups()).table(gold, found)
    assert patterns.per_label == {
        "normal": Counts(tp=1),
        "EPO": Counts(tp=1, fn=2),
        "SEO": Counts(tp=1, fn=2),
        "no relation": Counts(fp=1),
    }
    numbers = by_sentence(rule, triple_number_groups()).table(gold, found)
    assert numbers.per_label == {
        "0": Counts(fp=1),
        "1": Counts(tp=1),
        "2": Counts(),
        "3": Counts(tp=1, fn=2),
        "4": Counts(),
        "5+": Counts(),
    }
    assert numbers.total == rule.table(gold, found).total


def groups_of_file(folder: Path, file: str) -> tuple[dict[str, int], list[int]]:
    """Sentences of each pattern, and with 1, 2, 3, 4 and more relations."""
    reader = CasRelReader(relations=InputFile(folder / "rel2id.json"))
    patterns: Counter[str] = Counter()
    numbers: Counter[str] = Counter()
    for gold in reader.read(folder / file, Notes()):
        patterns.update(overlap_pattern_groups().of(gold))
        numbers.update(triple_number_groups().of(gold))
    return dict(patterns), [numbers[label] for label in triple_number_groups().labels[1:]]


def test_nyt_has_the_published_numbers(shared_data: Path) -> None:
    # Patterns as in CasRel (Wei et al. 2020), numbers as in PRGC (Zheng et al. 2021).
    found = groups_of_file(shared_data / "nyt" / "casrel" / "nyt_star", "test_triples.json.gz")
    assert found == (
        {"normal": 3266, "EPO": 978, "SEO": 1297},
        [3244, 1045, 312, 291, 108],
    )


def test_webnlg_has_the_published_numbers_but_for_repeated_triples(shared_data: Path) -> None:
    # Published are 26 EPO and 266, 171, 131, 90, 45: 9 sentences of the file give a triple twice,
    # which we read once, and 8 of them have no other pair with two relations.
    found = groups_of_file(shared_data / "webnlg" / "casrel" / "webnlg_star", "test_triples.json")
    assert found == ({"normal": 246, "EPO": 18, "SEO": 457}, [268, 174, 128, 89, 44])
