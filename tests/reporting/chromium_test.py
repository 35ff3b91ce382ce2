"""What the tests of pages rely on: the console tells of errors and of requests."""

from __future__ import annotations

from pathlib import Path

from tests.reporting.chromium import Opened, needs_chromium, opened

_PAGE = """<!doctype html><html lang="en"><head><title>page</title></head>
<body><p class="seen">before</p>{}</body></html>"""


def _opened(folder: Path, content: str) -> Opened:
    path = folder / "page.html"
    path.write_text(_PAGE.format(content), encoding="utf-8")
    return opened(path)


@needs_chromium
def test_a_good_page_says_nothing_and_asks_for_nothing(tmp_path: Path) -> None:
    page = _opened(tmp_path, "")
    assert page.console == page.requests == []
    assert page.texts("seen") == ["before"]


@needs_chromium
def test_requests_and_errors_are_heard(tmp_path: Path) -> None:
    page = _opened(
        tmp_path, '<img alt="" src="https://example.org/a.png"><script>missing()</script>'
    )
    assert any("example.org" in request for request in page.requests)
    assert any("missing" in line for line in page.console)
