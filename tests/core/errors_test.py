"""What the errors say, also after they have crossed to another process."""

from __future__ import annotations

import pickle

import pytest
from tango.common.exceptions import CliRunError
from tango.common.exceptions import ConfigurationError as TangoConfigurationError

from tango_ie.core.errors import ConfigurationError, DataError, TangoIEError, WorkspaceError


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ConfigurationError("no such head", "steps.train.model.head"),
         "steps.train.model.head: no such head"),
        (ConfigurationError("no such head"), "no such head"),
        (DataError("3 columns", "train.txt", 7), "train.txt, line 7: 3 columns"),
        (DataError("is empty", "train.txt"), "train.txt: is empty"),
        (DataError("no sentences"), "no sentences"),
        (WorkspaceError("the disk is full"), "the disk is full"),
    ],
)  # fmt: skip
def test_place_and_message(error: TangoIEError, text: str) -> None:
    assert str(error) == text
    assert str(pickle.loads(pickle.dumps(error))) == text


def test_tango_shows_them_without_a_traceback() -> None:
    assert issubclass(TangoIEError, CliRunError)
    assert issubclass(ConfigurationError, TangoConfigurationError)
