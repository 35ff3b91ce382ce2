"""F1 of labels, for few variants."""

from __future__ import annotations

import re

from tango_ie.reporting.figures.label_scores import label_scores

from .reports import make_report, make_variant


def test_frequent_labels_stand_above() -> None:
    labels = ("PER", "ORG", "LOC")
    section = label_scores(
        make_report(
            make_variant("softmax", 0.8, labels=labels), make_variant("crf", 0.9, labels=labels)
        )
    )
    assert section is not None
    assert re.findall(r">(PER|ORG|LOC)</text>", section.svg) == ["PER", "ORG", "LOC"]
    assert "PER: crf is highest with 90.00, the lowest is 80.00" in section.svg
    assert section.svg.count('role="img"') == 1


def test_many_labels_are_in_two_panels_and_the_rarest_left_out() -> None:
    labels = tuple(f"a-label-with-a-long-name-{at}" for at in range(25))
    section = label_scores(
        make_report(make_variant("softmax", labels=labels), make_variant("crf", labels=labels))
    )
    assert section is not None
    assert section.svg.count('role="img"') == 2
    assert "The 20 most frequent of 25 labels." in section.caption
    assert "name-0 " not in section.svg and "…" in section.svg


def test_where_there_is_nothing_to_compare() -> None:
    two = ("PER", "LOC")
    assert label_scores(make_report(make_variant("crf"))) is None
    pair = [make_variant(name, labels=two) for name in ("a", "b")]
    assert label_scores(make_report(*pair)) is None
    assert label_scores(make_report(*(make_variant(f"v{at}") for at in range(7)))) is None


def test_labels_that_do_not_occur_in_gold_are_left_out() -> None:
    from tango_ie.metrics.counts import Counts
    from tango_ie.reporting.variant import Run, Variant

    counts = {label: Counts(tp=5, fp=1, fn=at) for at, label in enumerate("ABC")}
    runs = (Run({**counts, "invented": Counts(fp=3)}),)
    section = label_scores(make_report(Variant("a", runs), Variant("b", runs)))
    assert section is not None and "invented" not in section.svg
