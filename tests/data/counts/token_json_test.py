"""Real files whose annotations name words: conll04, ade, genia jsonlines, few-shot conll2003."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from tango_ie.core.config import build
from tango_ie.data.annotations import Sentence
from tango_ie.data.corpus import Corpus
from tango_ie.data.readers import Reader
from tests.data.counts.counting import SPLITS, converted, note_counts, total

UNIFIED = dict(zip(SPLITS, ("train", "valid", "test"), strict=True))


def read(folder: Path, files: dict[str, str] | str, reader: str, **options: object) -> Corpus:
    """A corpus that is read without any repair and without keys that are not read."""
    built = build(Reader, {"type": f"tango_ie::{reader}", **options})
    return converted(built, folder, files, strict=True)


def conll04(data: Path, form: str) -> Corpus:
    folder = data / "conll04" / form
    if form == "unified":
        files = {split: f"{name}.CoNLL04.json" for split, name in UNIFIED.items()}
        return read(folder, files, "unified")
    if form == "spert":
        return read(folder, "conll04_{}.json", "spert")
    return read(folder, "conll04_{}.json", "tagged_json", scheme="bilou")


@pytest.mark.parametrize("form", ["spert", "bilou_json", "unified"])
def test_conll04(form: str, shared_data: Path) -> None:
    corpus = conll04(shared_data, form)
    assert total(corpus, "sentences") == (922, 231, 288)
    assert total(corpus, "entities") == (3377, 893, 1079)
    assert total(corpus, "relations") == (1283, 343, 422)
    assert total(corpus, "words")[2] == 8336
    train = corpus.statistics["train"]
    assert train["entities"] == {"Loc": 1219, "Peop": 1087, "Org": 616, "Other": 455}
    assert train["relations"] == {
        "Live_In": 330,
        "OrgBased_In": 271,
        "Work_For": 256,
        "Located_In": 247,
        "Kill": 179,
    }
    assert [note_counts(corpus, split) for split in SPLITS] == [{}, {}, {}]
    repeated = [len(corpus[split]) - len(set(map(_words, corpus[split]))) for split in SPLITS]
    assert repeated == [24, 3, 1]


def test_conll04_is_the_same_in_three_forms(shared_data: Path) -> None:
    spert, bilou, unified = (
        conll04(shared_data, form) for form in ("spert", "bilou_json", "unified")
    )
    assert spert.fingerprint == bilou.fingerprint
    for split in SPLITS:  # the unified form does not name documents
        for one, other in zip(spert[split], unified[split], strict=True):
            assert one.words == other.words and one.annotations == other.annotations


def test_ade_in_ten_folds(shared_data: Path) -> None:
    folder = shared_data / "ade" / "unified"
    tests: Counter[tuple[str, ...]] = Counter()
    for fold in range(10):
        files = {split: f"{name}.ADE{fold}.json.gz" for split, name in UNIFIED.items()}
        corpus = read(folder, files, "unified")
        sizes = total(corpus, "sentences")
        assert sum(sizes) == 4153
        assert all(abs(a - b) <= 7 for a, b in zip(sizes, (3178, 560, 415), strict=True))
        assert sum(total(corpus, "entities")) == 10477
        assert sum(total(corpus, "relations")) == 6552
        types = sum((Counter(corpus.statistics[split]["entities"]) for split in SPLITS), Counter())
        assert types == {"Adverse-Effect": 5580, "Drug": 4897}
        assert sum(corpus.statistics[split]["overlapping_entities"] for split in SPLITS) == 0
        tests.update(map(_words, corpus["test"]))
        if fold == 0:
            assert sizes == (3178, 560, 415)
            everything = Counter(_words(item) for split in SPLITS for item in corpus[split])
    assert tests == everything  # each sentence is in the test set of one fold


def test_ade_spert(shared_data: Path) -> None:
    corpus = read(shared_data / "ade" / "spert", {"all": "ade_full.json.gz"}, "spert")
    assert total(corpus, "sentences") == (4153,)
    assert corpus.statistics["all"]["entities"] == {"Adverse-Effect": 5580, "Drug": 4897}
    assert corpus.statistics["all"]["relations"] == {"Adverse-Effect": 6552}
    for sentence in corpus["all"]:
        for relation in sentence.relations:
            assert sentence.entities[relation.head].label == "Adverse-Effect"
            assert sentence.entities[relation.tail].label == "Drug"


def test_genia_jsonlines(shared_data: Path) -> None:
    files = {split: f"{split}.jsonlines" for split in ("dev", "test")}
    corpus = read(shared_data / "genia" / "jsonlines", files, "token_spans")
    assert total(corpus, "sentences") == (1765, 1732)
    assert total(corpus, "entities") == (4714, 5119)
    assert corpus.statistics["dev"]["entities"] == {
        "protein": 2466,
        "DNA": 1161,
        "cell_type": 576,
        "cell_line": 372,
        "RNA": 139,
    }
    # char_jsonl has one entity more in test, with another's span, and so 619 and 6.
    assert [_pairs(corpus[split]) for split in files] == [(445, 4), (618, 5)]
    # "MEDLINE:93061407-3" is the fourth sentence of its document
    for split in files:
        places: Counter[str | None] = Counter()
        for sentence in corpus[split]:
            assert sentence.position == places[sentence.doc_id]
            places[sentence.doc_id] += 1


def test_conll2003_fewshot_json(shared_data: Path) -> None:
    folder = shared_data / "conll2003_fewshot"
    sentences = 0
    for shots, files in ((5, 4), (10, 3), (20, 3), (50, 3)):
        for number in range(1, files + 1):
            corpus = read(folder / f"{shots}shot", {"train": f"{number}.json"}, "tagged_json")
            entities = corpus.statistics["train"]["entities"]
            assert entities == dict.fromkeys(("LOC", "MISC", "ORG", "PER"), shots)
            sentences += len(corpus["train"])
    assert sentences == 454


def _words(sentence: Sentence) -> tuple[str, ...]:
    return sentence.words


def _pairs(sentences: Iterable[Sentence]) -> tuple[int, int]:
    """How many pairs of entities nest, and how many have their span with an earlier one."""
    nested = shared = 0
    for sentence in sentences:
        spans = [(entity.start, entity.end) for entity in sentence.entities]
        shared += len(spans) - len(set(spans))
        nested += sum(a != b and a[0] <= b[0] and b[1] <= a[1] for a in spans for b in spans)
    return nested, shared
