"""Pages opened in headless Chromium."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")

_OPTIONS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-logging=stderr",
    "--window-size=1200,900",
    "--virtual-time-budget=1000",  # ms; timers of the page run before it is read
    "--dump-dom",
]
_CONSOLE = re.compile(r'CONSOLE[:(]\d+\)?\] "(.*)", source')
_VOID = {"meta", "link", "br", "input"}


@dataclass
class Element:
    """An element of a page, with the text of all that is in it."""

    tag: str
    attributes: dict[str, str]
    text: str = ""

    @property
    def classes(self) -> list[str]:
        """The classes of the element."""
        return self.attributes.get("class", "").split()


class Opened(HTMLParser):
    """What a browser made of a page.

    Args:
        dom: the page after its scripts ran.
        console: what they wrote, errors too.
    """

    def __init__(self, dom: str, console: list[str]) -> None:
        super().__init__()
        self.console = console
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(dom)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def find(self, name: str) -> list[Element]:
        """The elements of a class."""
        return [element for element in self.elements if name in element.classes]

    def texts(self, name: str) -> list[str]:
        """Their texts, with single blanks."""
        return [" ".join(element.text.split()) for element in self.find(name)]


def opened(path: Path, address: str = "") -> Opened:
    """A page from a file, opened at ``#address``; the profile lies beside it."""
    assert CHROMIUM is not None
    url = f"{path.as_uri()}#{address}" if address else path.as_uri()
    profile = f"--user-data-dir={path.parent / 'profile'}"
    done = subprocess.run(
        [CHROMIUM, *_OPTIONS, profile, url],
        capture_output=True,
        text=True,
        errors="replace",
        check=True,
        timeout=120,
    )
    return Opened(done.stdout, _CONSOLE.findall(done.stderr))
