"""Data sets of the Hugging Face library: saved folders, table files, and names on its hub."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.core.input_files import hub_name
from tango_ie.data.annotations import Entity, Sentence
from tango_ie.data.json_values import required, strings
from tango_ie.data.notes import Notes
from tango_ie.data.readers.base import Reader, located
from tango_ie.data.readers.hugging_face.dataset_rows import builder_of, iter_rows, open_dataset
from tango_ie.data.readers.hugging_face.hub_location import HubLocation
from tango_ie.data.readers.word_json.tag_decoding import check_size, decode_tags, name_tags
from tango_ie.data.readers.word_records import Place, identifier, read_words
from tango_ie.data.schemes import FoundScheme
from tango_ie.data.span_decoder import SpanDecoder

_TAGS = "_tags"


@Reader.register("tango_ie::hugging_face")
class HuggingFaceReader(Reader):
    """Reads a feature of words and features of tags through the library ``datasets`` itself.

    What can be named in place of a file:

    * a folder that ``Dataset.save_to_disk`` wrote; of a ``DatasetDict``, the folder of a split,
    * a file, ``.parquet`` or ``.arrow``, also compressed with gzip (for JSON, which has no named
      features, there is ``tango_ie::tagged_json``),
    * ``hf://OWNER/NAME?config=CONFIG&split=SPLIT&revision=REVISION``, of which the split must be
      there. The first reading needs the network, later ones use the cache of ``datasets``.

    Tags are strings, or numbers with the names of their ``ClassLabel`` feature. In errors and
    notes, the line is the number of the row.

    Args:
        words: feature with the words.
        tags: feature with the entity tags; ``None`` where the data have none.
        layers: layers of word tags: name → feature. ``None`` takes all further features named
            ``*_tags``, under their names without it (``pos_tags`` is the layer ``pos``).
        scheme: tag scheme of the entity tags; ``auto`` finds it out.
        tag_names: entity tags by their numbers, where the feature has numbers without names.
        bare_label: type of entities whose tags name none (``B``, ``I``).
        doc_id: feature that names the document of each sentence.
    """

    def __init__(
        self,
        words: str = "tokens",
        tags: str | None = "ner_tags",
        layers: dict[str, str] | None = None,
        scheme: FoundScheme = "auto",
        tag_names: tuple[str, ...] | None = None,
        bare_label: str | None = None,
        doc_id: str | None = None,
    ) -> None:
        if words == tags:
            raise ConfigurationError(f"the feature {words!r} cannot hold words and tags", "tags")
        self.words = words
        self.tags = tags
        self.layers = layers
        self.scheme = scheme
        self.tag_names = tag_names
        self.bare_label = bare_label
        self.doc_id = doc_id

    def check_location(self, path: Path) -> None:
        """Refuse what no data set can be read from, see :meth:`Reader.check_location`."""
        name = hub_name(path)
        if name is not None:
            HubLocation.parse(name)
        elif not path.is_dir():
            super().check_location(path)
            builder_of(path)
        elif (path / "dataset_dict.json").is_file():
            splits = sorted(entry.name for entry in path.iterdir() if entry.is_dir())
            raise DataError(
                f"holds several splits; name the folder of one: {', '.join(splits)}", path
            )
        elif not (path / "state.json").is_file():
            raise DataError(
                "is no folder of `Dataset.save_to_disk` (it has no state.json); save the data set "
                "so, or name a .parquet or .arrow file",
                path,
            )

    def read_file(self, path: Path, notes: Notes) -> Iterator[Sentence]:
        """See :meth:`Reader.read_file`."""
        name = hub_name(path)
        source = name or str(path)
        if name is not None and HubLocation.parse(name).revision is None:
            notes.state("revision", "none is named; a change on the hub would go unnoticed")
        with ExitStack() as stack:
            dataset = open_dataset(path, stack)
            plan = _Plan(self, dataset.features, source)
            notes.state("features read", ", ".join(plan.features))
            if plan.unread:
                notes.state("features not read", ", ".join(plan.unread))
            decoder = SpanDecoder(self.scheme, "entities", source, notes, self.bare_label)
            for number, values in enumerate(iter_rows(dataset, plan.features, source), start=1):
                try:
                    yield from plan.sentence(values, decoder, Place(notes, source, number))
                except DataError as error:
                    raise located(error, source, number) from error
            decoder.finish()


class _Plan:
    """Which features hold what, and the names of their tags."""

    def __init__(self, reader: HuggingFaceReader, features: Mapping[str, Any], source: str) -> None:
        self.reader = reader
        self.layers = (
            _layers(features, (reader.words, reader.tags))
            if reader.layers is None
            else dict(reader.layers)
        )
        wanted = (reader.words, reader.tags, *self.layers.values(), reader.doc_id)
        self.features = tuple(dict.fromkeys(name for name in wanted if name is not None))
        for feature in self.features:
            if feature not in features:
                raise DataError(
                    f"has no feature {feature!r}, it has {', '.join(features)}; name those of the "
                    "words and of the entity tags as `words` and `tags`",
                    source,
                )
        self.unread = tuple(name for name in features if name not in self.features)
        self.names = {feature: _class_names(features[feature]) for feature in self.features}
        if reader.tags is not None and reader.tag_names is not None:
            self.names[reader.tags] = reader.tag_names

    def sentence(
        self, values: dict[str, Any], decoder: SpanDecoder, place: Place
    ) -> Iterator[Sentence]:
        reader = self.reader
        annotations = [name for name in (reader.tags, *self.layers.values()) if name is not None]
        words = read_words(values, reader.words, annotations, place)
        if not words:
            return
        entities: tuple[Entity, ...] = ()
        if reader.tags is not None:
            tags = self._tags(values, reader.tags)
            entities = decode_tags(tags, len(words), decoder, place, reader.tags)
        layers = {}
        for layer, feature in self.layers.items():
            layers[layer] = self._tags(values, feature)
            check_size(layers[layer], len(words), feature)
        doc_id = None if reader.doc_id is None else identifier(values, reader.doc_id)
        yield Sentence(words, entities, (), layers, doc_id)

    def _tags(self, values: dict[str, Any], feature: str) -> tuple[str, ...]:
        tags = required(values, feature, list)
        names = self.names[feature]
        if tags and type(tags[0]) is int:
            if names is not None:
                return name_tags(tags, names, feature)
            way_out = (
                'as `tag_names`, for example ["O", "B-PER", "I-PER"]'
                if feature == self.reader.tags
                else "by a ClassLabel feature, or leave this feature out of `layers`"
            )
            raise DataError(
                f"{feature} holds numbers without names; give the names in their order {way_out}"
            )
        return strings(tags, feature)


def _layers(features: Mapping[str, Any], taken: tuple[str | None, ...]) -> dict[str, str]:
    """Layer → feature, for each feature that has a name and values as tags have."""
    return {
        name.removesuffix(_TAGS): name
        for name, feature in features.items()
        if name.endswith(_TAGS) and name not in (*taken, _TAGS) and _holds_tags(feature)
    }


def _holds_tags(feature: Any) -> bool:
    kind = getattr(getattr(feature, "feature", None), "dtype", None)
    return kind in ("string", "large_string") or _class_names(feature) is not None


def _class_names(feature: Any) -> tuple[str, ...] | None:
    """Names of the classes of a list of ``ClassLabel``."""
    names = getattr(getattr(feature, "feature", None), "names", None)
    return None if names is None else tuple(names)
