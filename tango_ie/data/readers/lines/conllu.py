"""CoNLL-U: the ten columns of Universal Dependencies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TextIO

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.alignment import Offset
from tango_ie.data.annotations import Entity, Sentence
from tango_ie.data.conllu_form import (
    COLUMN_OF,
    EMPTY,
    EXTRA,
    EXTRA_KEYS,
    FORM,
    MISC,
    ColumnLayer,
    DocumentPlace,
    check_layers,
    locate,
)
from tango_ie.data.conllu_misc import MiscAnnotations
from tango_ie.data.json_values import check_keys, expect, optional, parse_json, whole_numbers
from tango_ie.data.notes import Notes
from tango_ie.data.readers.base import Reader, TextReader, located
from tango_ie.data.readers.lines.conllu_blocks import Comment, ConlluBlock, cut_blocks
from tango_ie.data.schemes import OUTSIDE, FoundScheme
from tango_ie.data.span_decoder import SpanDecoder


@Reader.register("tango_ie::conllu")
class ConlluReader(TextReader):
    """Reads CoNLL-U, with what ``tango_ie::conllu`` writes into MISC.

    The words are the syntactic words. A token of several of them (``3-4``) is not kept as such, but
    ``text`` has it: words that make up their token have offsets of their own, otherwise each has
    the offsets of the token. Empty nodes (``5.1``) are passed over. Both are counted and stated.

    ``# newdoc`` opens a document (one without ``id`` is called by its number in the file);
    ``# text`` is the text of the sentence. Where the words do not follow each other in it, they
    have no offsets, which is noted. Other comments are not kept. A column that is ``_`` for all
    words of a sentence is no layer of it.

    Entities, relations and further layers are read from MISC in the form of
    :mod:`tango_ie.data.conllu_misc`.

    Args:
        layers: columns that are read as layers of word tags, of ``lemma``, ``upos``, ``xpos``,
            ``feats``, ``head``, ``deprel``, ``deps``; ``None`` stands for ``upos`` and ``xpos``.
        entity_tags: key in MISC whose values are entity tags, as in ``NE=B-PER``; words without it
            are outside. Their entities come after those that our own form gives.
        scheme: tag scheme of these; ``auto`` finds it out.
        encoding: see :class:`TextReader`.

    >>> import io
    >>> rows = ["1 Ada _ PROPN NNP _ _ _ _ NE=B-PER", "2 wrote _ VERB VBD _ _ _ _ _"]
    >>> stream = io.StringIO("\\n".join(rows).replace(" ", "\\t"))
    >>> sentence = next(ConlluReader(entity_tags="NE").read_stream(stream, "here", Notes()))
    >>> sentence.entities, sentence.tags["upos"]
    ((Entity(label='PER', start=0, end=1, score=None),), ('PROPN', 'VERB'))
    """

    def __init__(
        self,
        layers: list[ColumnLayer] | None = None,
        entity_tags: str | None = None,
        scheme: FoundScheme = "auto",
        encoding: str = "utf-8",
    ) -> None:
        super().__init__(encoding)
        self.layers: tuple[str, ...] = ("upos", "xpos") if layers is None else tuple(layers)
        check_layers(self.layers)
        if entity_tags is not None and (not entity_tags or set(entity_tags) & set("|=\t")):
            raise ConfigurationError(
                f"must be a key of MISC, such as NE, found {entity_tags!r}", "entity_tags"
            )
        self.entity_tags = entity_tags
        self.scheme = scheme

    def read_stream(self, stream: TextIO, source: str, notes: Notes) -> Iterator[Sentence]:
        """See :meth:`TextReader.read_stream`."""
        place = DocumentPlace()
        decoder = SpanDecoder(self.scheme, self.entity_tags or "entities", source, notes)
        ranges = empty_nodes = 0
        for block in cut_blocks(stream, source):
            comments = {comment.key: comment for comment in reversed(block.comments)}
            opened = comments.get("newdoc id") or comments.get("newdoc")
            if opened is not None:
                place.open(opened.value)
            if not block.rows:
                _refuse_extra(comments, source)
                if "text" in comments or "sent_id" in comments or block.empty_nodes:
                    line = block.comments[0].line if block.comments else None
                    detail = "comments without words"
                    notes.add("sentence without words left out", detail, source, line)
                continue
            ranges += block.ranges
            empty_nodes += block.empty_nodes
            yield self._sentence(block, comments, place, decoder, source, notes)
        decoder.finish()
        if ranges:
            notes.state("tokens of several words", f"{ranges}, read as their words")
        if empty_nodes:
            notes.state("empty nodes", f"{empty_nodes}, left out")

    def _sentence(
        self,
        block: ConlluBlock,
        comments: Mapping[str, Comment],
        place: DocumentPlace,
        decoder: SpanDecoder,
        source: str,
        notes: Notes,
    ) -> Sentence:
        words = tuple(row[FORM] for row in block.rows)
        doc_id, position = place.next()
        text = comments["text"].value if "text" in comments else None
        values: dict[str, Any] = {"doc_id": doc_id, "position": position, "text": text}
        extra = comments.get(EXTRA)
        if extra is not None:
            try:
                values.update(_extras(extra.value))
            except DataError as error:
                raise located(error, source, extra.line) from error
        if values["text"] is not None and "offsets" not in values:
            values["offsets"] = _offsets(block, values["text"])
            if values["offsets"] is None:
                detail = f"the words are not, in their order, in {values['text'][:60]!r}"
                line = comments["text"].line if "text" in comments else block.lines[0]
                notes.add("text that lacks the words: no offsets", detail, source, line)
        try:
            misc, found = self._read_misc(block, source)
            entities = misc.entities()
            layers = misc.layers()
            for layer in self.layers:
                tags = tuple(row[COLUMN_OF[layer]] for row in block.rows)
                if any(tag != EMPTY for tag in tags):
                    if layer in layers:
                        raise DataError(
                            f"the layer {layer!r} stands in its column and in MISC; remove one"
                        )
                    layers[layer] = tags
            if found:
                entities += self._decode(found, decoder, block)
            return Sentence(words, tuple(entities), tuple(misc.relations()), layers, **values)
        except DataError as error:
            raise located(error, source, block.lines[0]) from error

    def _read_misc(self, block: ConlluBlock, source: str) -> tuple[MiscAnnotations, dict[int, str]]:
        """What MISC holds in our form, and the tags under the key ``entity_tags``."""
        misc = MiscAnnotations(len(block.rows))
        tags: dict[int, str] = {}
        for at, (row, line) in enumerate(zip(block.rows, block.lines, strict=True)):
            if row[MISC] == EMPTY:
                continue
            for item in row[MISC].split("|"):
                key, _, value = item.partition("=")
                try:
                    if key == self.entity_tags:
                        if at in tags:
                            raise DataError(f"the word has two values of {key!r}; remove one")
                        tags[at] = value
                    else:
                        misc.add(at, key, value)
                except DataError as error:
                    raise located(error, source, line) from error
        return misc, tags

    def _decode(
        self, found: Mapping[int, str], decoder: SpanDecoder, block: ConlluBlock
    ) -> list[Entity]:
        tags = [found.get(at, OUTSIDE) for at in range(len(block.rows))]
        first, last = block.lines[0], block.lines[-1]
        # Lines that are no words lie between: only the line of the sentence can be named.
        gaps = last - first + 1 != len(tags)
        return decoder.decode(tags, first, one_line=gaps)


def _offsets(block: ConlluBlock, text: str) -> tuple[Offset, ...] | None:
    surfaces = []
    at = 0
    for surface, count in block.tokens:
        surfaces.append((surface, [row[FORM] for row in block.rows[at : at + count]]))
        at += count
    offsets = locate(surfaces, text)
    return None if offsets is None else tuple(offsets)


def _extras(value: str) -> dict[str, Any]:
    record = expect(parse_json(value), dict, f"the comment {EXTRA}")
    check_keys(record, EXTRA_KEYS, required=(), what=f"the comment {EXTRA}")
    values: dict[str, Any] = {}
    for key, item in record.items():
        if key == "offsets" and item is not None:
            pairs = expect(item, list, key)
            values[key] = tuple(whole_numbers(pair, f"each of {key}", 2) for pair in pairs)
        elif key in ("position", "text_start"):
            values[key] = optional(record, key, int)
        else:
            values[key] = optional(record, key, str)
    return values


def _refuse_extra(comments: Mapping[str, Comment], source: str) -> None:
    if EXTRA in comments:
        raise DataError(
            f"the comment {EXTRA} is that of no words; mend or remove it",
            source,
            comments[EXTRA].line,
        )
