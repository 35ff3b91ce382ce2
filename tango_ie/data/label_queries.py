"""What a model that reads asks for: a name or a sentence for every label."""

from __future__ import annotations

import difflib
import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.core.input_files import InputFile
from tango_ie.data.json_values import expect
from tango_ie.data.label_names import check_distinct
from tango_ie.data.schema import Schema

_logger = logging.getLogger(__name__)
_SLOT = "{name}"


@dataclass(frozen=True)
class LabelQueries:
    """How labels are put into words, for models that ask for a type by its name or by a sentence.

    A label's name is that of ``names``, failing that the one that the corpus gives it, failing
    that the one that :func:`~tango_ie.data.label_names.natural_name` derives. Its query is that
    of ``texts``, failing that of ``file``, failing that ``template`` with its name. So labels that
    were never seen in training have names and queries, too.

    Args:
        names: names of labels: ``{PER: 'person'}``.
        template: makes a query of a name: ``'Find entities of type {name} in the text.'``.
        texts: hand-written queries of labels.
        file: hand-written queries in a file, one JSON object: ``{"PER": "Find …", …}``. Its content
            enters the cache key.

    Raises:
        ConfigurationError: a template without ``{name}``, or an empty name or query.
        DataError: a file that does not hold such an object.

    >>> queries = LabelQueries(template="Find the {name}.", texts={"ORG": "Companies and clubs."})
    >>> queries.of(Schema(), ["PER", "ORG"])
    {'PER': 'Find the person.', 'ORG': 'Companies and clubs.'}
    """

    names: dict[str, str] | None = None
    template: str = _SLOT
    texts: dict[str, str] | None = None
    file: InputFile | None = None

    def __post_init__(self) -> None:
        if _SLOT not in self.template:
            raise ConfigurationError(
                f"must say where the name goes with {_SLOT}, found {self.template!r}", "template"
            )
        for argument, given in (("names", self.names), ("texts", self.texts)):
            for label, text in (given or {}).items():
                if not text.strip():
                    raise ConfigurationError(f"{label!r} has an empty text", argument)
        if self.file is not None:
            self.written  # noqa: B018  a file that cannot be read is told at once

    @cached_property
    def written(self) -> Mapping[str, str]:
        """The hand-written queries: those of the file, and over them ``texts``."""
        from_file = {} if self.file is None else _read_queries(InputFile(self.file).resolve())
        return {**from_file, **(self.texts or {})}

    def name(self, schema: Schema, label: str) -> str:
        """The name of one label."""
        return (self.names or {}).get(label) or schema.natural_name(label)

    def names_of(self, schema: Schema, labels: Iterable[str] | None = None) -> dict[str, str]:
        """The names of labels, of all entity types by default.

        Raises:
            ConfigurationError: a label without a name, or two with the same.
        """
        wanted = schema.entity_types if labels is None else labels
        names = {label: self.name(schema, label) for label in wanted}
        check_distinct(names)
        return names

    def of(self, schema: Schema, labels: Iterable[str] | None = None) -> dict[str, str]:
        """The queries of labels, of all entity types by default.

        Labels that have no hand-written query although others have are told in a warning.

        Raises:
            ConfigurationError: a label without a query, or two with the same.
        """
        wanted = list(schema.entity_types if labels is None else labels)
        by_name = self.names_of(schema, [label for label in wanted if label not in self.written])
        queries = {
            label: self.template.replace(_SLOT, by_name[label])
            if label in by_name
            else self.written[label]
            for label in wanted
        }
        if self.written and by_name:
            _logger.warning(
                "no hand-written query for %s; made from the name: %r",
                ", ".join([*by_name][:5]) + (" …" if len(by_name) > 5 else ""),
                queries[next(iter(by_name))],
            )
        check_distinct(queries, "query")
        return queries

    def warn_of_misspelt(self, schema: Schema) -> None:
        """Warn of names and texts for labels that are not in the schema but much like one of it.

        Labels that are like none may be those of another corpus, to which the model goes later.
        """
        given = {*(self.names or {}), *self.written}
        for label in sorted(given - {*schema.entity_types}):
            near = difflib.get_close_matches(label, schema.entity_types, n=1, cutoff=0.8)
            if near and near[0] not in given:
                _logger.warning(
                    "a name or query is given for %r, which is no label here; did you mean %r?",
                    label,
                    near[0],
                )

    def archived_params(self) -> dict[str, Any]:
        """The params of the same queries without the file, which an archive must not need."""
        return {**asdict(self), "texts": dict(self.written), "file": None}


def _read_queries(path: Path) -> dict[str, str]:
    """The queries of a file, by label."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"not a JSON file of queries: {error}", path) from error
    try:
        found = expect(value, dict, "the file")
        for label, text in found.items():
            if not expect(text, str, f"the query of {label!r}").strip():
                raise DataError(f"the query of {label!r} is empty")
    except DataError as error:
        raise DataError(f'{error.message}; the file holds {{"PER": "a query", …}}', path) from error
    return found
