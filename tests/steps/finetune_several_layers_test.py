"""The finetune_heads step with a model of several tasks, and with gold in different corpora."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from steps.finetune_heads import FinetuneHeads
from steps.predict import Predict
from tango_ie.core import ConfigurationError
from tango_ie.core.workspace import TangoIEWorkspace
from tango_ie.data.annotations import Sentence
from tango_ie.data.corpus import Corpus

from .given_steps import GivenCorpus
from .training_corpora import make_corpus, save_corpus

TRAINER = {
    "epochs": 3,
    "optimizer": {"learning_rate": 0.02, "groups": [{"pattern": "^enc", "learning_rate": 2e-3}]},
    "hardware": {"device": "cpu"},
}


def tagged(sentence: Sentence) -> Sentence:
    """Words that begin with a vowel are V, the others C."""
    tags = tuple("V" if word[0] in "aeiou" else "C" for word in sentence.words)
    return replace(sentence, entities=(), tags={"letter": tags})


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """Entities here, letters there."""
    folder = tmp_path_factory.mktemp("corpora")
    names = make_corpus(("LOC", "PER"), {"train": 40, "dev": 20, "test": 30})
    letters = {
        split: [
            tagged(sentence) for sentence in make_corpus(("PER",), {split: size}, seed=9)[split]
        ]
        for split, size in (("train", 25), ("dev", 10), ("test", 10))
    }
    letter_corpus = Corpus.from_sentences(letters)
    return save_corpus(folder / "n", names), save_corpus(folder / "l", letter_corpus)


def step(corpus: str, encoder: Path, tasks: dict[str, Any], **arguments: Any) -> FinetuneHeads:
    model = {
        "type": "tango_ie::multitask_tagger",
        "encoder": {"type": "transformer", "model": str(encoder)},
        "tasks": tasks,
        **arguments.pop("model", {}),
    }
    given = {"model": model, "trainer": TRAINER, "seed": 1, **arguments}
    return FinetuneHeads(corpus=GivenCorpus(folder=corpus), **given)


def test_names_here_letters_there(
    folders: tuple[str, str], tiny_encoder: Path, tmp_path: Path
) -> None:
    workspace = TangoIEWorkspace(str(tmp_path))
    further = {"letters": {"corpus": GivenCorpus(folder=folders[1]), "layers": ["letter"]}}
    wanted = step(
        folders[0],
        tiny_encoder,
        {"ner": {}, "letter": {}},
        further=further,
        model={"predict": ["ner", "letter"]},
    )
    archive = wanted.result(workspace)
    assert archive.schema.entity_types == ("LOC", "PER")
    assert archive.schema.tag_layers == {"letter": ("C", "V")}
    assert archive.info["best_metric"] == "entities_f1" and archive.info["best_score"] > 0.5
    assert archive.info["made_from"]["further"]["letters"]["layers"] == ["letter"]
    # An epoch: 40 + 25 sentences, in batches of 32.
    assert archive.info["steps"] == 3 * 3
    found = Predict(archive=wanted, corpus=GivenCorpus(folder=folders[1])).result(workspace)
    gold = Corpus.load(folders[1])["test"].sentences()
    right = [
        tag == wanted_tag
        for item, sentence in zip(found.annotations, gold, strict=True)
        for tag, wanted_tag in zip(item.tags["letter"], sentence.tags["letter"], strict=True)
    ]
    assert sum(right) > 0.9 * len(right), "learned from the other corpus"


def test_what_enters_the_id(folders: tuple[str, str], tiny_encoder: Path) -> None:
    tasks = {"ner": {}, "letter": {}}
    given = GivenCorpus(folder=folders[1])
    ids = {
        step(folders[0], tiny_encoder, tasks, **arguments).unique_id
        for arguments in (
            {},
            {"layers": ["entities"]},
            {"further": {"l": {"corpus": given, "layers": ["letter"]}}},
            {"further": {"l": {"corpus": given, "layers": ["letter"], "ratio": 2}}},
            {"further": {"l": {"corpus": given, "layers": ["letter"]}}, "temperature": 2},
        )
    }
    assert len(ids) == 5


def test_a_tagger_of_letters_and_the_pcgrad_arm(
    folders: tuple[str, str], tiny_encoder: Path, tmp_path: Path
) -> None:
    """The main task decides which epoch is kept: here the accuracy of its layer."""
    further = {"names": {"corpus": GivenCorpus(folder=folders[0]), "layers": ["entities"]}}
    archive = step(
        folders[1],
        tiny_encoder,
        {"ner": {}, "letter": {}},
        layers=["letter"],
        further=further,
        model={"main": "letter", "weighting": "pcgrad"},
    ).result(TangoIEWorkspace(str(tmp_path)))
    assert archive.info["best_metric"] == "accuracy" and archive.info["best_score"] > 0.9
    model = archive.load()
    assert model.weighting.pairs > 0
    assert archive.info["tasks"]["conflicts"][0] <= 1


def test_a_plain_tagger_cannot(
    folders: tuple[str, str], tiny_encoder: Path, tmp_path: Path
) -> None:
    tagger = {
        "type": "tango_ie::tagger",
        "encoder": {"type": "transformer", "model": str(tiny_encoder)},
    }
    wrong = FinetuneHeads(
        corpus=GivenCorpus(folder=folders[0]), model=tagger, trainer=TRAINER, layers=["entities"]
    )
    with pytest.raises(ConfigurationError, match="Tagger learns everything from every sentence"):
        wrong.result(TangoIEWorkspace(str(tmp_path)))
