"""Malformed files of every format: each is refused with its file, its line and a way out."""

from __future__ import annotations

import pytest

from tango_ie.core.errors import DataError
from tango_ie.data.notes import Notes
from tests.data.readers.cases import Case, cases

BROKEN = cases("broken")


def test_there_are_many() -> None:
    assert len(BROKEN) >= 40
    families = {case.name.partition("/")[0] for case in BROKEN}
    sound = {case.name.partition("/")[0] for case in cases("sound")}
    assert families >= sound, "a format without malformed files"


@pytest.mark.parametrize("case", BROKEN, ids=lambda case: case.name)
def test_it_is_refused(case: Case) -> None:
    with pytest.raises(DataError, match=case.values["match"]) as caught:
        list(case.reader().read(case.path, Notes(strict=case.values.get("strict", False))))
    assert str(case.folder) in str(caught.value.source)
    assert caught.value.line == case.values["line"]
