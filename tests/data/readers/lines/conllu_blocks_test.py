from __future__ import annotations

import pytest

from tango_ie.core.errors import DataError
from tango_ie.data.readers.lines.conllu_blocks import Comment, ConlluBlock, cut_blocks


def row(number: str, form: str = "x") -> str:
    return "\t".join([number, form, *"_" * 8]) + "\n"


def cut(*lines: str) -> list[ConlluBlock]:
    return list(cut_blocks(lines, "here"))


def test_words_tokens_and_empty_nodes() -> None:
    lines = [row("0.1"), row("1-2", "im"), row("1", "in"), row("2", "dem"), row("2.1"), row("3")]
    (block,) = cut("# a = b = c\n", "#d\r\n", *lines)
    assert block.comments == [Comment("a", "b = c", 1), Comment("d", "", 2)]
    assert [cells[1] for cells in block.rows] == ["in", "dem", "x"]
    assert block.lines == [5, 6, 8]
    assert block.tokens == [("im", 2), ("x", 1)]
    assert (block.ranges, block.empty_nodes) == (1, 2)


def test_blank_lines_part_sentences() -> None:
    blocks = cut("\n", row("1"), " \t\r\n", "\n", "# c\n", "\n", row("0.1"), "\n", row("1"))
    assert [len(block.rows) for block in blocks] == [1, 0, 0, 1]


@pytest.mark.parametrize(
    ("lines", "line", "message"),
    [
        ([row("2")], 1, "the ID 2 does not follow word 0"),
        ([row("1"), row("1")], 2, "the ID 1 does not follow word 1"),
        ([row("x")], 1, "the ID must be like 3, 3-4"),
        ([row("1-")], 1, "the ID must be like 3, 3-4"),
        ([row("9" * 5_000)], 1, "the ID must be like 3, 3-4"),
        ([row("2-3")], 1, "the ID 2-3 does not follow word 0"),
        ([row("1-2"), row("1-3")], 2, "overlaps with the one before it"),
        ([row("1-2"), row("1")], 2, "ends with word 2, but the sentence with word 1"),
        ([row("1-999999999"), "\n"], 1, "ends with word 999999999"),
        ([row("1.1")], 1, "the ID 1.1 does not follow word 0"),
        ([row("1"), "# c\n"], 2, "a comment within a sentence"),
        (["1\tx\t_\n"], 1, "3 columns parted by tabs, expected 10"),
        ([row("1", "")], 1, "the column form is empty"),
    ],
)
def test_errors_name_the_line(lines: list[str], line: int, message: str) -> None:
    with pytest.raises(DataError, match=message) as caught:
        cut(*lines)
    assert (caught.value.source, caught.value.line) == ("here", line)
