"""The select_vectors and alphabet steps: small results that encoders take, keyed by content."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from safetensors.torch import load_file

from steps.alphabet import Alphabet
from steps.finetune_heads import FinetuneHeads
from steps.select_vectors import SelectVectors
from tango_ie.core import ConfigurationError
from tango_ie.core.workspace import TangoIEWorkspace
from tango_ie.data.corpus import Corpus
from tango_ie.data.word_vectors import WordVectors
from tango_ie.inference import Archive, predict

from .given_steps import GivenCorpus
from .training_corpora import make_corpus, save_corpus

TRAINER = {"epochs": 2, "optimizer": {"learning_rate": 0.01}, "hardware": {"device": "cpu"}}


@pytest.fixture(scope="module")
def corpora(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("corpora")
    one = save_corpus(folder / "one", make_corpus(("LOC", "PER"), {"train": 40, "dev": 10}))
    two = save_corpus(folder / "two", make_corpus(("ORG",), {"train": 10}, seed=1))
    return [one, two]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Vectors for half of all words of two letters."""
    path = tmp_path / "vectors.txt"
    letters = "abcdefgiouxyz"
    rows = [f"{a}{b} {i} {j} 0.5\n" for i, a in enumerate(letters) for j, b in enumerate("aeixb")]
    path.write_text("".join(rows), encoding="utf-8")
    return path


def select(file: Path, corpora: list[str], **arguments: Any) -> SelectVectors:
    given = [GivenCorpus(folder=folder) for folder in corpora]
    corpus = given if len(given) > 1 else given[0]
    return SelectVectors(file=str(file), corpus=corpus, **arguments)


def test_from_a_file_to_predictions_without_it(
    corpora: list[str], file: Path, tmp_path: Path
) -> None:
    workspace = TangoIEWorkspace(str(tmp_path / "workspace"))
    vectors = select(file, corpora[:1])
    alphabet = Alphabet(corpus=GivenCorpus(folder=corpora[0]))
    found = vectors.result(workspace)
    assert isinstance(found, WordVectors) and 0 < len(found.words) < 65
    assert alphabet.result(workspace) == "abcdefgiouxyz"
    parts = [
        {"type": "static_vectors", "vectors": vectors},
        {"type": "character_cnn", "alphabet": alphabet, "size": 5},
    ]
    encoder = {"type": "recurrent", "input": {"type": "concat", "parts": parts}, "size": 8}
    training = FinetuneHeads(
        model={"type": "tagger", "encoder": encoder, "head": "crf"},
        corpus=GivenCorpus(folder=corpora[0]),
        trainer=TRAINER,
    )
    archive = training.result(workspace)
    weights = load_file(archive.folder / "weights.safetensors")
    assert weights["encoder.input.parts.0.table"].tolist() == found.vectors.tolist()
    moved = archive.folder.rename(tmp_path / "moved")
    shutil.rmtree(tmp_path / "workspace")
    file.unlink()
    model = Archive(moved).load()
    assert model.encoder.input.parts[1].alphabet == "abcdefgiouxyz"
    sentences = Corpus.load(corpora[0])["dev"].sentences()
    assert len(predict(model, sentences)) == 10


def test_the_file_counts_by_its_content(corpora: list[str], file: Path, tmp_path: Path) -> None:
    first = select(file, corpora).unique_id
    moved = tmp_path / "elsewhere.txt"
    shutil.copy(file, moved)
    assert select(moved, corpora).unique_id == first
    moved.write_text(moved.read_text() + "zz 1 2 3\n")
    assert select(moved, corpora).unique_id != first
    assert select(file, corpora, also_first=5).unique_id != first
    assert select(file, corpora, splits=["dev"]).unique_id != first


def test_what_it_is_made_from_is_checked_before_anything_runs(corpora: list[str]) -> None:
    given = GivenCorpus(folder=corpora[0])
    with pytest.raises(ConfigurationError, match=r"vectors.*is needed"):
        FinetuneHeads(
            model={"type": "tagger", "encoder": {"type": "static_vectors", "vectors": given}},
            corpus=given,
            trainer=TRAINER,
        )


def test_several_corpora(corpora: list[str], file: Path, tmp_path: Path) -> None:
    workspace = TangoIEWorkspace(str(tmp_path / "workspace"))
    both = select(file, corpora).result(workspace)
    one = select(file, corpora[1:]).result(workspace)
    assert set(one.words) <= set(both.words) and len(one.words) < len(both.words)
    assert [entry["corpus"] for entry in both.info["coverage"]] == [0, 0, 1]
