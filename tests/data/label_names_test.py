"""Names that are derived from labels."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.label_names import check_distinct, natural_name


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("RATINGS_AVERAGE", "ratings average"),
        ("B-RATINGS_AVERAGE", "ratings average"),
        ("I-RATINGS_AVERAGE", "ratings average"),
        ("ratingsAverage", "ratings average"),
        ("RatingsAverage", "ratings average"),
        ("HTTPServer", "http server"),
        ("fromloc.city_name", "from location city name"),
        ("depart_time.period_mod", "depart time period modifier"),
        ("or", "or"),
        ("Adverse-Effect", "adverse effect"),
        ("work-of-art", "work of art"),
        ("PER", "person"),
        ("B-PER", "person"),
        ("Peop", "person"),
        ("LOC", "location"),
        ("ORG", "organization"),
        ("organisation", "organisation"),
        ("MISC", "miscellaneous entity"),
        ("GPE", "geopolitical entity"),
        ("nr", "person"),
        ("nt", "organization"),
        ("geo-loc", "geographical location"),
        ("musicgenre", "music genre"),
        ("cell_type", "cell type"),
        ("DNA", "DNA"),
        ("人名", "人名"),
        ("level2", "level2"),
        ("B-", "b"),
        ("_", ""),
    ],
)
def test_name(label: str, name: str) -> None:
    assert natural_name(label) == name


@given(st.text())
def test_names_are_words_with_single_spaces(label: str) -> None:
    name = natural_name(label)
    assert name == " ".join(name.split())
    assert "_" not in name


def test_equal_names_are_told() -> None:
    with pytest.raises(
        ConfigurationError, match="'PER' and 'person' have the same name, 'Person '"
    ):
        check_distinct({"PER": "person", "LOC": "location", "person": "Person "})
    with pytest.raises(ConfigurationError, match="'_' has an empty query"):
        check_distinct({"_": " "}, "query")
