"""A small corpus that ships with the package, so that nothing needs to be downloaded.

All of it is written by us: ``sources/`` holds templates and word lists, ``generator`` makes
documents from them, ``files/`` is what it made. Two domains:

* ``news``: 1,200 / 200 / 300 sentences (train / dev / test) of regional news. Entities: people,
  organizations, locations, dates, works and products, events. Seven relations.
* ``field``: 100 / 100 / 200 sentences of field notes. Entities: people and locations (as in
  ``news``), species, instruments, substances, quantities. Six relations, ``located_in`` as in
  ``news``.

Both have Universal POS tags, character offsets, and documents of 3 to 8 sentences whose later
sentences name things by surname, stem or acronym, so that the type of a name may be clear from an
earlier sentence only. What the guidelines say:

* Entities nest: a place or a person's full name inside the name of something else is an entity
  too (``University of Veldmark``, ``Ines Orsett Foundation``). A surname alone is none there
  (``Orsett Bridge``), nor are weekdays, languages, titles and common nouns (``the company``).
* Dates are what names a year, a month or a day of one, without article and preposition.
* A relation is annotated where the sentence states it between two of its mentions; pronouns are no
  mentions. ``works_for`` holds for players, members and former staff, too; ``acquired`` includes
  agreed deals; ``created`` links people, companies and bands to works and products; events are
  ``located_in`` where they take place.
* The test split shares no template and no name with training data, except months that stand alone
  (``March``). The dev split has names of its own; half of its documents use training templates.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.annotations import Sentence

DOMAINS = ("news", "field")
SPLITS = ("train", "dev", "test")
_FOLDER = Path(__file__).parent


def files(domain: str) -> dict[str, Path]:
    """The JSON lines file of each split.

    Args:
        domain: ``news`` or ``field``.

    Raises:
        ConfigurationError: when there is no such domain.

    >>> [path.name for path in files("news").values()]
    ['train.jsonl', 'dev.jsonl', 'test.jsonl']
    """
    if domain not in DOMAINS:
        raise ConfigurationError(
            f"the embedded corpus has no domain {domain!r}; its domains are {', '.join(DOMAINS)}"
        )
    return {split: _FOLDER / "files" / domain / f"{split}.jsonl" for split in SPLITS}


def label_names(domain: str) -> Mapping[str, str]:
    """Natural-language names of the entity and relation labels, for ``Schema.names``.

    Raises:
        ConfigurationError: when there is no such domain.

    >>> label_names("news")["ORG"]
    'organization'
    """
    files(domain)
    source = (_FOLDER / "sources" / f"{domain}.json").read_text(encoding="utf-8")
    names: dict[str, str] = json.loads(source)["label_names"]
    return names


def load_embedded(domain: str) -> dict[str, list[Sentence]]:
    """The sentences of each split.

    Raises:
        ConfigurationError: when there is no such domain.

    >>> {split: len(sentences) for split, sentences in load_embedded("field").items()}
    {'train': 100, 'dev': 100, 'test': 200}
    """
    from tango_ie.data.records import from_json_line

    return {
        split: [from_json_line(line) for line in path.read_text(encoding="utf-8").splitlines()]
        for split, path in files(domain).items()
    }
