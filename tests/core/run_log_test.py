from __future__ import annotations

import logging
from pathlib import Path

from tango_ie.core.run_log import capture_logs


def test_a_second_start_adds_to_the_log(tmp_path: Path) -> None:
    for word in ("first", "second"):
        with capture_logs(tmp_path / "out.log"):
            logging.getLogger("somewhere").error("the %s message", word)
    text = (tmp_path / "out.log").read_text()
    assert "the first message" in text
    assert "the second message" in text
