"""The write step, and what it is made of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from steps.write_dataset import WriteDataset
from tango_ie.core import ConfigurationError, DataError
from tango_ie.core.workspace import TangoIEWorkspace
from tango_ie.data.annotations import Annotations, Entity, Relation, Sentence
from tango_ie.data.corpus import Corpus
from tango_ie.data.predicted import predicted_sentences
from tango_ie.data.readers import ColumnReader
from tango_ie.data.written import WrittenFiles, WrittenFilesFormat
from tango_ie.inference import Predictions, PredictionsFormat

from .given_steps import GivenCorpus, GivenPredictions

GOLD = [
    Sentence(
        ("Ada", "saw", "Ghent"),
        (Entity("PER", 0, 1), Entity("LOC", 2, 3)),
        (Relation("saw", 0, 1),),
        {"pos": ("N", "V", "N")},
    ),
    Sentence(("Nothing", "here"), tags={"pos": ("N", "A")}),
]
COLUMNS = {"type": "tango_ie::column", "columns": ["word", "pos", "entities"]}
FOUND = [Annotations((Entity("LOC", 0, 1, 0.7),)), Annotations(tags={"pos": ("V", "V")})]


@pytest.fixture
def corpus(tmp_path: Path) -> GivenCorpus:
    Corpus.from_sentences({"train": GOLD[:1], "test": GOLD}).save(tmp_path / "corpus")
    return GivenCorpus(folder=str(tmp_path / "corpus"))


@pytest.fixture
def predictions(corpus: GivenCorpus, tmp_path: Path) -> GivenPredictions:
    fingerprint = Corpus.load(tmp_path / "corpus").fingerprint
    (tmp_path / "predictions").mkdir()
    info = {"split": "test", "corpus_fingerprint": fingerprint}
    PredictionsFormat().write(Predictions(FOUND, info), tmp_path / "predictions")
    return GivenPredictions(folder=str(tmp_path / "predictions"))


def run(tmp_path: Path, **arguments: Any) -> WrittenFiles:
    step = WriteDataset(**arguments)
    workspace = TangoIEWorkspace(str(tmp_path / "workspace"))
    written = step.result(workspace)
    assert isinstance(written, WrittenFiles)
    return written


def test_a_corpus_is_written_split_by_split(corpus: GivenCorpus, tmp_path: Path) -> None:
    written = run(tmp_path, corpus=corpus, writer={"type": "tango_ie::column"})
    assert written.names == {"train": "train.conll", "test": "test.conll"}
    assert written.sentences == {"train": 1, "test": 2}
    assert {kind: note["count"] for kind, note in written.notes["test"].items()} == {
        "layer 'pos' left out": 2,
        "relations left out": 1,
    }
    read = list(ColumnReader(["word", "entities"]).read(written.path("test")))
    assert [sentence.entities for sentence in read] == [gold.entities for gold in GOLD]
    assert sorted(path.name for path in written.folder.iterdir()) == [
        "test.conll",
        "train.conll",
        "written.json",
    ]


def test_predictions_are_written_in_place_of_gold(
    corpus: GivenCorpus, predictions: GivenPredictions, tmp_path: Path
) -> None:
    written = run(
        tmp_path,
        corpus=corpus,
        predictions=predictions,
        writer=COLUMNS,
        compress=True,
    )
    assert written.names == {"test": "test.conll.gz"}
    read = list(ColumnReader(["word", "pos", "entities"]).read(written.path("test")))
    assert read == [
        Sentence(GOLD[0].words, (Entity("LOC", 0, 1),), tags=GOLD[0].tags),
        Sentence(GOLD[1].words, tags={"pos": ("V", "V")}),
    ]


def test_chosen_splits(corpus: GivenCorpus, tmp_path: Path) -> None:
    written = run(
        tmp_path, corpus=corpus, writer={"type": "tango_ie::jsonl"}, splits=["train"], strict=True
    )
    assert written.names == {"train": "train.jsonl"}
    with pytest.raises(ConfigurationError, match=r"no split 'tets'.* did you mean 'test'"):
        run(tmp_path, corpus=corpus, writer={"type": "tango_ie::jsonl"}, splits=["tets"])


def test_what_does_not_fit_is_refused(corpus: GivenCorpus, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="relations left out"):
        run(tmp_path, corpus=corpus, writer=COLUMNS, strict=True)
    with pytest.raises(DataError, match="1 predicted sentences do not fit the 2 of split 'test'"):
        list(predicted_sentences(FOUND[:1], Corpus.load(tmp_path / "corpus"), "test"))
    with pytest.raises(DataError, match="not a folder of written files"):
        WrittenFilesFormat().read(tmp_path)
