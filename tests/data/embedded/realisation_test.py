"""From a template and a cast to words, entities, relations, parts of speech and text."""

from __future__ import annotations

import pytest

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Entity, Relation, Sentence
from tango_ie.data.embedded.cast import Cast
from tango_ie.data.embedded.draws import Draws
from tango_ie.data.embedded.gazetteers import Gazetteer, Kind, Pattern
from tango_ie.data.embedded.realisation import lay_out, realise
from tango_ie.data.embedded.templates import Slot, Template, parse


def kind(label: str, *patterns: tuple[str, str]) -> Kind:
    parsed = tuple(
        Pattern(parse(full), parse(short) if short not in ("", "@") else (), acronym=short == "@")
        for full, short in patterns
    )
    return Kind(label, parsed, nouns=("thing",))


GAZETTEER = Gazetteer(
    keys={"P": "person", "Q": "person", "U": "school", "I": "board", "L": "town", "T": "year"},
    kinds={
        "person": kind("PER", ("{first_f} {surname}", "{surname}")),
        "school": kind("ORG", ("^the University of {L}", "")),
        "board": kind("ORG", ("^the Office for Old Maps", "@")),
        "town": kind("LOC", ("Aldmoor", "Aldmoor")),
        "year": Kind("DATE", (Pattern(parse("19 May 2001")),), fresh=True),
    },
    lists={"first_f": (parse("Ada"),), "surname": (parse("Reith"), parse("Iyer"))},
    label_names={},
)


def say(text: str, cast: Cast | None = None, seed: str = "1") -> Sentence:
    template = Template("here", "any", False, parse(text))
    return realise(template, GAZETTEER, cast or Cast(GAZETTEER, Draws(seed)), Draws(seed))


def entity_texts(sentence: Sentence) -> list[tuple[str, str]]:
    return [(" ".join(sentence.words[e.start : e.end]), e.label) for e in sentence.entities]


def test_nested_names_and_relations() -> None:
    sentence = say("{P} works at {U} <works_for:P:U> since {T} .")
    assert sentence.words[1:8] == (
        sentence.words[1], "works", "at", "the", "University", "of", "Aldmoor"
    )  # fmt: skip
    assert sentence.entities == (
        Entity("PER", 0, 2),
        Entity("ORG", 5, 8),
        Entity("LOC", 7, 8),
        Entity("DATE", 9, 12),
    )
    assert sentence.relations == (Relation("works_for", 0, 1),)
    assert sentence.tags["pos"][4:12] == (
        "DET", "PROPN", "ADP", "PROPN", "ADP", "NUM", "PROPN", "NUM"
    )  # fmt: skip


def test_later_mentions_are_short_and_pronouns_agree() -> None:
    cast = Cast(GAZETTEER, Draws("1"))
    first = say("{P} met {P} .", cast)
    assert first.words[0] == "Ada" and first.words[3] == first.words[1]
    assert say("{P.he} said that {P.his} day was long .", cast).words[:5] == (
        "She", "said", "that", "her", "day"
    )  # fmt: skip
    assert entity_texts(say("{*} left .", cast)) == [(first.words[1], "PER")]


def test_acronyms_are_introduced_or_not_used() -> None:
    texts = {say("{I} met {I} .", seed=str(seed)).text for seed in range(20)}
    assert texts == {
        "The Office for Old Maps (OOM) met OOM.",
        "The Office for Old Maps met the Office for Old Maps.",
    }


def test_participants_do_not_share_words() -> None:
    for seed in range(10):
        sentence = say("{P} and {Q} met .", Cast(_more_names(), Draws(str(seed))))
        assert len(set(sentence.words)) == len(sentence.words)


def test_names_of_other_splits_are_not_drawn() -> None:
    for seed in range(10):
        cast = Cast(GAZETTEER, Draws(str(seed)), forbidden={"iyer", "ada iyer"})
        assert cast.mention(Slot("P"), again=False)[1].names() == ["Ada Reith"]


def test_running_out_of_names_is_an_error() -> None:
    cast = Cast(GAZETTEER, Draws("1"), forbidden={"aldmoor"})
    with pytest.raises(DataError, match="no unused name is left for LOC"):
        cast.mention(Slot("L"), again=False)


def test_articles_capitals_and_numbers() -> None:
    assert say("a old/ADJ man/NOUN met a young man/NOUN .").text == "An old man met a young man."
    assert say("they met ? a man/NOUN asked .").text == "They met? A man asked."
    assert say('" they met ? " a man/NOUN asked .').text == '"They met?" a man asked.'
    assert say("a #8-8 @-/PUNCT year coat cost $ #1200-1200 , .").text == (
        "An 8-year coat cost $1,200."
    )
    assert "'s friends' coat." in (say("{P} 's friends 's coat .").text or "")


def test_text_and_offsets() -> None:
    words = ["Well", ",", '"', "the", "(", "old", ")", "pub", '"', "cost", "5", "%", ":"]
    text, offsets = lay_out(words, [False] * len(words))
    assert text == 'Well, "the (old) pub" cost 5%:'
    assert [text[start:end] for start, end in offsets] == words


def test_words_without_a_part_of_speech_are_errors() -> None:
    with pytest.raises(DataError, match="template here: no part of speech is known for 'blorped'"):
        say("{P} blorped .")


def test_relations_need_both_ends() -> None:
    with pytest.raises(DataError, match="nobody is 'U'"):
        say("{P} left <works_for:P:U> .")


def _more_names() -> Gazetteer:
    lists = {
        "first_f": (parse("Ada"), parse("Mei"), parse("Noor")),
        "surname": (parse("Reith"), parse("Iyer"), parse("Ada")),
    }
    return Gazetteer(GAZETTEER.keys, GAZETTEER.kinds, lists, {})
