"""Low-resource curves: which variants are one line, and at what sizes."""

from __future__ import annotations

from typing import Any

from tango_ie.reporting.figures.arms import arms
from tango_ie.reporting.figures.low_resource import low_resource
from tango_ie.reporting.variant import Variant

from .reports import make_report, make_run


def sized(
    name: str, sentences: tuple[int | None, ...], f1: float = 0.8, **made_from: Any
) -> Variant:
    """Runs on samples of these sizes; the sample of each seed is a corpus of its own."""
    runs = (
        make_run(
            f1,
            seed,
            made_from={**made_from, "corpus_fingerprint": f"{name}-{seed}"} if made_from else None,
            num_train_sentences=number,
        )
        for seed, number in enumerate(sentences)
    )
    return Variant(name, tuple(runs))


def lines(*variants: Variant) -> dict[str, list[str]]:
    return {arm.name: [size.variant for size in arm.sizes] for arm in arms(variants)}


def test_variants_whose_configs_differ_in_the_data_alone_are_one_line() -> None:
    variants = [
        sized(f"{head}_{shots}", (size, size + 2), f1, head=head)
        for head, lift in (("softmax", 0.0), ("crf", 0.02))
        for shots, size, f1 in (("full", 14041, 0.9), ("5shot", 60, 0.5 + lift))
    ]
    assert lines(*variants) == {
        "softmax": ["softmax_5shot", "softmax_full"],
        "crf": ["crf_5shot", "crf_full"],
    }
    section = low_resource(make_report(*variants))
    assert section is not None and section.table is not None
    header, rows = section.table
    assert header == ["variant", "line", "sentences", "seeds", "F1"]
    assert rows[0] == ["softmax_5shot", "softmax", "61", "2", "50.00 ± 0.00"]
    assert rows[3][:3] == ["crf_full", "crf", "14,042"]
    assert "crf goes from 52.00 percent with 61 sentences to 90.00 with 14,042" in section.svg


def test_small_samples_that_are_trained_for_longer() -> None:
    variants = [
        sized(f"{head}, k={k}", (20 * k,), head=head, epochs=100 // k)
        for head in ("softmax", "crf")
        for k in (1, 5, 10)
    ]
    assert lines(*variants) == {
        "softmax": [f"softmax, k={k}" for k in (1, 5, 10)],
        "crf": [f"crf, k={k}" for k in (1, 5, 10)],
    }


def test_numbers_in_names_that_are_no_sizes() -> None:
    variants = [sized(f"layers {at}", (size,), layers=at) for at, size in ((2, 500), (4, 60))]
    assert lines(*variants) == {}


def test_an_arm_of_one_size_stays() -> None:
    variants = [sized("crf_5", (60,), head="crf"), sized("crf_50", (600,), head="crf")]
    assert lines(*variants, sized("rules", (60,), head="none")) == {
        "crf": ["crf_5", "crf_50"],
        "rules": ["rules"],
    }


def test_one_line_without_a_common_name() -> None:
    assert lines(sized("5shot", (60,), head="crf"), sized("full", (600,), head="crf")) == {
        "all variants": ["5shot", "full"]
    }


def test_no_curve() -> None:
    same = [sized("a", (500,), head="crf"), sized("b", (510,), head="softmax")]
    unknown = [sized("a_1", (None,), head="crf"), sized("a_2", (60, None), head="crf")]
    for variants in (same, unknown, [sized("a", (60,), head="crf")]):
        assert arms(variants) == ()
        assert low_resource(make_report(*variants)) is None


def test_without_configs_names_decide() -> None:
    variants = [sized("crf_5shot", (60, 70)), sized("crf_20shot", (250, 260))]
    assert lines(*variants) == {"crf": ["crf_5shot", "crf_20shot"]}
