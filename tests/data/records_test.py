from __future__ import annotations

import json

import pytest
from hypothesis import given

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Sentence
from tango_ie.data.records import from_json_line, to_json_line
from tests.data.generated import sentences

ENTITY = {"label": "PER", "start": 0, "end": 1}


@given(sentences())
def test_round_trip(sentence: Sentence) -> None:
    line = to_json_line(sentence)
    assert "\n" not in line
    assert from_json_line(line) == sentence


@given(sentences())
def test_equal_sentences_give_equal_lines(sentence: Sentence) -> None:
    tags = dict(reversed(list(sentence.tags.items())))
    same = Sentence(
        sentence.words,
        sentence.entities,
        sentence.relations,
        tags,
        sentence.doc_id,
        sentence.position,
        sentence.text,
        sentence.offsets,
        sentence.text_start,
    )
    assert to_json_line(same) == to_json_line(sentence)


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ([], "a record must be an object, found []"),
        ({}, "a sentence needs the key 'words'"),
        ({"words": []}, "the sentence has no words"),
        ({"words": "Ada"}, "words must be a list, found 'Ada'"),
        ({"words": ["Ada", 1]}, "each of words must be a string, found 1"),
        ({"words": ["Ada", ""]}, "word 2 is empty"),
        ({"words": ["Ada"], "relation": []}, "no key 'relation'; did you mean 'relations'?"),
        ({"words": ["Ada"], "zzz": 1}, "no key 'zzz'; known are: words, entities"),
        ({"words": ["Ada"], "entities": [["PER", 0, 1]]}, "entities[0] must be an object"),
        ({"words": ["Ada"], "entities": [ENTITY | {"type": "x"}]}, "entities[0] has no key 'type'"),
        ({"words": ["Ada"], "entities": [{"label": "X", "start": 0}]}, "needs the key 'end'"),
        ({"words": ["Ada"], "entities": [ENTITY | {"end": 2}]}, "lies outside a sentence of 1"),
        ({"words": ["Ada"], "entities": [ENTITY | {"start": -1}]}, "lies outside"),
        ({"words": ["Ada"], "entities": [ENTITY | {"start": 0.0}]}, "must be a whole number"),
        ({"words": ["Ada"], "entities": [ENTITY | {"start": False}]}, "found False"),
        (
            {"words": ["Ada"], "relations": [{"label": "x", "head": 0, "tail": 1}]},
            "points outside the 0 entities",
        ),
        ({"words": ["Ada"], "tags": {"pos": ["A", "B"]}}, "layer 'pos' has 2 tags for 1 words"),
        ({"words": ["Ada"], "tags": []}, "tags must be an object"),
        ({"words": ["Ada"], "position": "1"}, "position must be a whole number, found '1'"),
        ({"words": ["Ada"], "doc_id": 1}, "doc_id must be a string, found 1"),
        ({"words": ["Ada"], "offsets": [[0]]}, "offsets[0] must be [start, end], found [0]"),
        ({"words": ["Ada"], "offsets": [[0, "3"]]}, "offsets[0] must be a whole number"),
        ({"words": ["Ada"], "offsets": []}, "0 character offsets for 1 words"),
        ({"words": ["a" * 900, 1], "text": ["b" * 900]}, "each of words must be a string"),
    ],
)
def test_malformed_records_say_what_is_wrong(record: object, message: str) -> None:
    with pytest.raises(DataError) as caught:
        from_json_line(json.dumps(record))
    assert message in str(caught.value)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"words": ["Ada"', "not JSON at character 17"),
        ("words", "not JSON at character 1"),
        ('{"words": ["Ada"]} {}', "not JSON at character 20"),
        ('{"words": ["\\ud83d"]}', "\\ud83d is half of a character"),
        ("[" * 100_000, "nested too deeply"),
        ('{"words": ["a"], "position": ' + "1" * 5000 + "}", "not JSON that can be read"),
    ],
)
def test_broken_lines_say_what_is_wrong(line: str, message: str) -> None:
    with pytest.raises(DataError) as caught:
        from_json_line(line)
    assert message in str(caught.value)


def test_null_stands_for_what_is_not_there() -> None:
    line = '{"words": ["Ada"], "doc_id": null, "text": null, "position": null, "offsets": null}'
    assert from_json_line(line) == Sentence(("Ada",))
