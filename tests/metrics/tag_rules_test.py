"""Layers of tags: by hand, against conlleval's counting and known output, against seqeval."""

from __future__ import annotations

import random
import re

import pytest
from seqeval.metrics import classification_report
from seqeval.scheme import BILOU, IOB2, IOBES

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Annotations, Entity, Sentence
from tango_ie.data.schemes import TagScheme, entities_to_tags
from tango_ie.metrics.count_table import CountTable
from tango_ie.metrics.counts import Counts, Ratios, macro, total
from tango_ie.metrics.tag_rules import chunk_rule, count_chunks, count_tags, tag_rule


def test_tags_by_hand() -> None:
    gold, predicted = ["DT", "NN", "VB", "NN"], ["DT", "VB", "VB", "NN"]
    counts = count_tags(gold, predicted)
    assert counts == {"DT": Counts(tp=1), "NN": Counts(tp=1, fn=1), "VB": Counts(tp=1, fp=1)}
    assert total(counts.values()).ratios == Ratios(0.75, 0.75, 0.75)  # accuracy is 3 of 4
    assert macro(list(counts.values())).f1 == pytest.approx((1 + 2 / 3 + 2 / 3) / 3)


def test_the_same_mistake_twice() -> None:
    assert count_tags(["A", "A"], ["B", "B"]) == {"A": Counts(fn=2), "B": Counts(fp=2)}


def test_tags_that_are_no_items() -> None:
    gold, predicted = ["O", "O", "A", "A"], ["O", "A", "A", "O"]
    assert count_tags(gold, predicted, ["O"]) == {"A": Counts(tp=1, fp=1, fn=1)}


def test_a_layer_that_was_not_predicted_is_missed() -> None:
    gold = [Sentence(("a", "b"), tags={"pos": ("X", "Y"), "chunk": ("B-N", "I-N")})]
    missed = tag_rule("pos").table(gold, [Annotations()]).per_label
    assert missed == {"X": Counts(fn=1), "Y": Counts(fn=1)}
    assert chunk_rule("chunk").table(gold, [Annotations()]).per_label == {"N": Counts(fn=1)}


def test_layers_that_do_not_fit() -> None:
    gold = Sentence(("a", "b"), tags={"pos": ("X", "Y")})
    with pytest.raises(DataError, match=r"no layer 'chunk' \(it has: pos\)"):
        chunk_rule("chunk").count(gold, Annotations())
    with pytest.raises(DataError, match="1 tags of layer 'pos' were predicted for 2 words"):
        tag_rule("pos").count(gold, Annotations(tags={"pos": ("X",)}))


@pytest.mark.parametrize(
    ("gold", "predicted", "expected"),
    [
        ("B-A I-A O", "I-A I-A O", {"A": Counts(tp=1)}),
        ("B-A I-A O", "B-A B-A O", {"A": Counts(fp=2, fn=1)}),
        ("B-A I-A O", "B-A I-B O", {"A": Counts(fp=1, fn=1), "B": Counts(fp=1)}),
        ("B-A I-B O", "I-A B-B O", {"A": Counts(tp=1), "B": Counts(tp=1)}),
        ("O B-A I-A", "O E-A S-A", {"A": Counts(fp=2, fn=1)}),
        ("O B-A E-A", "O I-A I-A", {"A": Counts(tp=1)}),
        ("O S-A S-A", "O B-A B-A", {"A": Counts(tp=2)}),
        ("O O O", "O O O", {}),
    ],
)
def test_chunks_by_hand(gold: str, predicted: str, expected: dict[str, Counts]) -> None:
    assert count_chunks(gold.split(), predicted.split()) == expected


def test_tags_without_a_type() -> None:
    assert count_chunks(["B", "I", "O"], ["B", "I", "O"], bare_label="NP") == {"NP": Counts(tp=1)}
    with pytest.raises(DataError, match="names no entity type"):
        count_chunks(["B"], ["B"])


# The page of the CoNLL-2000 shared task shows this output of conlleval; behind each row stands the
# number of chunks that were found. The numbers of right and of gold chunks are the only ones that
# give its percentages and its first line; six gold ADJP are named in the text below it.
PUBLISHED = """
processed 961 tokens with 459 phrases; found: 539 phrases; correct: 371.
accuracy:  87.20%; precision:  68.83%; recall:  80.83%; FB1:  74.35
             ADJP: precision:   0.00%; recall:   0.00%; FB1:   0.00  1
             ADVP: precision:  45.45%; recall:  62.50%; FB1:  52.63  11
               NP: precision:  64.98%; recall:  78.63%; FB1:  71.16  317
               PP: precision:  83.18%; recall:  98.89%; FB1:  90.36  107
             SBAR: precision:  66.67%; recall:  33.33%; FB1:  44.44  3
               VP: precision:  69.00%; recall:  79.31%; FB1:  73.80  100
"""
RIGHT = {"ADJP": 0, "ADVP": 5, "NP": 206, "PP": 89, "SBAR": 2, "VP": 69}
GOLD = {"ADJP": 6, "ADVP": 8, "NP": 262, "PP": 90, "SBAR": 6, "VP": 87}


def test_arithmetic_of_conlleval() -> None:
    rows = re.findall(r"(\w+): +precision: +(\S+)%; recall: +(\S+)%; FB1: +(\S+) +(\d+)", PUBLISHED)
    assert len(rows) == 6
    counts = {}
    for label, precision, recall, f1, found in rows:
        right = RIGHT[label]
        counts[label] = Counts(right, int(found) - right, GOLD[label] - right)
        assert percentages(counts[label]) == [precision, recall, f1]
    whole = CountTable.from_sentences([counts]).total
    assert (whole.gold, whole.predicted, whole.tp) == (459, 539, 371)
    assert percentages(whole) == ["68.83", "80.83", "74.35"]


def percentages(counts: Counts) -> list[str]:
    return [f"{100 * ratio:.2f}" for ratio in counts.ratios]


def conlleval_totals(gold: list[str], predicted: list[str]) -> tuple[int, int, int]:
    """Right, found and gold chunks, counted word by word as the Perl script does.

    A chunk is right when both sides begin one of the same type at one word and end it at one word.
    """

    def begins(before: str, tag: str) -> bool:
        return tag != "O" and (tag[0] == "B" or before == "O" or before[2:] != tag[2:])

    def ends(tag: str, after: str) -> bool:
        return tag != "O" and (after == "O" or after[0] == "B" or after[2:] != tag[2:])

    right = found = wanted = 0
    together = False
    before = "O", "O"
    for tags in zip([*gold, "O"], [*predicted, "O"], strict=True):
        ended = [ends(old, new) for old, new in zip(before, tags, strict=True)]
        if together and all(ended):
            right += 1
        if any(ended):
            together = False
        begun = [begins(old, new) for old, new in zip(before, tags, strict=True)]
        wanted += begun[0]
        found += begun[1]
        if any(begun):
            together = all(begun) and tags[0][2:] == tags[1][2:]
        before = tags
    return right, found, wanted


def draw_tags(generator: random.Random, size: int, prefixes: str, types: str) -> list[str]:
    """Mostly ill-formed; longer chunks are not rare."""
    inventory = ["O", *(f"{prefix}-{label}" for prefix in prefixes for label in types)]
    tags: list[str] = []
    for _ in range(size):
        repeat = tags and generator.random() < 0.3
        tags.append(tags[-1] if repeat else generator.choice(inventory))
    return tags


def draw_predicted(generator: random.Random, gold: list[str], prefixes: str) -> list[str]:
    other = draw_tags(generator, len(gold), prefixes, "ABC")
    return [new if generator.random() < 0.2 else old for old, new in zip(gold, other, strict=True)]


def test_equal_to_conlleval_on_a_thousand_sentences() -> None:
    generator = random.Random(0)
    for _ in range(1000):
        gold = draw_tags(generator, generator.randint(1, 15), "BII", "AB")
        predicted = draw_predicted(generator, gold, "BI")
        counts = total(count_chunks(gold, predicted).values())
        assert (counts.tp, counts.predicted, counts.gold) == conlleval_totals(gold, predicted)


def test_conlleval_reads_e_before_b_otherwise() -> None:
    # Its rules for E are those of IOE files, where E only ever stands between two chunks of one
    # type; of BIOES it does not know that E ends what B begins, and makes one chunk of these two.
    # We follow BIOES, as seqeval does.
    tags = ["B-A", "E-A", "B-A", "E-A"]
    assert count_chunks(tags, tags) == {"A": Counts(tp=2)}


@pytest.mark.parametrize("prefixes", ["BI", "BIES"])
def test_equal_to_seqeval_in_default_mode_on_five_hundred_random_corpora(prefixes: str) -> None:
    generator = random.Random(prefixes)
    compared = 0
    for _ in range(500):
        sizes = [generator.randint(1, 10) for _ in range(generator.randint(1, 5))]
        gold = [draw_tags(generator, size, prefixes, "ABC") for size in sizes]
        predicted = [draw_predicted(generator, tags, prefixes) for tags in gold]
        compared += agree_with_seqeval(gold, predicted, "bioes")
    assert compared > 450


@pytest.mark.parametrize(("scheme", "theirs"), [("iob2", IOB2), ("bioes", IOBES), ("bilou", BILOU)])
def test_equal_to_seqeval_in_strict_mode_on_well_formed_tags(
    scheme: TagScheme, theirs: object
) -> None:
    # On tags that break their scheme the two must differ: strict mode throws such chunks away.
    # Entities by the strict rule are compared with it on 1,000 corpora in entities_test.py.
    generator = random.Random(scheme)
    compared = 0
    for _ in range(100):
        corpora = [[draw_flat(generator, scheme) for _ in range(3)] for _ in range(2)]
        compared += agree_with_seqeval(corpora[0], corpora[1], scheme, mode="strict", scheme=theirs)
    assert compared > 90


def draw_flat(generator: random.Random, scheme: TagScheme) -> list[str]:
    entities, start = [], 0
    while start < 8:
        end = min(8, start + generator.randint(1, 3))
        if generator.random() < 0.5:
            entities.append(Entity(generator.choice("AB"), start, end))
        start = end
    return entities_to_tags(entities, 8, scheme)


def agree_with_seqeval(
    gold: list[list[str]], predicted: list[list[str]], reading: TagScheme, **mode: object
) -> bool:
    """Whether there was anything to compare; seqeval fails where there is nothing."""
    sentences = [count_chunks(*pair, reading) for pair in zip(gold, predicted, strict=True)]
    labels = CountTable.from_sentences(sentences).per_label
    if not labels:
        return False
    report = classification_report(gold, predicted, output_dict=True, zero_division=0, **mode)
    assert row(report, "micro avg") == pytest.approx(total(labels.values()).ratios)
    assert row(report, "macro avg") == pytest.approx(macro(list(labels.values())))
    assert {*labels} == {key for key in report if not key.endswith("avg")}
    for label, item in labels.items():
        assert row(report, label) == pytest.approx(item.ratios)
        assert report[label]["support"] == item.gold
    return True


def row(report: dict[str, dict[str, float]], name: str) -> tuple[float, ...]:
    return tuple(report[name][key] for key in ("precision", "recall", "f1-score"))
