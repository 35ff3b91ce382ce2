"""The query-parallel model: the contract for its variants, and what is its own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.annotations import Annotations, Entity, Sentence
from tango_ie.data.schema import Schema
from tango_ie.inference import Archive, predict
from tango_ie.models import Model
from tango_ie.models.query_parallel_ner import QueryParallelNER
from tango_ie.modules.queries.found import FoundSpans
from tests.models.model_contract import SENTENCES, ModelContract, fit

LABELS = ("LOC", "ORG", "PER", "WORK_OF_ART", "YEAR")
SCHEMA = Schema(entity_types=LABELS[:3])


def query_params(folder: Path, **params: Any) -> dict[str, Any]:
    encoder = {"type": "transformer", "model": str(folder), **params.pop("encoder", {})}
    small = {"size": 32, **params.pop("prediction", {})}
    return {"type": "query_parallel_ner", "encoder": encoder, "prediction": small, **params}


def build(folder: Path, schema: Schema = SCHEMA, **params: Any) -> QueryParallelNER:
    torch.manual_seed(0)
    model = Model.from_params(query_params(folder, **params), schema=schema)
    assert isinstance(model, QueryParallelNER)
    return model


class TestPaper(ModelContract):
    def params(self, encoder_folder: Path) -> dict[str, Any]:
        return query_params(
            encoder_folder,
            reading={"prompt": 3},
            encoder={"pooling": "mean"},
            # A transformer that was never trained is slow to carry a name to the first token.
            prediction={"size": 64},
        )


class TestDepthOfOneOnSmallWindows(ModelContract):
    def params(self, encoder_folder: Path) -> dict[str, Any]:
        reading = {"prompt": 3, "state": "name", "query_depth": 1, "group_tokens": 20}
        encoder = {"max_length": 20}
        return query_params(encoder_folder, reading=reading, overlaps="keep", encoder=encoder)


class TestWordsAlone(ModelContract):
    def params(self, encoder_folder: Path) -> dict[str, Any]:
        prediction = {"kind": "words"}
        reading = {"prompt": 0}
        return query_params(encoder_folder, reading=reading, prediction=prediction)


def logits(model: QueryParallelNER, sentences: list[Sentence]) -> dict[str, Tensor]:
    """The scores of spans by type."""
    with torch.no_grad():
        found = model.span_logits(model.collate(model.encode(sentences, with_gold=False)))
    return dict(zip(model.schema.entity_types, found.unbind(1), strict=True))


@pytest.fixture(scope="module")
def trained(tiny_encoder: Path) -> QueryParallelNER:
    """A model with scores that differ."""
    model = build(tiny_encoder, reading={"prompt": 2, "state": "name"})
    fit(model, SENTENCES, steps=20, rate=5e-3)
    return model


@given(
    labels=st.permutations(LABELS).flatmap(lambda all_: st.integers(1, 5).map(lambda n: all_[:n]))
)
@settings(max_examples=15)
def test_a_type_does_not_depend_on_the_others(trained: QueryParallelNER, labels: list[str]) -> None:
    sentences = list(SENTENCES)
    trained.adapt(Schema(entity_types=LABELS))
    whole = logits(trained, sentences)
    trained.adapt(Schema(entity_types=tuple(labels)))
    for label, scores in logits(trained, sentences).items():
        torch.testing.assert_close(scores, whole[label], atol=1e-5, rtol=0)
    trained.adapt(SCHEMA)


def test_types_that_were_never_seen(trained: QueryParallelNER, tmp_path: Path) -> None:
    before = {name: weight.clone() for name, weight in trained.state_dict().items()}
    known = logits(trained, list(SENTENCES))
    trained.adapt(Schema(entity_types=("PER", "WORK_OF_ART", "ORG")))
    try:
        new = logits(trained, list(SENTENCES))
        torch.testing.assert_close(new["PER"], known["PER"], atol=1e-5, rtol=0)
        assert new["WORK_OF_ART"].isfinite().any()
        for name, weight in trained.state_dict().items():
            assert torch.equal(weight, before[name])
        # Asked by the name of another type, a type is that one.
        trained.adapt(Schema(entity_types=("X", "Y"), names={"X": "person", "Y": "place"}))
        torch.testing.assert_close(
            logits(trained, list(SENTENCES))["X"], known["PER"], atol=1e-5, rtol=0
        )
    finally:
        trained.adapt(SCHEMA)


def test_a_thousand_types(tiny_encoder: Path) -> None:
    """In groups, against those of a few; nothing that grows with words squared is kept."""
    schema = Schema(entity_types=tuple(f"T{number}" for number in range(1000)))
    model = build(tiny_encoder, schema, reading={"prompt": 1}).eval()
    assert model.spans is not None
    torch.nn.init.zeros_(model.spans.linear.bias)
    found = predict(model, SENTENCES)
    assert len({entity.label for item in found for entity in item.entities}) > 1
    few = build(tiny_encoder, Schema(entity_types=("T7", "T999")), reading={"prompt": 1}).eval()
    few.load_state_dict(model.state_dict())
    whole, part = logits(model, list(SENTENCES)), logits(few, list(SENTENCES))
    for label, scores in part.items():
        torch.testing.assert_close(scores, whole[label], atol=1e-5, rtol=0)


@pytest.mark.parametrize("attention", ["context_reads", "vanilla"])
def test_attention_of_the_ablations_learns(tiny_encoder: Path, attention: str) -> None:
    model = build(tiny_encoder, reading={"prompt": 2, "attention": attention}, auxiliary_weight=0)
    assert model.inside is None
    losses = fit(model, SENTENCES, steps=15, rate=5e-3)
    assert losses[-1] < 0.6 * losses[0]
    alone = [item for one in SENTENCES for item in predict(model, [one])]
    assert alone == predict(model, SENTENCES)


def test_the_loss_is_a_sum_over_cells(tiny_encoder: Path) -> None:
    model = build(tiny_encoder, auxiliary_weight=0.25, reading={"group_tokens": 1}).eval()
    sentence = Sentence(("a", "b", "c"), (Entity("PER", 1, 3), Entity("LOC", 0, 1)))
    with torch.no_grad():
        output = model(model.collate(model.encode([sentence, *SENTENCES])))
        alone = model(model.collate(model.encode([sentence])))
        scores = logits(model, [sentence])
    assert output.loss_weight == 5
    total = 0.0
    for label, cells in scores.items():
        for start in range(3):
            for last in range(start, 3):
                true = Entity(label, start, last + 1) in sentence.entities
                chance = cells[0, start, last].sigmoid()
                total -= (chance if true else 1 - chance).log().item()
    assert alone.terms is not None
    assert alone.terms["spans"].item() == pytest.approx(total, rel=1e-4)
    both = alone.terms["spans"] + 0.25 * alone.terms["words"]
    assert alone.loss.item() == pytest.approx(both.item())


def test_a_frozen_encoder_leaves_the_prompt_to_be_trained(tiny_encoder: Path) -> None:
    model = build(tiny_encoder, encoder={"frozen": True}, reading={"prompt": 2})
    before = {name: weight.clone() for name, weight in model.state_dict().items()}
    losses = fit(model, SENTENCES, steps=5, rate=1e-2)
    assert losses[-1] < losses[0]
    for name, weight in model.state_dict().items():
        assert torch.equal(weight, before[name]) == name.startswith("encoder."), name


def test_autocast_is_close(tiny_encoder: Path) -> None:
    model = build(tiny_encoder).eval()
    batch = model.collate(model.encode(SENTENCES))
    exact = model(batch)
    with torch.autocast("cpu", torch.bfloat16):
        rough = model(batch)
    assert rough.loss.dtype == torch.float32
    assert rough.loss.item() == pytest.approx(exact.loss.item(), rel=0.02)


NESTED = Sentence(
    ("a", "b", "c", "d"),
    (Entity("ORG", 0, 3), Entity("LOC", 1, 2), Entity("PER", 2, 4), Entity("PER", 0, 1)),
)


def test_gold_that_overlaps(tiny_encoder: Path) -> None:
    flat = build(tiny_encoder)
    assert flat.unrepresentable([NESTED, *SENTENCES]) == {"crossing": 1, "nested": 2}
    assert len(flat.encode([NESTED])[0].spans) == 1
    nested = build(tiny_encoder, overlaps="keep")
    assert nested.unrepresentable([NESTED]) == {}
    assert len(nested.encode([NESTED])[0].spans) == 4
    words = build(tiny_encoder, overlaps="keep", prediction={"kind": "words"})
    touching = replace(NESTED, entities=(*NESTED.entities, Entity("PER", 1, 2)))
    assert words.unrepresentable([NESTED, touching]) == {"run_together": 3}
    fit(nested, [NESTED], steps=50, rate=1e-2)
    (found,) = predict(nested, [NESTED])
    assert set(found.entities) == set(NESTED.entities)


@pytest.mark.parametrize(("overlaps", "size"), [("drop", 1), ("keep", 4), ("drop_crossing", 3)])
def test_overlaps_of_what_was_found(tiny_encoder: Path, overlaps: str, size: int) -> None:
    model = build(tiny_encoder, overlaps=overlaps)
    spans = [(entity.start, entity.end - 1) for entity in NESTED.entities]
    cells = torch.tensor([(0, 0, *span) for span in spans])
    output = model(model.collate(model.encode([NESTED])))
    assert output.found is None  # nothing is looked for in training
    output.found = FoundSpans(cells, torch.tensor([0.9, 0.7, 0.8, 0.6]))
    (found,) = model.decode(model.collate(model.encode([NESTED])), output)
    assert len(found.entities) == size


def test_an_archive_keeps_names_and_settings(tiny_encoder: Path, tmp_path: Path) -> None:
    params = query_params(
        tiny_encoder,
        queries={"names": {"PER": "human being"}},
        reading={"prompt": 2, "query_depth": 1},
        threshold=0.02,
    )
    torch.manual_seed(0)
    model = Model.from_params(params, schema=SCHEMA)
    assert isinstance(model, QueryParallelNER)
    Archive.save(model, tmp_path / "archive", params, {})
    loaded = Archive(tmp_path / "archive").load()
    assert isinstance(loaded, QueryParallelNER)
    assert loaded.asked.labels == model.asked.labels == ("LOC", "PER", "ORG")
    assert predict(loaded, SENTENCES) == predict(model, SENTENCES) != [Annotations()] * 4


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"threshold": 1.0}, "threshold"),
        ({"auxiliary_weight": -1.0}, "auxiliary_weight"),
        ({"encoder": {"layers": "mix"}}, "found 'mix'"),
        ({"reading": {"query_depth": 9}}, "has 2 layers, found 9"),
        ({"reading": {"prompt": -1}}, "at least 0"),
        ({"queries": {"names": {"PER": "one", "LOC": "one"}}}, "told apart"),
    ],
)
def test_wrong_arguments(tiny_encoder: Path, params: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        build(tiny_encoder, **params)


def test_no_types(tiny_encoder: Path) -> None:
    with pytest.raises(ConfigurationError, match="no entity types"):
        build(tiny_encoder, Schema())
