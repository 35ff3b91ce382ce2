"""Names and queries of labels, from configs and files."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from tango_ie.core.cache_key import _reduce
from tango_ie.core.config import build, canonical, read
from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.core.input_files import InputFile
from tango_ie.data.label_queries import LabelQueries
from tango_ie.data.schema import Schema

SCHEMA = Schema(entity_types=("LOC", "ORG", "PER"), names={"LOC": "place", "ORG": "club"})


def written(folder: Path, value: object, name: str = "queries.json") -> InputFile:
    path = folder / name
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return InputFile(path)


def test_config_over_corpus_over_rule() -> None:
    names = LabelQueries(names={"ORG": "company"}).names_of(SCHEMA)
    assert names == {"LOC": "place", "ORG": "company", "PER": "person"}
    assert LabelQueries().of(SCHEMA) == LabelQueries().names_of(SCHEMA)


def test_labels_that_are_not_in_the_schema_have_queries() -> None:
    queries = LabelQueries(template="Where is a {name} {here}?")
    assert queries.of(SCHEMA, ["SONG_TITLE"]) == {"SONG_TITLE": "Where is a song title {here}?"}


def test_texts_over_file_over_template(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = written(tmp_path, {"PER": "Who?", "ORG": "Which?"})
    queries = LabelQueries(template="the {name}", texts={"PER": "Whoever?"}, file=file)
    with caplog.at_level(logging.WARNING):
        assert queries.of(SCHEMA) == {"LOC": "the place", "ORG": "Which?", "PER": "Whoever?"}
    assert "no hand-written query for LOC; made from the name: 'the place'" in caplog.text


def test_equal_names_and_queries(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="'ORG' and 'PER' have the same name, 'person'"):
        LabelQueries(names={"ORG": "person"}).names_of(SCHEMA)
    # Queries of their own tell them apart for a model that asks queries …
    texts = {"ORG": "Which?", "PER": "Who?"}
    assert LabelQueries(names={"ORG": "person"}, texts=texts).of(SCHEMA)["ORG"] == "Which?"
    with pytest.raises(ConfigurationError, match="'ORG' and 'PER' have the same query"):
        LabelQueries(texts={"ORG": "Who?", "PER": "who?"}).of(SCHEMA)
    # … and only names that are used must be there.
    with pytest.raises(ConfigurationError, match="'_' has an empty name"):
        LabelQueries().of(SCHEMA, ["_"])
    assert LabelQueries(texts={"_": "Anything?"}).of(SCHEMA, ["_"]) == {"_": "Anything?"}


@pytest.mark.parametrize(
    ("arguments", "path"),
    [
        ({"template": "Find it."}, "template"),
        ({"names": {"PER": " "}}, "names"),
        ({"texts": {"PER": ""}}, "texts"),
        ({"name": {}}, "name"),
        ({"file": "nowhere.json"}, ""),
    ],
)
def test_wrong_arguments(arguments: dict[str, object], path: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        build(LabelQueries, arguments)
    assert path in caught.value.path


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "not a JSON file of queries"),
        ([], "the file must be an object"),
        ({"PER": 1}, "the query of 'PER' must be a string, found 1"),
        ({"PER": ""}, "the query of 'PER' is empty"),
    ],
)
def test_broken_files(tmp_path: Path, content: object, message: str) -> None:
    with pytest.raises(DataError, match=message) as caught:
        LabelQueries(file=written(tmp_path, content))
    assert "queries.json" in str(caught.value)


def test_content_of_the_file_is_what_a_key_sees(tmp_path: Path) -> None:
    here = written(tmp_path, {"PER": "Who?"})
    elsewhere = written(tmp_path, {"PER": "Who?"}, "copy.json")
    other = written(tmp_path, {"PER": "Whose?"}, "other.json")
    keys = [
        _reduce(read(LabelQueries, {"file": str(file)}), "") for file in (here, elsewhere, other)
    ]
    assert keys[0] == keys[1] != keys[2]


def test_archived_params_need_no_file(tmp_path: Path) -> None:
    file = written(tmp_path, {"PER": "Who?"})
    queries = build(LabelQueries, {"names": {"LOC": "place"}, "file": str(file)})
    params = queries.archived_params()
    file_path = Path(file)
    file_path.unlink()
    again = build(LabelQueries, params)
    assert again.of(Schema(), ["PER", "LOC"]) == {"PER": "Who?", "LOC": "place"}
    assert canonical(read(LabelQueries, params)) == params


def test_misspelt_labels_are_told(caplog: pytest.LogCaptureFixture) -> None:
    schema = Schema(entity_types=("LOCATION", "PERSON"))
    LabelQueries(names={"PERSONS": "person", "SONG": "song"}).warn_of_misspelt(schema)
    assert "is given for 'PERSONS', which is no label here; did you mean 'PERSON'?" in caplog.text
    assert "SONG" not in caplog.text
