"""Pages opened in headless Chromium."""

from __future__ import annotations

import re
import shutil
import socketserver
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import cast

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
    # What a page asks of this machine goes through the proxy, too.
    "--proxy-bypass-list=<-loopback>",
    "--virtual-time-budget=1000",  # ms; timers of the page run before it is read
    "--dump-dom",
]
_CONSOLE = re.compile(r'CONSOLE[:(]\d+\)?\] "(.*)", source')
# Chromium asks its maker for the time and for updates, whatever the page.
_OWN = re.compile(r"^(GET|CONNECT|POST) (https?://)?([\w-]+\.)*(google|googleapis|gvt1)\.com[:/]")
_VOID = {"meta", "link", "br", "wbr", "hr", "input", "img", "col"}


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
        requests: what was asked of the network.
    """

    def __init__(self, dom: str, console: list[str], requests: list[str]) -> None:
        super().__init__()
        self.console = console
        self.requests = requests
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


def opened(path: Path, address: str = "", width: int = 1200) -> Opened:
    """A page from a file, opened at ``#address``; the profile lies beside it."""
    assert CHROMIUM is not None
    url = f"{path.as_uri()}#{address}" if address else path.as_uri()
    profile = f"--user-data-dir={path.parent / 'profile'}"
    with _proxy() as (port, requests):
        done = subprocess.run(
            [
                CHROMIUM,
                *_OPTIONS,
                f"--proxy-server=http://127.0.0.1:{port}",
                f"--window-size={width},900",
                profile,
                url,
            ],
            capture_output=True,
            text=True,
            errors="replace",
            check=True,
            timeout=120,
        )
    return Opened(done.stdout, _CONSOLE.findall(done.stderr), requests)


class _Refusal(socketserver.StreamRequestHandler):
    """Notes what is asked for, and gives nothing."""

    def handle(self) -> None:
        line = self.rfile.readline().decode(errors="replace").strip()
        if not _OWN.match(line):
            cast(_Proxy, self.server).requests.append(line)


class _Proxy(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Refusal)
        self.requests: list[str] = []


@contextmanager
def _proxy() -> Iterator[tuple[int, list[str]]]:
    """A proxy on a port of its own, and the requests that it has heard."""
    with _Proxy() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server.server_address[1], server.requests
        finally:
            server.shutdown()
