"""Turning a template and its cast into an annotated sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Entity, Relation, Sentence
from tango_ie.data.embedded.cast import Cast
from tango_ie.data.embedded.draws import Draws
from tango_ie.data.embedded.gazetteers import Gazetteer, lexicon
from tango_ie.data.embedded.names import Phrase, Span, Token, list_entry, number_word
from tango_ie.data.embedded.templates import (
    Item,
    Link,
    Number,
    Slot,
    Template,
    Word,
    expand,
)

_NO_SPACE_BEFORE = frozenset([".", ",", ";", ":", "?", "!", ")", "%", "'s", "'", "n't"])
_NO_SPACE_AFTER = frozenset(["(", "$"])
_STOPS = frozenset([".", ",", ";", ":", "?", "!"])
_QUOTE = '"'
_SOUNDS_CONSONANT = ("uni", "use", "usu", "eu", "one", "once")
_SOUNDS_VOWEL = ("hour", "honest", "heir", "8", "11", "18")
_VOWEL_LETTERS = frozenset("AEFHILMNORSX")  # letters whose names start with a vowel


def realise(template: Template, gazetteer: Gazetteer, cast: Cast, draws: Draws) -> Sentence:
    """Fill ``template``.

    Args:
        template: what to say.
        gazetteer: word lists.
        cast: the participants; those met for the first time are introduced.
        draws: the stream of random choices.

    Raises:
        DataError: when a word has no part of speech, or a relation names someone who is absent.
    """
    tokens: list[Token] = []
    spans: list[Span] = []
    mentions: dict[str, Span] = {}
    links: list[Link] = []
    for item in expand(template.nodes, draws):
        if isinstance(item, Link):
            links.append(item)
            continue
        key, phrase = _phrase(item, gazetteer, cast, draws, mentions)
        placed = phrase.after(len(tokens))
        if placed:
            mentions.setdefault(key, placed[0])
        spans.extend(placed)
        _append(tokens, phrase)
    try:
        relations = [(link.label, mentions[link.head], mentions[link.tail]) for link in links]
        return _sentence(_tagged(_capitalised(_with_articles(tokens))), spans, relations)
    except KeyError as error:
        raise DataError(f"template {template.identifier}: nobody is {error}") from error
    except DataError as error:
        raise DataError(f"template {template.identifier}: {error}") from error


def lay_out(words: Sequence[str], glued: Sequence[bool]) -> tuple[str, list[tuple[int, int]]]:
    """Join words as print does, and give the characters ``[start, end)`` of each.

    >>> lay_out(["A", "well", "-", "known", "tune", "."], [False, False, True, False, False, False])
    ('A well-known tune.', [(0, 1), (2, 6), (6, 7), (7, 12), (13, 17), (17, 18)])
    """
    text = ""
    offsets: list[tuple[int, int]] = []
    attach, inside_quotes = True, False
    for word, is_glued in zip(words, glued, strict=True):
        closes = word == _QUOTE and inside_quotes
        if not (attach or is_glued or closes or word in _NO_SPACE_BEFORE):
            text += " "
        offsets.append((len(text), len(text) + len(word)))
        text += word
        inside_quotes ^= word == _QUOTE
        opens = word == _QUOTE and inside_quotes
        attach = is_glued or opens or word in _NO_SPACE_AFTER
    return text, offsets


def _append(tokens: list[Token], phrase: Phrase) -> None:
    """Join ``phrase`` to the sentence; of two stops that meet, the stronger one stays."""
    if tokens and tokens[-1].text == "," and phrase.tokens[0].text in _STOPS:
        tokens.pop()
    tokens.extend(phrase.tokens)


def _phrase(
    item: Item, gazetteer: Gazetteer, cast: Cast, draws: Draws, mentions: Mapping[str, Span]
) -> tuple[str, Phrase]:
    if isinstance(item, Slot) and (item.key.isupper() or item.key == "*"):
        return cast.mention(item, again=item.key in mentions)
    if isinstance(item, Slot):
        words = list_entry(item.key, gazetteer, draws)
    elif isinstance(item, Number):
        words = [number_word(item, draws)]
    elif isinstance(item, Word):
        words = [item]
    else:
        raise DataError(f"a sentence cannot hold {item}")
    return "", Phrase(tuple(Token(word.text, word.tag, word.glued) for word in words))


def _with_articles(tokens: list[Token]) -> list[Token]:
    """Choose between ``a`` and ``an``, and write the possessive of ``-s`` without another one."""
    result = list(tokens)
    for index, token in enumerate(tokens[:-1]):
        if token.text == "'s" and index and tokens[index - 1].text.endswith("s"):
            result[index] = replace(token, text="'", tag="PART")
        if token.text in ("a", "an", "A", "An") and token.tag in ("", "DET"):
            following = next(t.text for t in tokens[index + 1 :] if t.text != _QUOTE)
            article = "an" if _starts_with_vowel(following) else "a"
            result[index] = replace(
                token, text=article if token.text.islower() else article.title()
            )
    return result


def _starts_with_vowel(word: str) -> bool:
    is_spelt = word[1:].isupper() or word[1:] == "."
    if is_spelt:
        return word[0] in _VOWEL_LETTERS
    lower = word.lower()
    if lower.startswith(_SOUNDS_VOWEL):
        return True
    return lower[0] in "aeiou" and not lower.startswith(_SOUNDS_CONSONANT)


def _capitalised(tokens: list[Token]) -> list[Token]:
    """Start sentences with a capital, except with a name that is written small."""
    starts, inside_quotes = True, False
    for index, token in enumerate(tokens):
        if starts and token.text[0].isalnum():
            if token.tag != "PROPN":
                tokens[index] = replace(token, text=token.text[0].upper() + token.text[1:])
            starts = False
        elif token.text in (".", "?", "!"):
            starts = True
        elif token.text == _QUOTE:
            inside_quotes = not inside_quotes
            starts = starts and inside_quotes  # what follows a question in quotes goes on small
    return tokens


def _tagged(tokens: list[Token]) -> list[Token]:
    known = lexicon()
    tagged: list[Token] = []
    for token in tokens:
        tag = token.tag or known.get(token.text.lower(), "NUM" if token.text.isdigit() else "")
        if not tag:
            raise DataError(f"no part of speech is known for {token.text!r}")
        tagged.append(replace(token, tag=tag))
    return tagged


def _sentence(
    tokens: Sequence[Token], spans: Sequence[Span], relations: Sequence[tuple[str, Span, Span]]
) -> Sentence:
    words = [token.text for token in tokens]
    text, offsets = lay_out(words, [token.glued for token in tokens])
    order = sorted(set(spans), key=lambda span: (span[1], -span[2], span[0]))
    place = {span: index for index, span in enumerate(order)}
    links = {Relation(label, place[head], place[tail]) for label, head, tail in relations}
    return Sentence(
        words=tuple(words),
        entities=tuple(Entity(*span) for span in order),
        relations=tuple(sorted(links, key=lambda link: (link.head, link.tail, link.label))),
        tags={"pos": tuple(token.tag for token in tokens)},
        text=text,
        offsets=tuple(offsets),
    )
