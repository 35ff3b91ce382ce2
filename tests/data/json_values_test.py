from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tango_ie.core.errors import DataError
from tango_ie.data import json_values as values


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"a": 1', "not JSON at character 8 .*one whole object"),
        ("[" * 100_000, "nested too deeply"),
        ("9" * 5000, "not JSON that can be read"),
        ('"\\ud800"', r"\\ud800 is half of a character"),
    ],
)
def test_what_is_no_json(line: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        values.parse_json(line)
    assert values.parse_json('"\\ud83d\\ude00"') == "😀"


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: values.expect(True, int, "start"), "start must be a whole number, found True"),
        (lambda: values.expect("x" * 99, list, "words"), r"must be a list, found 'x{56}\.\.\."),
        (lambda: values.required({"b": 1}, "a", int), "needs the key 'a'; it has 'b'"),
        (lambda: values.required({"a": None}, "a", int, "x"), r"x\.a must be a whole number"),
        (lambda: values.optional({"a": 1.5}, "a", int), "a must be a whole number"),
        (lambda: values.strings(["a", 1], "words"), "each of words must be a string, found 1"),
        (lambda: values.filled_words([], "words"), "words is empty"),
        (lambda: values.filled_words(["a", ""], "words"), "words: word 2 is empty"),
        (lambda: values.whole_numbers([1], "span", 2), "span must hold 2 whole numbers"),
        (lambda: values.whole_numbers([1, "2"], "span"), "each of span must be a whole number"),
        (lambda: values.check_keys({"wrds": 1}, ["words"], []), "did you mean 'words'"),
        (lambda: values.check_keys({}, ["words"], ["words"]), "needs the key 'words'; it has none"),
    ],
)
def test_what_is_not_as_expected(ask: Callable[[], Any], message: str) -> None:
    with pytest.raises(DataError, match=message):
        ask()


def test_what_is() -> None:
    assert values.expect(True, bool, "flag") is True
    assert values.optional({"a": None}, "a", str) is None
    assert values.optional({}, "a", str) is None
    assert values.required({"a": 1}, "a", int) == 1
    assert values.filled_words(["a"], "words") == ("a",)
    assert values.whole_numbers([1, 2], "span", 2) == (1, 2)
