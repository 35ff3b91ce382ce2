"""Turning patterns of names into words with entity spans."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tango_ie.core.errors import DataError
from tango_ie.data.embedded.draws import Draws
from tango_ie.data.embedded.gazetteers import Gazetteer, Kind, Pattern
from tango_ie.data.embedded.templates import Bracket, Item, Node, Number, Slot, Word, expand

Span = tuple[str, int, int]
_FUNCTION_WORDS = frozenset(
    ["a", "and", "at", "for", "from", "in", "into", "of", "on", "the", "to", "with"]
)
_WORDS_ONLY = "words"  # the nested name is there, but not as an entity of its own
_NESTED_FORMS = frozenset(["new", _WORDS_ONLY])


@dataclass(frozen=True)
class Token:
    """A word of the finished text; ``tag`` is empty where the lexicon decides."""

    text: str
    tag: str = ""
    glued: bool = False


@dataclass(frozen=True)
class Phrase:
    """Words with the entities inside them, the outermost first.

    >>> Phrase((Token("Ada"), Token("Reith")), (("PER", 0, 2),)).names()
    ['Ada Reith']
    """

    tokens: tuple[Token, ...]
    spans: tuple[Span, ...] = ()

    def names(self) -> list[str]:
        """The text of every entity, words joined by a space."""
        return [" ".join(t.text for t in self.tokens[start:end]) for _, start, end in self.spans]

    def bare(self) -> Phrase:
        """The entity alone, without an article before it."""
        first = self.spans[0][1] if self.spans else 0
        spans = tuple((label, start - first, end - first) for label, start, end in self.spans)
        return Phrase(self.tokens[first:], spans)

    def after(self, size: int) -> list[Span]:
        """The spans as they lie when ``size`` words come before the phrase."""
        return [(label, start + size, end + size) for label, start, end in self.spans]


@dataclass
class Participant:
    """Someone or something of a document, with the ways to mention it.

    Args:
        kind: what it is.
        full: the name in full.
        plural: the same in the plural (differs for species only).
        short: the name of later mentions; ``None`` where there is none.
        words: lower-case words drawn from lists, which no other participant may share.
        female: pronouns are ``she`` and ``her``.
        acronym: the short form has to be introduced in parentheses.
    """

    kind: Kind
    full: Phrase
    plural: Phrase
    short: Phrase | None
    words: frozenset[str]
    female: bool = False
    acronym: bool = False

    def names(self) -> list[str]:
        """The text of every entity in every form."""
        forms = [self.full, self.plural, *([self.short] if self.short else [])]
        return [name for form in forms for name in form.names()]


class NameBuilder:
    """Builds one name; what it draws from lists is kept, so that its forms agree.

    Args:
        gazetteer: lists and kinds.
        draws: the stream of random choices.
        lookup: gives the participant behind an upper-case slot.
    """

    def __init__(
        self, gazetteer: Gazetteer, draws: Draws, lookup: Callable[[str], Participant]
    ) -> None:
        self._gazetteer = gazetteer
        self._draws = draws
        self._lookup = lookup
        self._drawn: dict[Slot, list[Word]] = {}
        self._nested: dict[str, Participant] = {}

    def participant(self, kind: Kind) -> Participant:
        """Draw a pattern of ``kind`` and fill it."""
        pattern = self._draws.pick(kind.patterns)
        items = self._settle(pattern.full)
        full = self._phrase(items, kind, plural=False)
        own = {word.text.lower() for words in self._drawn.values() for word in words}
        return Participant(
            kind=kind,
            full=full,
            plural=self._phrase(items, kind, plural=True),
            short=self._short(pattern, kind, full),
            words=frozenset(own.union(*(part.words for part in self._nested.values()))),
            female=any(slot.key == "first_f" for slot in self._drawn),
            acronym=pattern.acronym,
        )

    def _settle(self, nodes: Sequence[Node]) -> list[Item]:
        items = expand(nodes, self._draws)
        return [number_word(i, self._draws) if isinstance(i, Number) else i for i in items]

    def _short(self, pattern: Pattern, kind: Kind, full: Phrase) -> Phrase | None:
        if pattern.acronym:
            capitals = "".join(t.text[0] for t in full.bare().tokens if t.text[0].isupper())
            return Phrase((Token(capitals, "PROPN"),), ((kind.label, 0, 1),))
        if pattern.short:
            return self._phrase(self._settle(pattern.short), kind, plural=False)
        return None

    def _phrase(self, items: Sequence[Item], kind: Kind, plural: bool) -> Phrase:
        tokens: list[Token] = []
        spans: list[Span] = []
        starts: list[int] = []
        outside = 0
        for item in items:
            if isinstance(item, Bracket):
                if item.opens:
                    starts.append(len(tokens))
                else:
                    spans.append((item.label, starts.pop(), len(tokens)))
            elif isinstance(item, Slot) and (item.key.isupper() or item.form in _NESTED_FORMS):
                nested = self._nested_name(item).bare()
                spans.extend(nested.after(len(tokens)) if item.form != _WORDS_ONLY else ())
                tokens.extend(nested.tokens)
            else:
                words = self._words(item)
                outside += sum(word.outside for word in words)
                tokens.extend(_token(word, kind.tag, plural) for word in words)
        return Phrase(tuple(tokens), ((kind.label, outside, len(tokens)), *spans))

    def _nested_name(self, slot: Slot) -> Phrase:
        if slot.key.isupper():
            return self._lookup(slot.key).full
        if slot.key not in self._nested:
            builder = NameBuilder(self._gazetteer, self._draws, self._lookup)
            self._nested[slot.key] = builder.participant(self._gazetteer.kinds[slot.key])
        return self._nested[slot.key].full

    def _words(self, item: Item) -> list[Word]:
        if isinstance(item, Word):
            return [item]
        if not isinstance(item, Slot):
            raise DataError(f"a name cannot hold {item}")
        if item not in self._drawn:
            taken = list(self._drawn.values())
            entry = list_entry(item.key, self._gazetteer, self._draws)
            while entry in taken:
                entry = list_entry(item.key, self._gazetteer, self._draws)
            self._drawn[item] = entry
        return self._drawn[item]


def list_entry(name: str, gazetteer: Gazetteer, draws: Draws) -> list[Word]:
    """Draw an entry of the word list ``name``.

    Raises:
        DataError: when there is no such list.
    """
    if name not in gazetteer.lists:
        raise DataError(f"there is no list named {name!r}")
    items = expand(draws.pick(gazetteer.lists[name]), draws)
    return [item for item in items if isinstance(item, Word)]


def number_word(number: Number, draws: Draws) -> Word:
    """Draw a number and spell it as newspapers do: ``1,200``, ``4.5``."""
    value = draws.integer(number.low, number.high)
    if number.decimals:
        return Word(f"{value / 10**number.decimals:.{number.decimals}f}", "NUM")
    return Word(f"{value:,}", "NUM")


def _token(word: Word, tag: str, plural: bool) -> Token:
    singular, _, several = word.text.partition("~")
    text = several if plural and several else singular
    if word.tag:
        tag = word.tag
    elif word.outside or text.lower() in _FUNCTION_WORDS:
        tag = ""
    elif text.replace(",", "").replace(".", "").isdigit():
        tag = "NUM"
    elif not text[0].isalnum():
        tag = ""  # punctuation: the lexicon knows
    return Token(text, tag, word.glued)
