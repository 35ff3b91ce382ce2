"""Names of labels that can be read aloud: ``B-RATINGS_AVERAGE`` is "ratings average".

Rules part a label into its words and spell out abbreviations that corpora have in common. What
they cannot know (abbreviations of your own, words that a label runs together) the config says.
"""

from __future__ import annotations

import re

from tango_ie.core.errors import ConfigurationError

_TAG_PREFIX = re.compile(r"^[BI]-(?=\w)")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")

# Whole labels, in lower case with single spaces.
_LABELS = {
    # CoNLL-2003, CoNLL04, PLONER, MSRA
    "per": "person",
    "pers": "person",
    "peop": "person",
    "nr": "person",
    "ns": "location",
    "nt": "organization",
    "misc": "miscellaneous entity",
    "other": "other entity",
    # ACE, OntoNotes
    "gpe": "geopolitical entity",
    "norp": "nationality, religious or political group",
    "fac": "facility",
    "veh": "vehicle",
    "wea": "weapon",
    "cardinal": "cardinal number",
    "ordinal": "ordinal number",
    # GMB
    "geo": "geographical location",
    "tim": "time",
    "art": "artifact",
    "eve": "event",
    "nat": "natural phenomenon",
    # WNUT, CrossNER: words run together
    "geo loc": "geographical location",
    "musicartist": "music artist",
    "sportsteam": "sports team",
    "tvshow": "TV show",
    "academicjournal": "academic journal",
    "astronomicalobject": "astronomical object",
    "chemicalcompound": "chemical compound",
    "chemicalelement": "chemical element",
    "literarygenre": "literary genre",
    "musicalartist": "musical artist",
    "musicalinstrument": "musical instrument",
    "musicgenre": "music genre",
    "politicalparty": "political party",
    "programlang": "programming language",
    # GENIA
    "dna": "DNA",
    "rna": "RNA",
}
# Words of labels, in lower case.
_WORDS = {
    "loc": "location",
    "org": "organization",
    "fromloc": "from location",
    "toloc": "to location",
    "stoploc": "stop location",
    "mod": "modifier",
}


def natural_name(label: str) -> str:
    """A name for a label: its words in lower case, abbreviations spelled out.

    The prefix of a tag goes; words are parted where the label changes to capitals and at all signs
    that are neither letters nor digits. A label without a letter or digit has no name: ``""``.

    >>> [natural_name(label) for label in ("B-RATINGS_AVERAGE", "ratingsAverage", "work-of-art")]
    ['ratings average', 'ratings average', 'work of art']
    >>> [natural_name(label) for label in ("PER", "fromloc.city_name", "musicgenre", "DNA")]
    ['person', 'from location city name', 'music genre', 'DNA']
    """
    spaced = _CAMEL.sub(" ", _TAG_PREFIX.sub("", label))
    words = [word for word in re.split(r"[\W_]+", spaced.lower()) if word]
    name = " ".join(words)
    return _LABELS.get(name) or " ".join(_WORDS.get(word, word) for word in words)


def check_distinct(names: dict[str, str], what: str = "name") -> None:
    """Refuse labels that a model which knows them by their names could not tell apart.

    >>> check_distinct({"PER": "person", "LOC": "location"})

    Raises:
        ConfigurationError: a label without a name, or two labels with the same.
    """
    owners: dict[str, str] = {}
    for label, name in names.items():
        if not name.strip():
            raise ConfigurationError(
                f"the label {label!r} has an empty {what}; give it one: "
                f"names: {{ {label!r}: 'what it means' }}",
            )
        key = " ".join(name.lower().split())
        if key in owners:
            raise ConfigurationError(
                f"the labels {owners[key]!r} and {label!r} have the same {what}, {name!r}, and "
                f"could not be told apart; give one of them another: names: {{ {label!r}: '…' }}",
            )
        owners[key] = label
