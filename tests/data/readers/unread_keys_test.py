from __future__ import annotations

from tango_ie.data.notes import Notes
from tango_ie.data.readers.unread_keys import UnreadKeys


def test_each_key_is_stated_once() -> None:
    notes = Notes()
    unread = UnreadKeys(("text",))
    for record in ({"text": "a", "id": 1}, {"id": 2, "url": "b"}, {"text": "c"}):
        unread.look(record)
    unread.state(notes)
    assert notes.facts == {"keys not read": "id, url"}


def test_nothing_is_stated_where_all_is_read() -> None:
    notes = Notes()
    unread = UnreadKeys(("text",))
    unread.look(["text"])
    unread.state(notes)
    assert notes.facts == {}


def test_only_so_many_are_kept() -> None:
    notes = Notes()
    unread = UnreadKeys(())
    unread.look(map(str, range(10_000)))
    unread.state(notes)
    assert notes.facts["keys not read"].endswith("18, 19, …")
