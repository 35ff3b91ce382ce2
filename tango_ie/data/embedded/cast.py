"""Who and what a document is about, and how each mention of it reads."""

from __future__ import annotations

from collections.abc import Container

from tango_ie.core.errors import DataError
from tango_ie.data.embedded.draws import Draws
from tango_ie.data.embedded.gazetteers import Gazetteer, Kind
from tango_ie.data.embedded.names import NameBuilder, Participant, Phrase, Token
from tango_ie.data.embedded.templates import ANYONE, Slot

_PRONOUNS = {
    "he": ("he", "she"),
    "him": ("him", "her"),
    "his": ("his", "her"),
    "himself": ("himself", "herself"),
}
_ATTEMPTS = 200
_SHORT_AGAIN = 0.8  # share of later mentions that use the short name, where the text leaves it open
_ACRONYM_INTRODUCED = 0.7


class Cast:
    """The participants of one document, drawn when they are first needed.

    Args:
        gazetteer: what names are made of.
        draws: the stream of random choices.
        forbidden: lower-case entity texts of other splits, which no name here may repeat.
    """

    def __init__(self, gazetteer: Gazetteer, draws: Draws, forbidden: Container[str] = ()) -> None:
        self._gazetteer = gazetteer
        self._draws = draws
        self._forbidden = forbidden
        self._participants: dict[str, Participant] = {}
        self._mentioned: dict[str, None] = {}  # an ordered set
        self._named_now: frozenset[str] = frozenset()

    def begin_sentence(self) -> None:
        """Forget whom the last sentence named."""
        self._named_now = frozenset()

    def knows(self, keys: frozenset[str]) -> bool:
        """Whether the sentence that has just ended names all ``keys``."""
        return keys <= self._named_now

    def can_refer_back(self) -> bool:
        """Whether ``{*}`` has someone or something to stand for."""
        return bool(self._with_short_names())

    def mention(self, slot: Slot, again: bool) -> tuple[str, Phrase]:
        """The key and the words of one mention.

        Args:
            slot: who is meant and, optionally, by which form.
            again: the sentence has mentioned the same participant already.

        Raises:
            DataError: when the form does not exist for that kind of participant.
        """
        if slot.key == ANYONE:
            key = self._draws.pick(self._with_short_names())
            return key, self._named(self._participants[key], "short")
        participant = self._get(slot.key)
        if slot.form in _PRONOUNS:
            return slot.key, _plain(_PRONOUNS[slot.form][participant.female], "PRON")
        if slot.form == "the":
            noun = self._draws.pick(participant.kind.nouns)
            return slot.key, _plain("the", "DET", noun, "NOUN")
        form = slot.form or self._usual_form(slot.key, participant, again)
        phrase = self._named(participant, form)
        if not participant.kind.fresh:
            self._mentioned[slot.key] = None
            self._named_now |= {slot.key}
        return slot.key, phrase

    def _with_short_names(self) -> list[str]:
        return [
            key
            for key in self._mentioned
            if (who := self._participants[key]).short is not None and who.kind.tag == "PROPN"
        ]

    def _usual_form(self, key: str, participant: Participant, again: bool) -> str:
        if participant.kind.fresh:
            return "full"
        if key not in self._mentioned:
            return "introduction" if participant.acronym else "full"
        return "short" if again or self._draws.chance(_SHORT_AGAIN) else "full"

    def _named(self, participant: Participant, form: str) -> Phrase:
        if form == "introduction":
            return self._introduce(participant)
        if form == "short":
            return participant.short or participant.full
        if form == "s":
            return participant.plural
        if form == "bare":
            return participant.full.bare()
        if form == "full":
            return participant.full
        raise DataError(f"participants have no form {form!r}")

    def _introduce(self, participant: Participant) -> Phrase:
        full, short = participant.full, participant.short
        if short is None or not self._draws.chance(_ACRONYM_INTRODUCED):
            participant.short = None  # a reader who was not told would not know the acronym
            return full
        tokens = (*full.tokens, Token("("), *short.tokens, Token(")"))
        return Phrase(tokens, (*full.spans, *short.after(len(full.tokens) + 1)))

    def _get(self, key: str) -> Participant:
        kind = self._gazetteer.kinds[self._gazetteer.keys[key]]
        if kind.fresh or key not in self._participants:
            self._participants[key] = self._draw(kind)
        return self._participants[key]

    def _draw(self, kind: Kind) -> Participant:
        taken = {w for other in self._participants.values() for w in other.words}
        for _ in range(_ATTEMPTS):
            builder = NameBuilder(self._gazetteer, self._draws, self._get)
            participant = builder.participant(kind)
            if not kind.shared and any(n.lower() in self._forbidden for n in participant.names()):
                continue
            if kind.fresh or not participant.words & taken:
                return participant
        raise DataError(f"no unused name is left for {kind.label}: {participant.names()}")


def _plain(*words_and_tags: str) -> Phrase:
    pairs = zip(words_and_tags[::2], words_and_tags[1::2], strict=True)
    return Phrase(tuple(Token(word, tag) for word, tag in pairs))
