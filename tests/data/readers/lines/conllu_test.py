from __future__ import annotations

import io
from typing import Any

import pytest

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Entity, Relation, Sentence
from tango_ie.data.notes import Notes
from tango_ie.data.readers.lines.conllu import ConlluReader

TREEBANK = """\
# newdoc id = kites
# sent_id = 1
# text = Im Wind fliegt's, Mira!
1-2 Im _ _ _ _ _ _ _ _
1 in in ADP APPR _ 3 case _ _
2 dem der DET ART _ 3 det _ _
3 Wind Wind NOUN NN _ 4 obl _ Gloss=wind
4-5 fliegt's _ _ _ _ _ _ _ SpaceAfter=No
4 fliegt fliegen VERB VVFIN _ 0 root _ _
5 's es PRON PPER _ 4 nsubj _ _
5.1 gern gern _ _ _ _ _ _ _
6 , , PUNCT $, _ 4 punct _ _
7 Mira Mira PROPN NE _ 4 vocative _ NE=B-PER|SpaceAfter=No
8 ! ! PUNCT $. _ 4 punct _ _

1 Das _ PRON _ _ _ _ _ _

# newdoc
1 Ulm _ _ _ _ _ _ _ _
"""


def read(text: str, notes: Notes | None = None, **options: Any) -> list[Sentence]:
    lines = [line if line[:1] == "#" else line.replace(" ", "\t") for line in text.split("\n")]
    stream = io.StringIO("\n".join(lines))
    return list(ConlluReader(**options).read_stream(stream, "here", notes or Notes()))


def test_a_treebank() -> None:
    notes = Notes()
    first, second, third = read(TREEBANK, notes, entity_tags="NE")
    assert first == Sentence(
        ("in", "dem", "Wind", "fliegt", "'s", ",", "Mira", "!"),
        (Entity("PER", 6, 7),),
        (),
        {
            "upos": ("ADP", "DET", "NOUN", "VERB", "PRON", "PUNCT", "PROPN", "PUNCT"),
            "xpos": ("APPR", "ART", "NN", "VVFIN", "PPER", "$,", "NE", "$."),
        },
        "kites",
        0,
        "Im Wind fliegt's, Mira!",
        ((0, 2), (0, 2), (3, 7), (8, 14), (14, 16), (16, 17), (18, 22), (22, 23)),
    )
    assert second == Sentence(("Das",), tags={"upos": ("PRON",)}, doc_id="kites", position=1)
    assert third == Sentence(("Ulm",), doc_id="2", position=0)
    assert notes.counts == {}
    assert notes.facts == {
        "scheme of NE": "iob2",
        "tokens of several words": "2, read as their words",
        "empty nodes": "1, left out",
    }


def test_chosen_layers() -> None:
    first, *_ = read(TREEBANK, layers=["lemma", "deprel"])
    assert set(first.tags) == {"lemma", "deprel"}
    assert first.tags["deprel"][:2] == ("case", "det")
    assert first.entities == ()
    assert all(sentence.tags == {} for sentence in read(TREEBANK, layers=[]))


def test_our_own_form() -> None:
    misc = "EntitySpan=2:1:LOC,1:2:LOC:city%20part|EntityRelation=1:in%2Fof:2:1|Layer.a%3Ab="
    text = f"1 New _ _ _ _ _ _ _ {misc}\n2 Ulm _ _ _ _ _ _ _ Layer.a%3Ab=B|NE=B-X"
    (sentence,) = read(text, entity_tags="NE")
    assert sentence.entities == (Entity("LOC", 0, 2), Entity("LOC", 0, 1), Entity("X", 1, 2))
    assert sentence.entities[0].subtype == "city part"
    assert sentence.relations == (Relation("in/of", 1, 0),)
    assert sentence.tags == {"a:b": ("", "B")}


def test_a_text_that_lacks_the_words_is_noted() -> None:
    notes = Notes()
    (sentence,) = read("# text = Ulm is\n1 Ulm _ _ _ _ _ _ _ _\n2 was _ _ _ _ _ _ _ _", notes)
    assert sentence.text == "Ulm is"
    assert sentence.offsets is None
    assert notes.to_json() == {
        "text that lacks the words: no offsets": {
            "count": 1,
            "examples": ["here, line 1: the words are not, in their order, in 'Ulm is'"],
        }
    }


def test_comments_without_words() -> None:
    notes = Notes()
    (sentence,) = read("# newdoc id = a\n\n# sent_id = 3\n\n1 Ulm _ _ _ _ _ _ _ _", notes)
    assert (sentence.doc_id, sentence.position) == ("a", 0)
    assert notes.counts == {"sentence without words left out": 1}


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        ('{"offsets": 0}', "offsets must be a list, found 0"),
        ('{"offsets": []}', "0 character offsets for 1 words"),
        ('{"offsets": [[0]]}', "each of offsets must hold 2 whole numbers"),
        ('{"position": "1"}', "position must be a whole number"),
        ("[]", "the comment tango_ie must be an object"),
        ('{"words": []}', "no key 'words'"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_our_own_comment_is_checked(comment: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read(f"# tango_ie = {comment}\n1 Ulm _ _ _ _ _ _ _ _")
    with pytest.raises(DataError, match="the comment tango_ie is that of no words"):
        read(f"# tango_ie = {comment}\n")


@pytest.mark.parametrize("misc", ["NE=B-X|NE=O", "Layer.a=1|Layer.a=2", "Layer.upos=X"])
def test_contradictions(misc: str) -> None:
    with pytest.raises(DataError, match=r"here, line 1: .*; remove one"):
        read(f"1 Ulm _ PROPN _ _ _ _ _ {misc}", entity_tags="NE")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"layers": ["pos"]}, "layers: 'pos' is no column of tags"),
        ({"layers": ["upos", "upos"]}, "is there twice"),
        ({"entity_tags": ""}, "must be a key of MISC"),
        ({"entity_tags": "NE="}, "must be a key of MISC"),
    ],
)
def test_wrong_arguments(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        ConlluReader(**options)
