"""The language of the templates."""

from __future__ import annotations

from pathlib import Path

import pytest

from tango_ie.core.errors import DataError
from tango_ie.data.embedded.draws import Draws
from tango_ie.data.embedded.templates import (
    Bracket,
    Choice,
    Link,
    Number,
    Slot,
    Word,
    expand,
    needed_before,
    parse,
    read_templates,
    refers_back,
)


def test_parse_knows_every_sign() -> None:
    nodes = parse(
        "^the (ORG {L} ORG) mg/l @-/PUNCT {P.he} #12-95 #0.5-9.9 <works_for:P:C> walk/VERB"
    )
    assert nodes == (
        Word("the", outside=True),
        Bracket("ORG", opens=True),
        Slot("L"),
        Bracket("ORG", opens=False),
        Word("mg/l"),
        Word("-", "PUNCT", glued=True),
        Slot("P", "he"),
        Number(12, 95),
        Number(5, 99, decimals=1),
        Link("works_for", "P", "C"),
        Word("walk", "VERB"),
    )


def test_choices_nest_and_may_be_empty() -> None:
    (choice,) = parse("[a [b|c]|]")
    assert isinstance(choice, Choice)
    readings = {
        " ".join(item.text for item in expand([choice], Draws(str(seed))) if isinstance(item, Word))
        for seed in range(60)
    }
    assert readings == {"a b", "a c", ""}


@pytest.mark.parametrize("text", ["[a|b", "a ]", "[a [b]"])
def test_brackets_have_to_match(text: str) -> None:
    with pytest.raises(DataError, match="bracket"):
        parse(text)


def test_pronouns_need_a_name_unless_the_sentence_gives_it_before() -> None:
    assert needed_before(parse("{P} met {P.his} match .")) == frozenset()
    assert needed_before(parse("[{P}|Somebody] met {P.his} match .")) == {"P"}
    assert needed_before(parse("{C.the} hired {P} , [{P.his} choice|]")) == {"C"}


def test_refers_back_looks_into_choices() -> None:
    assert refers_back(parse("[Nobody|[Only|] {*}] knew ."))
    assert not refers_back(parse("{P} knew ."))


def test_read_templates_names_the_bad_line(tmp_path: Path) -> None:
    path = tmp_path / "bad.txt"
    path.write_text("# fine\nstory any\nbody {P} slept .\n\nboddy {P} woke .\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"bad\.txt, line 5: .*boddy"):
        read_templates(path)


def test_read_templates_keeps_story_and_place(tmp_path: Path) -> None:
    path = tmp_path / "ok.txt"
    path.write_text("story tea\nlead {P} poured .\nbody It/PRON was hot .\n", encoding="utf-8")
    first, second = read_templates(path)
    assert (first.identifier, first.story, first.leads) == ("ok:2", "tea", True)
    assert (second.identifier, second.story, second.leads) == ("ok:3", "tea", False)
