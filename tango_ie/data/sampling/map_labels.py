"""Other names for labels, several labels under one name, and labels that are dropped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.annotations import Entity, Relation, Sentence
from tango_ie.data.corpus import Corpus
from tango_ie.data.notes import Notes
from tango_ie.data.sampling.deriving import derive
from tango_ie.data.sampling.drawing import check_labels
from tango_ie.data.sampling.reducing import show, show_relation, with_entities

LabelMap = Mapping[str, str | None]
Others = Literal["keep", "drop", "error"]
DROPPED = "entity of a dropped type"
RELATION = "relation of a dropped type"
ORPHAN = "relation of a dropped entity"
MERGED = "entity that became equal to another"


def map_labels(
    corpus: Corpus,
    entities: LabelMap | None = None,
    relations: LabelMap | None = None,
    tags: LabelMap | None = None,
    others: Others = "keep",
    use_subtypes: bool = False,
    names: Mapping[str, str] | None = None,
    work_dir: str | Path | None = None,
) -> Corpus:
    """Rename labels and drop some; what is dropped is counted in notes.

    The relations of dropped entities are dropped. Entities of one span that were of different types
    and are now of one become one entity, to which the relations of all of them belong.

    Args:
        corpus: all of its splits.
        entities: entity type → its new name, or ``null`` to drop it.
        relations: the same for relation types.
        tags: the same for layers of word tags (``pos``), not for the tags in them.
        others: labels that a map does not name stay, are dropped, or are an error. A kind of label
            for which there is no map stays as it is.
        use_subtypes: the type of an entity is its subtype, where it has one.
        names: natural-language names of new labels; labels that remain keep theirs.
        work_dir: see :meth:`Corpus.from_sentences`.

    Raises:
        ConfigurationError: a map names a label that the corpus does not have (unless it is itself
            the new name of another), an empty name, or no label of the corpus at all.

    >>> corpus = Corpus.from_sentences({"train": [Sentence(("Ada",), (Entity("person", 0, 1),))]})
    >>> map_labels(corpus, {"person": "PER"}).schema.entity_types
    ('PER',)
    """
    schema = corpus.schema
    types = _subtypes(corpus) if use_subtypes else schema.entity_types
    mapping = _Mapping(
        _complete(entities, types, others, "entities"),
        _complete(relations, schema.relation_types, others, "relations"),
        _complete(tags, schema.tag_layers, others, "tags"),
        use_subtypes,
    )
    notes = {name: Notes() for name in corpus}
    splits = {name: _mapped(corpus[name], mapping, name, notes[name]) for name in corpus}
    remaining = {*mapping.entities.values(), *mapping.relations.values()}
    for layer, values in schema.tag_layers.items():
        remaining.update(values if mapping.tags[layer] is not None else ())
    kept = {label: name for label, name in schema.names.items() if label in remaining}
    record = {
        "operation": "map_labels",
        "entities": None if entities is None else dict(entities),
        "relations": None if relations is None else dict(relations),
        "tags": None if tags is None else dict(tags),
        "others": others,
        "use_subtypes": use_subtypes,
    }
    return derive(corpus, splits, record, notes, {**kept, **(names or {})}, work_dir)


@dataclass(frozen=True)
class _Mapping:
    """For every label of the corpus what becomes of it."""

    entities: LabelMap
    relations: LabelMap
    tags: LabelMap
    use_subtypes: bool

    def label(self, entity: Entity) -> str | None:
        finer = entity.subtype if self.use_subtypes else None
        return self.entities[finer or entity.label]


def _complete(
    given: LabelMap | None, known: Iterable[str], others: Others, argument: str
) -> dict[str, str | None]:
    known = list(known)
    if given is None:
        return {label: label for label in known}
    new = {label for label in given.values() if label is not None}
    if "" in new:
        raise ConfigurationError("a new name is empty; null drops a label", argument)
    check_labels((label for label in given if label not in new), known, argument)
    missing = [label for label in known if label not in given]
    if missing and others == "error":
        raise ConfigurationError(
            f"says nothing of {', '.join(missing)}; name them, with null to drop them, or set "
            "`others`",
            argument,
        )
    rest = {label: label if others == "keep" else None for label in missing}
    return {**given, **rest}


def _subtypes(corpus: Corpus) -> list[str]:
    return sorted(
        {
            entity.subtype or entity.label
            for split in corpus.splits.values()
            for sentence in split
            for entity in sentence.entities
        }
    )


def _mapped(
    sentences: Iterable[Sentence], mapping: _Mapping, split: str, notes: Notes
) -> Iterator[Sentence]:
    for position, sentence in enumerate(sentences):
        place = f"split {split!r}, sentence {position + 1}"
        reduced = _map_entities(sentence, mapping, place, notes)
        yield replace(
            reduced,
            relations=tuple(_map_relations(reduced, mapping, place, notes)),
            tags={
                new: tags
                for layer, tags in sentence.tags.items()
                if (new := mapping.tags[layer]) is not None
            },
        )


def _map_entities(sentence: Sentence, mapping: _Mapping, place: str, notes: Notes) -> Sentence:
    places: dict[int, int] = {}
    entities: list[Entity] = []
    first: dict[Entity, tuple[int, str]] = {}  # where a new entity stands, and its old label
    for index, entity in enumerate(sentence.entities):
        label = mapping.label(entity)
        if label is None:
            notes.add(DROPPED, show(sentence, entity), place)
            continue
        new = replace(entity, label=label)
        standing, old = first.get(new, (len(entities), entity.label))
        if new in first and old != entity.label:
            notes.add(MERGED, f"{show(sentence, entity)}, which is {old} too", place)
            places[index] = standing
            continue
        first.setdefault(new, (len(entities), entity.label))
        places[index] = len(entities)
        entities.append(new)
    reduced, dropped = with_entities(sentence, places, tuple(entities))
    for relation in dropped:
        notes.add(ORPHAN, show_relation(sentence, relation), place)
    return reduced


def _map_relations(
    sentence: Sentence, mapping: _Mapping, place: str, notes: Notes
) -> Iterator[Relation]:
    for relation in sentence.relations:
        label = mapping.relations[relation.label]
        if label is None:
            notes.add(RELATION, show_relation(sentence, relation), place)
        else:
            yield replace(relation, label=label)
