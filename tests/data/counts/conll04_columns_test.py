"""CoNLL-04 in columns: the multi-head files, and the original corpus that they come from."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Sentence
from tango_ie.data.corpus import Corpus
from tango_ie.data.readers.lines.multihead import MultiHeadReader
from tango_ie.data.readers.lines.roth_yih import RothYihReader
from tests.data.counts.counting import converted, note_counts, total


@pytest.fixture(scope="module")
def multihead(shared_data: Path) -> Corpus:
    return converted(MultiHeadReader(), shared_data / "conll04" / "multihead", "{}.txt")


@pytest.fixture(scope="module")
def original(shared_data: Path) -> Corpus:
    files = {"train": "corp.tsv.gz"}
    return converted(RothYihReader(), shared_data / "conll04" / "raw", files)


def test_multihead(multihead: Corpus) -> None:
    assert total(multihead, "sentences") == total(multihead, "documents") == (910, 243, 288)
    assert total(multihead, "words") == (26_804, 6_975, 8_408)
    # The readme says 3,391 for train: that is the number of B tags. The two entities that begin
    # with an I are entities too.
    assert total(multihead, "entities") == (3_393, 877, 1_079)
    assert total(multihead, "relations") == (1_273, 353, 422)
    assert note_counts(multihead, "train") == {"entities: I without B (iob2)": 2}
    assert note_counts(multihead, "dev") == note_counts(multihead, "test") == {}
    assert multihead.statistics["test"]["entities"] == {
        "Loc": 427,
        "Org": 198,
        "Other": 133,
        "Peop": 321,
    }
    assert multihead.statistics["test"]["relations"] == {
        "Kill": 47,
        "Live_In": 100,
        "Located_In": 94,
        "OrgBased_In": 105,
        "Work_For": 76,
    }
    several = [
        sum(
            count > 1
            for sentence in multihead[split]
            for count in Counter(relation.head for relation in sentence.relations).values()
        )
        for split in multihead
    ]
    assert several == [138, 41, 46]


def test_strict_refuses_the_orphan(shared_data: Path) -> None:
    folder = shared_data / "conll04" / "multihead"
    with pytest.raises(DataError, match=r"train\.txt, line 3176: .*I-Loc after O"):
        converted(MultiHeadReader(), folder, {"train": "train.txt"}, strict=True)


def test_original(original: Corpus) -> None:
    counts = original.statistics["train"]
    assert counts["sentences"] == 5_516
    assert sum(bool(sentence.relations) for sentence in original["train"]) == 1_441
    assert counts["relations"] == {
        "Kill": 268,
        "Live_In": 521,
        "Located_In": 406,
        "OrgBased_In": 452,
        "Work_For": 401,
    }
    assert counts["entities"] == {"Loc": 4_765, "Org": 2_499, "Other": 2_995, "Peop": 3_918}
    # 129,161 rows, with their words joined by '/'.
    assert counts["words"] == 140_202
    assert len(original.schema.tag_layers["pos"]) == 43
    assert not any("/" in tag for tag in original.schema.tag_layers["pos"])
    assert note_counts(original, "train") == {
        "word with a slash kept whole": 9,
        "words without a tag of their own given the last one": 6,
    }
    assert counts["facts"] == {
        "signs spelled by name": "-LCB- → { (21 times), -LRB- → ( (673 times), "
        "-RCB- → } (3 times), -RRB- → ) (674 times), COMMA → , (5738 times)"
    }


def test_both_agree_on_each_sentence(multihead: Corpus, original: Corpus) -> None:
    """The documents of the one are sentences of the other; only words are cut differently."""

    def labels(sentence: Sentence) -> tuple[Counter[str], Counter[str]]:
        return (
            Counter(entity.label for entity in sentence.entities),
            Counter(relation.label for relation in sentence.relations),
        )

    sources = {sentence.doc_id: sentence for sentence in original["train"]}
    same = 0
    for split in multihead:
        for sentence in multihead[split]:
            source = sources[sentence.doc_id]
            assert labels(sentence) == labels(source)
            same += "".join(sentence.words).lower() == "".join(source.words).lower()
    assert same == 1_434  # of 1,441; the others are spelled differently
