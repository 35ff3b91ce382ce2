"""Real files of spans of characters: ADE, GENIA and brat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from tango_ie.core.input_files import InputFile
from tango_ie.data.annotations import Sentence
from tango_ie.data.corpus import Corpus
from tango_ie.data.notes import Notes
from tango_ie.data.readers.characters.brat import BratReader
from tango_ie.data.readers.characters.char_jsonl import CharJsonLinesReader
from tango_ie.data.readers.characters.drug_ae import DrugAeReader
from tango_ie.data.readers.characters.genia_xml import GeniaXmlReader
from tango_ie.data.writers.brat import BratWriter
from tests.data.counts.counting import converted, note_counts, total

GENIA_XML = "raw/GENIAcorpus3.02.xml.gz"
GENIA_JSONL = {"train": "train.jsonl.gz", "dev": "dev.jsonl", "test": "test.jsonl"}


def crossing_or_nested(sentences: Iterable[Sentence]) -> tuple[int, int, int, int]:
    """Sentences with overlapping entities; pairs that nest, have one span, and cross."""
    overlapping = nested = same = crossing = 0
    for sentence in sentences:
        entities = sentence.entities
        found = False
        for place, one in enumerate(entities):
            for other in entities[:place]:
                if one.end <= other.start or other.end <= one.start:
                    continue
                found = True
                if (one.start, one.end) == (other.start, other.end):
                    same += 1
                elif (one.start - other.start) * (one.end - other.end) <= 0:
                    nested += 1
                else:
                    crossing += 1
        overlapping += found
    return overlapping, nested, same, crossing


def comparable(sentences: Iterable[Sentence]) -> Counter[tuple[object, ...]]:
    """What two forms of a corpus share; of entities with one span either may come first."""
    return Counter(
        (
            *(sentence.doc_id, sentence.text, sentence.words, sentence.relations),
            tuple(sorted((e.start, e.end, e.label, e.subtype or "") for e in sentence.entities)),
        )
        for sentence in sentences
    )


@pytest.fixture(scope="module")
def ade(shared_data: Path) -> Corpus:
    return converted(DrugAeReader(), shared_data / "ade" / "raw", {"all": "DRUG-AE.rel"})


@pytest.fixture(scope="module")
def genia_raw(shared_data: Path) -> tuple[list[Sentence], Notes]:
    notes = Notes()
    reader = GeniaXmlReader()
    return list(reader.read(shared_data / "genia" / GENIA_XML, notes)), notes


@pytest.fixture(scope="module")
def genia_jsonl(shared_data: Path) -> Corpus:
    return converted(CharJsonLinesReader(), shared_data / "genia" / "char_jsonl", GENIA_JSONL)


def test_ade_raw(ade: Corpus) -> None:
    assert total(ade, "sentences") == (4_272,)
    assert total(ade, "words") == (92_310,)
    assert ade.statistics["all"]["entities"] == {"Adverse-Effect": 5_776, "Drug": 5_063}
    assert ade.statistics["all"]["relations"] == {"Adverse-Effect": 6_821}
    sentences = ade["all"].sentences()
    assert len({(sentence.doc_id, sentence.text) for sentence in sentences}) == 4_272
    assert len({sentence.text for sentence in sentences}) == 4_271
    assert crossing_or_nested(sentences)[0] == 119
    # All of them lie where the document-level offsets say: nothing was looked for by its words.
    # The readme does not tell of the two mentions that begin or end with a blank.
    assert note_counts(ade, "all") == {"blanks at the edge of an entity left out": 2}
    for sentence in sentences:
        assert sentence.text_start is not None and sentence.doc_id is not None
        assert sentence.text_start >= len(sentence.doc_id) + len("\n\n")
        for relation in sentence.relations:
            labels = [sentence.entities[place].label for place in (relation.head, relation.tail)]
            assert labels == ["Adverse-Effect", "Drug"]


def test_ade_char_jsonl(ade: Corpus, shared_data: Path) -> None:
    reader = CharJsonLinesReader(doc_id="pmid")
    folder = shared_data / "ade" / "char_jsonl"
    corpus = converted(reader, folder, {"all": "ade_full.jsonl.gz"})
    assert total(corpus, "sentences") == (4_272,)
    assert total(corpus, "entities") == (10_839,) and total(corpus, "relations") == (6_821,)
    assert note_counts(corpus, "all") == {"blanks at the edge of an entity left out": 2}
    for ours, theirs in zip(ade["all"], corpus["all"], strict=True):
        assert (ours.doc_id, ours.words, ours.entities) == (
            *(theirs.doc_id, theirs.words, theirs.entities),
        )
        assert ours.relations == theirs.relations and ours.text == theirs.text


def test_ade_doses(shared_data: Path) -> None:
    reader = DrugAeReader(head="Dose", relation="Dose")
    folder = shared_data / "ade" / "raw"
    corpus = converted(reader, folder, {"all": "DRUG-DOSE.rel"}, strict=True)
    assert total(corpus, "sentences") == (213,)
    assert corpus.statistics["all"]["entities"] == {"Dose": 230, "Drug": 261}
    assert corpus.statistics["all"]["relations"] == {"Dose": 279}


def test_genia_raw(genia_raw: tuple[list[Sentence], Notes]) -> None:
    sentences, notes = genia_raw
    assert notes.facts == {"articles": "2000"}
    assert len({sentence.doc_id for sentence in sentences}) == 1_999
    assert len(sentences) == 18_546
    assert sum(map(len, sentences)) == 560_681
    assert Counter(entity.label for sentence in sentences for entity in sentence.entities) == {
        "protein": 34_249,
        "DNA": 10_001,
        "cell_type": 7_017,
        "cell_line": 3_844,
        "RNA": 944,
    }
    # All 97,876 constituents are accounted for: 56,055 entities and what is noted here.
    assert notes.counts == {
        "id of an article that occurs again": 1,
        "constituent of another class left out": 35_046,
        "constituent without class left out": 5_154,
        "coordinated constituent left out": 1_597,
        "constituent that repeats another left out": 24,
        # "p70I kappa B gamma", "RanGTP" and their like: terms with no blank between them.
        "entity widened to whole words": 18,
    }
    (again,) = notes.to_json()["id of an article that occurs again"]["examples"]
    assert again.endswith("MEDLINE:97218353")


def test_genia_char_jsonl(genia_jsonl: Corpus) -> None:
    assert total(genia_jsonl, "sentences") == (15_049, 1_765, 1_732)
    assert total(genia_jsonl, "entities") == (46_221, 4_714, 5_120)
    assert genia_jsonl.statistics["train"]["entities"] == {
        "DNA": 7_708,
        "RNA": 699,
        "cell_line": 3_069,
        "cell_type": 5_863,
        "protein": 28_882,
    }
    assert [note_counts(genia_jsonl, split) for split in GENIA_JSONL] == [
        *({"entity widened to whole words": 18}, {}, {}),
    ]


def test_pairs_of_genia(shared_data: Path) -> None:
    # Words cut where entities begin and end keep all spans as they are in characters; widened to
    # whole words, two neighbours in train cross, four more nest and one more have the same span.
    reader = CharJsonLinesReader(inside_words="split")
    folder = shared_data / "genia" / "char_jsonl"
    pairs = {
        split: crossing_or_nested(reader.read(folder / file))[1:]
        for split, file in GENIA_JSONL.items()
    }
    assert pairs == {"train": (4_483, 30, 0), "dev": (445, 4, 0), "test": (619, 6, 0)}


def test_genia_xml_with_the_splits_is_char_jsonl(
    genia_raw: tuple[list[Sentence], Notes], genia_jsonl: Corpus, shared_data: Path
) -> None:
    folder = shared_data / "genia"
    for split in ("dev", "test"):
        reader = GeniaXmlReader(InputFile(folder / "splits" / f"{split}.txt"))
        ours = list(reader.read(folder / GENIA_XML))
        assert [(sentence.doc_id, sentence.text) for sentence in ours] == [
            (sentence.doc_id, sentence.text) for sentence in genia_jsonl[split]
        ]
        assert comparable(ours) == comparable(genia_jsonl[split])
    # The articles of train are read already, with the others.
    ids = set((folder / "splits" / "train.txt").read_text(encoding="utf-8").split())
    train = [sentence for sentence in genia_raw[0] if sentence.doc_id in ids]
    assert comparable(train) == comparable(genia_jsonl["train"])


# Documents; T and R lines; what is noted of the others; sentences, lines.
BRAT: dict[str, tuple[int, int, int, dict[str, int], int, int]] = {
    "BioNLP-ST_2011_REL": (20, 452, 44, {"equivalence (* line) not read": 13}, 213, 40),
    "tutorial_news": (
        *(13, 119, 8),
        {
            "event (E line) not read": 23,
            "attribute (A or M line) not read": 11,
            "normalisation (N line) not read": 1,
            "equivalence (* line) not read": 2,
            "note (# line) not read": 4,
        },
        *(189, 132),
    ),
    "tutorial_bio": (
        *(13, 107, 6),
        {
            "event (E line) not read": 24,
            "attribute (A or M line) not read": 9,
            "equivalence (* line) not read": 2,
            "note (# line) not read": 4,
        },
        *(191, 134),
    ),
}


@pytest.mark.parametrize("name", BRAT)
def test_brat(name: str, shared_data: Path) -> None:
    documents, entities, relations, noted, sentences, lines = BRAT[name]
    folder = shared_data / "brat" / name
    # Neither is any relation lost between sentences, nor does any entity end inside a word.
    for unit, size in (("sentence", sentences), ("line", lines), ("document", documents)):
        notes = Notes()
        found = list(BratReader(unit=unit).read(folder, notes))  # type: ignore[arg-type]
        assert len(found) == size
        assert len({sentence.doc_id for sentence in found}) == documents
        assert sum(len(sentence.entities) for sentence in found) == entities
        assert sum(len(sentence.relations) for sentence in found) == relations
        assert notes.counts == noted
        for sentence in found:
            text = (folder / f"{sentence.doc_id}.txt").read_bytes().decode()
            assert sentence.text is not None and sentence.text_start is not None
            assert text.startswith(sentence.text, sentence.text_start)


def test_brat_types(shared_data: Path) -> None:
    corpus = converted(BratReader(), shared_data / "brat", {"rel": "BioNLP-ST_2011_REL"})
    assert corpus.statistics["rel"]["entities"] == {"Entity": 200, "Protein": 252}
    assert corpus.statistics["rel"]["relations"] == {"Protein-Component": 40, "Subunit-Complex": 4}


def test_empty_annotations_of_brat(shared_data: Path) -> None:
    files = [file for name in BRAT for file in (shared_data / "brat" / name).glob("*.ann")]
    empty = [file for file in files if not file.stat().st_size]
    assert len(empty) == 8
    for file in empty:
        assert not any(sentence.entities for sentence in BratReader().read(file))


def test_ade_and_brat_are_written_as_brat_and_read_back(
    ade: Corpus, shared_data: Path, tmp_path: Path
) -> None:
    news = list(BratReader().read(shared_data / "brat" / "tutorial_news"))
    for name, gold in (("ade", ade["all"].sentences()), ("news", news)):
        BratWriter().write(gold, tmp_path / name, Notes(strict=True))
        back = list(BratReader().read(tmp_path / name, Notes(strict=True)))
        assert back == gold
