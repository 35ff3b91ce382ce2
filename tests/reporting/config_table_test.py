"""Which fields of the config a report shows."""

from __future__ import annotations

from typing import Any

from tango_ie.reporting.config_table import (
    MOST_COLUMNS,
    column_fields,
    differing_fields,
    field_table,
    telling_fields,
)
from tango_ie.reporting.variant import Run, Variant

from .conftest import make_scores


def run(seed: int = 1, corpus: str = "c0ffee", trainer: Any = None, **model: Any) -> Run:
    made_from = {"model": model, "seed": seed, "corpus_fingerprint": corpus, "trainer": trainer}
    return Run.from_scores(make_scores(0.8, seed, archive={"made_from": made_from}))


def variant(name: str, **model: Any) -> Variant:
    return Variant(name, (run(1, **model), run(2, **model)))


def shown(*variants: Variant) -> dict[str, tuple[str, ...]]:
    return {field.name: field.cells for field in column_fields(variants)}


def test_only_what_differs_between_variants_is_shown() -> None:
    assert shown(variant("a", head="crf", k=1), variant("b", head="crf", k=2.5)) == {
        "k": ("1", "2.5")
    }
    assert shown(variant("a", head="crf")) == {}


def test_a_field_that_one_variant_does_not_have() -> None:
    (field,) = differing_fields([variant("a", cls=None), variant("b")])
    assert (field.path, field.values, field.cells) == ("model.cls", (("null",), ()), ("null", "–"))


def test_what_the_names_say_is_not_said_again() -> None:
    assert shown(variant("softmax", head="softmax"), variant("crf", head="crf")) == {}
    one, other = variant("head=a, k=1", head="a", k=1), variant("head=b, k=2", head="b", k=2)
    assert shown(one, other) == {}
    assert [field.name for field in differing_fields([one, other])] == ["head", "k"]
    partly = [variant("base", head="softmax", scheme="iob2"), variant("crf", head="crf")]
    assert list(shown(*partly)) == ["head", "scheme"]
    words = [variant("crf_wide", head="crf"), variant("softmax wide", head="softmax")]
    assert shown(*words) == {}
    # A number in a name may count something else.
    assert list(shown(variant("v1", k=1), variant("v2", k=2))) == ["k"]


def test_samples_of_each_seed_are_no_difference_unless_they_are() -> None:
    same = [Variant(name, (run(1, "s1"), run(2, "s2"))) for name in "ab"]
    assert differing_fields(same) == ()
    fields = differing_fields([same[0], Variant("c", (run(1, "t" * 40), run(2, "u" * 40)))])
    assert [field.cells for field in fields] == [("s1, s2", "t" * 10 + ", " + "u" * 10)]
    many = Variant("d", tuple(run(seed, str(seed)) for seed in range(5)))
    (field,) = differing_fields([same[0], many])
    assert (field.cells[1], field.cells[1].full) == ("5 values", "0, 1, 2, 3, 4")


def test_long_values_are_cut_in_the_middle_and_kept() -> None:
    path = "/home/ada/encoders/a-very-long-name-of-an-encoder"
    (field,) = telling_fields([variant("a", encoder=path), variant("b", encoder={"size": 3})])[:1]
    (cell, _) = field.cells
    assert len(cell) < 30 and cell.startswith("/home/ada") and cell.endswith("an-encoder")
    assert cell.full == path


def test_too_many_fields_are_a_table_of_their_own() -> None:
    few = {f"f{number}": number for number in range(MOST_COLUMNS)}
    one, other = variant("a", **few), variant("b", **dict.fromkeys(few, "x"))
    assert len(column_fields([one, other])) == MOST_COLUMNS
    assert field_table([one, other]) is None
    one, other = variant("a", more=1, **few), variant("b")
    assert column_fields([one, other]) == ()
    table = field_table([one, other])
    assert table is not None
    assert table[0] == ["field", "a", "b"]
    assert table[1][0] == ["more", "1", "–"]
    assert table[1][0][0].full == "model.more"  # type: ignore[attr-defined]


def test_options_of_one_variant_that_are_off_are_no_rows() -> None:
    few = {f"f{number}": number for number in range(MOST_COLUMNS)}
    options = {"fuse": False, "size": None, "weight": 0.3}
    table = field_table([variant("a", strict=False, **few), variant("b", strict=True, **options)])
    assert table is not None
    rows = {str(row[0]): row[1:] for row in table[1]}
    assert "fuse" not in rows and "size" not in rows
    assert rows["weight"] == ["–", "0.3"] and rows["strict"] == ["false", "true"]


def test_runs_that_do_not_say_what_they_were_made_from() -> None:
    unknown = Variant("b", (Run.from_scores(make_scores()),))
    assert differing_fields([variant("a", head="crf"), unknown]) == ()
