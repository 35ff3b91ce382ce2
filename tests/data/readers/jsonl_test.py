from __future__ import annotations

from pathlib import Path

import pytest

from tango_ie.core.config import build
from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Entity, Sentence
from tango_ie.data.readers import JsonLinesReader, Reader


def test_reads_lines_and_skips_empty_ones(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    path.write_text(
        '{"words": ["Ada"], "entities": [{"label": "PER", "start": 0, "end": 1}]}\n'
        "\n"
        '{"words": ["b\u2028", "c"], "doc_id": "1", "position": 3}\r\n',
        encoding="utf-8",
        newline="",
    )
    reader = build(Reader, "tango_ie::jsonl")
    assert list(reader.read(path)) == [
        Sentence(("Ada",), (Entity("PER", 0, 1),)),
        Sentence(("b\u2028", "c"), doc_id="1", position=3),
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"words": ["a"], "entity": []}', "did you mean 'entities'?"),
        ('{"words": []}', "the sentence has no words"),
        ('{"words": ["a"', "not JSON at character 15"),
        ("[]", "a record must be an object"),
    ],
)
def test_errors_name_file_and_line(line: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    path.write_text('{"words": ["a"]}\n\n' + line + "\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        list(JsonLinesReader().read(path))
    assert str(caught.value).startswith(f"{path}, line 3: ")
    assert message in str(caught.value)
