"""Keys of JSON records that a reader does not read, stated once per file."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from tango_ie.data.notes import Notes

_SHOWN = 20


class UnreadKeys:
    """Remembers the keys that are none of ``read``.

    >>> notes = Notes()
    >>> unread = UnreadKeys(("text",))
    >>> unread.look({"text": "a", "id": 3})
    >>> unread.state(notes)
    >>> notes.facts
    {'keys not read': 'id'}
    """

    def __init__(self, read: Collection[str]) -> None:
        self._read = frozenset(read)
        self._unread: dict[str, None] = {}

    def look(self, keys: Iterable[str]) -> None:
        """Take note of the keys of a record."""
        for key in keys:
            if key not in self._read and len(self._unread) <= _SHOWN:
                self._unread[key] = None

    def state(self, notes: Notes) -> None:
        """State them, where there are any."""
        if self._unread:
            names = list(self._unread)
            more = ", …" if len(names) > _SHOWN else ""
            notes.state("keys not read", ", ".join(names[:_SHOWN]) + more)
