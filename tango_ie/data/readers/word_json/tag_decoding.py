"""Word tags of a record to entities."""

from __future__ import annotations

from collections.abc import Sequence

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Entity
from tango_ie.data.json_values import shown
from tango_ie.data.readers.word_records import Place
from tango_ie.data.span_decoder import SpanDecoder


def decode_tags(
    tags: Sequence[str], size: int, decoder: SpanDecoder, place: Place, what: str
) -> tuple[Entity, ...]:
    """The entities that the tags of a sentence of ``size`` words say.

    Args:
        decoder: of the file that the record stands in.
        what: where the tags stand in the record, for errors.

    Raises:
        DataError: not one tag per word, or a tag that the scheme does not know.

    >>> from tango_ie.data.notes import Notes
    >>> decoder = SpanDecoder("auto", "entities", "here", Notes())
    >>> decode_tags(["B-PER", "O"], 2, decoder, Place(Notes(), "here", 1), "tags")
    (Entity(label='PER', start=0, end=1, score=None),)
    """
    check_size(tags, size, what)
    return tuple(decoder.decode(tags, place.line or 1, one_line=True))


def check_size(tags: Sequence[object], size: int, what: str) -> None:
    """Refuse tags that are not one for each word.

    Raises:
        DataError: there are more or fewer.
    """
    if len(tags) != size:
        raise DataError(f"{what} has {len(tags)} tags for {size} words; each word needs one")


def name_tags(numbers: Sequence[object], names: Sequence[str], what: str) -> tuple[str, ...]:
    """Tags by their numbers.

    Args:
        names: the tags in the order of their numbers, which count from 0.

    Raises:
        DataError: what is no number, or one that has no name.

    >>> name_tags([1, 0], ["O", "B-PER"], "ner_tags")
    ('B-PER', 'O')
    """
    tags = []
    for number in numbers:
        if not isinstance(number, int) or isinstance(number, bool):
            raise DataError(f"{what}: each tag must be a whole number, found {shown(number)}")
        if not 0 <= number < len(names):
            raise DataError(f"{what}: the tag {number} has no name; {len(names)} tags have names")
        tags.append(names[number])
    return tuple(tags)
