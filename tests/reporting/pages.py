"""What is in an HTML page."""

from __future__ import annotations

from html.parser import HTMLParser

_VOID = {"meta", "link", "wbr", "br"}


class Page(HTMLParser):
    """Text of a page, its elements, and what it would request.

    Args:
        source: of the page.

    Raises:
        AssertionError: an element is closed that is not open, or the other way round.
    """

    def __init__(self, source: str) -> None:
        super().__init__()
        self.requests: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[dict[str, str]] = []
        self._words: list[str] = []
        self._open: list[str] = []
        self.feed(source)
        self.close()
        assert self._open == []
        self.text = " ".join("".join(self._words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.append({name: value or "" for name, value in attrs})
        found = [value or "" for name, value in attrs if name in ("src", "href", "srcset")]
        self.requests += [value for value in found if not value.startswith("data:")]
        if tag not in _VOID:
            self._open.append(tag)
        if tag not in ("span", "wbr", "b", "code"):
            self._words.append(" ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self._words.append(data)
