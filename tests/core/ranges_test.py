"""Arguments out of range are named."""

from __future__ import annotations

import pytest

from tango_ie.core.errors import ConfigurationError
from tango_ie.core.ranges import check_at_least, check_dropout


def test_the_argument_is_named() -> None:
    with pytest.raises(ConfigurationError, match="layers: must be at least 1, found 0"):
        check_at_least(1, size=1, layers=0)
    for value in (-0.1, 1.0, float("nan")):
        with pytest.raises(ConfigurationError, match=r"word_dropout: must lie in \[0, 1\), found"):
            check_dropout(dropout=0.0, word_dropout=value)
