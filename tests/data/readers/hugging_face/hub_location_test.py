from __future__ import annotations

import pytest

from tango_ie.core.errors import DataError
from tango_ie.data.readers.hugging_face.hub_location import HubLocation


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("hf://conll2003?split=train", HubLocation("conll2003", "train")),
        ("hf://a/b?split=train[:10%25]", HubLocation("a/b", "train[:10%]")),
        (
            "hf://a/b?revision=refs/pr/1&config=en&split=test",
            HubLocation("a/b", "test", "en", "refs/pr/1"),
        ),
    ],
)
def test_parts(location: str, expected: HubLocation) -> None:
    assert HubLocation.parse(location) == expected


@pytest.mark.parametrize(
    ("location", "message"),
    [
        ("hf://a/b", "say which split is wanted"),
        ("hf://a/b?", "say which split is wanted"),
        ("hf://a/b?splits=train", "did you mean 'split'"),
        ("hf://a/b?split=", "'split' is empty"),
        ("hf://a/b?split", "is no list of KEY=VALUE"),
        ("hf://a/b?split=train&split=test", "a part is there twice"),
        ("hf://a/b/c?split=train", "'a/b/c' names no data set"),
        ("hf://?split=train", "'' names no data set"),
        ("hf://a/?split=train", "'a/' names no data set"),
    ],
)
def test_what_is_no_location(location: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        HubLocation.parse(location)


def test_it_is_shown_as_it_is_written() -> None:
    location = "hf://a/b?config=en&split=test&revision=main"
    assert str(HubLocation.parse(location)) == location
