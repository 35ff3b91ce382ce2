"""Templates."""

from __future__ import annotations

from tango_ie.reporting.templates import digest


def test_each_page_has_a_digest_of_its_own() -> None:
    assert digest("page.html.jinja") != digest("corpus.html.jinja")
