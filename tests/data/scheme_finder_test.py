from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Entity
from tango_ie.data.scheme_finder import Finding, SchemeFinder
from tango_ie.data.schemes import SCHEMES, TagScheme, entities_to_tags
from tests.data.generated import flat_entities


def finding(*sentences: str) -> Finding:
    """What is found in sentences of tags, a line each (so that lines are sentences)."""
    finder = SchemeFinder()
    for line, tags in enumerate(sentences, start=1):
        finder.decode(tags.split(), line, step=0)
    return finder.conclude()


@pytest.mark.parametrize("scheme", SCHEMES)
@given(data=st.data())
def test_the_scheme_of_whole_entities_is_found(scheme: TagScheme, data: st.DataObject) -> None:
    gold: list[list[Entity]] = data.draw(st.lists(flat_entities(length=8), min_size=1, max_size=5))
    finder = SchemeFinder()
    for line, entities in enumerate(gold):
        tags = entities_to_tags(entities, 8, scheme)
        assert finder.decode(tags, 1 + 8 * line) == entities
    found = finder.conclude()
    assert found.entities == sum(map(len, gold))
    assume(found.entities)
    # Entities of B and I alone are whole in iob2, too, until a word alone or an end has shown more.
    assert found.scheme == scheme
    assert found.faults == ()


def test_without_entities_it_is_iob2() -> None:
    assert finding("O O", "O") == Finding("iob2", 0, ())


@pytest.mark.parametrize(
    ("sentences", "scheme", "faults"),
    [
        (["B-X I-X", "B-X", "B-X", "O I-X"], "iob2", ["1 × I without B (line 4: I-X after O)"]),
        (
            ["I-X", "I-X B-X", "I-X", "I-Y", "O B-X"],
            "iob1",
            ["1 × B that separates nothing (line 5: B-X after O)"],
        ),
        (
            ["B-X E-X", "S-X", "S-X", "S-X", "B-X I-X"],
            "bioes",
            ["1 × entity without end (line 5: I-X before the sentence's edge)"],
        ),
        (
            ["B-X", *["S-X"] * 4],
            "bioes",
            ["1 × entity without end (line 1: 1 entities before the first S-X)"],
        ),
    ],
)
def test_the_majority_decides_and_the_rest_is_counted(
    sentences: list[str], scheme: TagScheme, faults: list[str]
) -> None:
    found = finding(*sentences)
    assert found.scheme == scheme
    assert [str(fault) for fault in found.faults] == faults


@pytest.mark.parametrize(
    ("sentences", "line", "message"),
    [
        (
            ["B-X", "I-Y", "B-X", "I-X"],
            2,
            "neither iob1 nor iob2 fits the tags: 2 × I without B (line 2: I-Y after the "
            "sentence's edge; line 4: I-X after the sentence's edge), but also 2 × B that",
        ),
        (
            ["S-X", "B-X", "O", "B-X L-X"],
            4,
            "'L-X' is a tag of bilou, but there is S-X on line 1, of bioes",
        ),
        (["B-X I-X", "B-X", "S-X"], None, "the tags are a mix of bioes (S-X on line 3)"),
        (["B-X", "Q-X"], None, "'Q-X' is not a tag"),
    ],
)
def test_a_mix_is_an_error_with_examples(
    sentences: list[str], line: int | None, message: str
) -> None:
    with pytest.raises(DataError) as caught:
        finding(*sentences)
    assert message in str(caught.value)
    assert caught.value.line == line


def test_bare_tags_have_schemes_too() -> None:
    finder = SchemeFinder(bare_label="entity")
    assert finder.decode(["U", "O", "B", "L"], 1) == [
        Entity("entity", 0, 1),
        Entity("entity", 2, 4),
    ]
    assert finder.conclude().scheme == "bilou"
