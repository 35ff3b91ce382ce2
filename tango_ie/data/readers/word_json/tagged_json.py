"""JSON with a list of words and lists of tags; SpERT's form with BILOU tags is one of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, TextIO

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Sentence
from tango_ie.data.json_values import expect, required, strings
from tango_ie.data.notes import Notes
from tango_ie.data.readers.base import Reader
from tango_ie.data.readers.word_json.spert import read_relations
from tango_ie.data.readers.word_json.tag_decoding import check_size, decode_tags, name_tags
from tango_ie.data.readers.word_records import Place, RecordLoop, identifier, read_words
from tango_ie.data.schemes import FoundScheme
from tango_ie.data.span_decoder import SpanDecoder

# The keys that are looked for where none is named, in this order.
_WORDS = ("tokens", "words", "text")
_TAGS = ("ner_tags", "tags", "labels", "label")
_DOCUMENTS = ("doc_id", "orig_id")


@Reader.register("tango_ie::tagged_json")
class TaggedJsonReader(RecordLoop):
    """Reads an array (or lines) of objects such as ``{"tokens": [...], "ner_tags": [...]}``.

    Keys that are not named are looked for: words under ``tokens``, ``words`` or ``text``, entity
    tags under ``ner_tags``, ``tags``, ``labels`` or ``label``, the document under ``doc_id`` or
    ``orig_id``. ``relations`` may stand beside them, as ``{"type", "head", "tail"}`` with indices
    of the entities in reading order (the BILOU form of SpERT's files).

    Args:
        words: key of the words.
        tags: key of the entity tags.
        layers: layers of word tags: name → key.
        scheme: tag scheme of the entity tags; ``auto`` finds it out.
        tag_names: entity tags by their numbers, where the file has numbers.
        bare_label: type of entities whose tags name none (``B``, ``I``).
        encoding: see :class:`TextReader`.

    >>> import io
    >>> from tango_ie.data.notes import Notes
    >>> stream = io.StringIO('{"text": ["Ada", "wrote"], "label": ["B-PER", "O"]}')
    >>> [item.entities for item in TaggedJsonReader().read_stream(stream, "here", Notes())]
    [(Entity(label='PER', start=0, end=1, score=None),)]
    """

    def __init__(
        self,
        words: str | None = None,
        tags: str | None = None,
        layers: dict[str, str] | None = None,
        scheme: FoundScheme = "auto",
        tag_names: tuple[str, ...] | None = None,
        bare_label: str | None = None,
        encoding: str = "utf-8",
    ) -> None:
        super().__init__(encoding)
        if words is not None and words == tags:
            raise ConfigurationError(f"the key {words!r} cannot hold words and tags", "tags")
        self.words = words
        self.tags = tags
        self.layers = dict(layers or {})
        self.scheme = scheme
        self.tag_names = tag_names
        self.bare_label = bare_label

    def read_stream(self, stream: TextIO, source: str, notes: Notes) -> Iterator[Sentence]:
        """See :meth:`TextReader.read_stream`."""
        decoder = SpanDecoder(self.scheme, "entities", source, notes, self.bare_label)
        yield from self.read_records(stream, source, notes, partial(self._sentence, decoder))
        decoder.finish()

    def keys(self, values: Mapping[str, Any]) -> tuple[str, ...]:
        """See :meth:`RecordLoop.keys`."""
        words = self.words or _find(values, _WORDS, "words")
        tags = self.tags or _find(values, _TAGS, "tags")
        document = next((key for key in _DOCUMENTS if key in values), _DOCUMENTS[0])
        return (words, tags, document, "relations", *self.layers.values())

    def _sentence(
        self, decoder: SpanDecoder, values: dict[str, Any], place: Place
    ) -> Iterator[Sentence]:
        words_key, tags_key, doc_key, *annotations = self.keys(values)
        words = read_words(values, words_key, (tags_key, *annotations), place)
        if not words:
            return
        tags = self._entity_tags(required(values, tags_key, list), tags_key)
        entities = decode_tags(tags, len(words), decoder, place, tags_key)
        layers = {}
        for layer, key in self.layers.items():
            layers[layer] = strings(required(values, key, list), key)
            check_size(layers[layer], len(words), key)
        relations = read_relations(values, len(entities))
        yield Sentence(words, entities, relations, layers, identifier(values, doc_key))

    def _entity_tags(self, tags: list[Any], key: str) -> tuple[str, ...]:
        if self.tag_names is not None:
            return name_tags(tags, self.tag_names, key)
        if tags and type(tags[0]) is int:
            raise DataError(
                f"{key} holds numbers; give the tags in the order of their numbers as "
                '`tag_names`, for example ["O", "B-PER", "I-PER"]'
            )
        return strings(tags, key)


def _find(values: Mapping[str, Any], keys: tuple[str, ...], argument: str) -> str:
    for key in keys:
        if key in values:
            expect(values[key], list, key)
            return key
    there = ", ".join(map(repr, values)) or "none"
    raise DataError(
        f"none of the keys {', '.join(map(repr, keys))} is there; name the key of the {argument} "
        f"as `{argument}`; the record has {there}"
    )
