"""The masked language model: blocks lose nothing, the loss is right, other families work."""

from __future__ import annotations

import copy
import math
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from transformers import (
    AutoModelForMaskedLM,
    DistilBertConfig,
    ElectraConfig,
    RobertaConfig,
)

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.annotations import Sentence
from tango_ie.data.masking import Masking
from tango_ie.models.masked_language_model import MaskedLanguageModel, TextBlock
from tango_ie.training.randomness import seed_everything


def sentence(text: str, doc_id: str | None = None) -> Sentence:
    return Sentence(tuple(text.split()), doc_id=doc_id)


def words(model: MaskedLanguageModel, block: TextBlock) -> list[str]:
    """The text of a block, word by word."""
    tokenizer: Any = model.tokenizer.tokenizer
    found: dict[int, str] = {}
    for piece, word in zip(block.ids, block.word_ids, strict=True):
        if word >= 0:
            text = tokenizer.convert_ids_to_tokens(int(piece)).removeprefix("##")
            found[int(word)] = found.get(int(word), "") + text
    return list(found.values())


@pytest.fixture
def model(tiny_encoder: Path) -> MaskedLanguageModel:
    seed_everything(0)
    return MaskedLanguageModel(str(tiny_encoder), Masking(0.3), max_length=16)


def test_blocks_hold_the_whole_text(model: MaskedLanguageModel) -> None:
    sentences = [
        sentence("ab cde f", "one"),
        sentence("ghi jk", "one"),
        sentence("lmno pqrs tuvw xyz " * 3, "one"),
        sentence("a b", "two"),
        sentence("c d"),
        sentence("e f"),
        sentence("x" * 40),
    ]
    blocks = model.encode(sentences)
    assert all(block.cost <= 16 for block in blocks)
    assert "".join(w for block in blocks for w in words(model, block)) == "".join(
        w for item in sentences for w in item.words
    )
    texts = [words(model, block) for block in blocks]
    assert texts[0] == ["ab", "cde", "f", "ghi", "jk"], "sentences of a document share a block"
    assert texts[1] == ["lmno", "pqrs", "tuvw"], "and a long one is continued in the next"
    assert texts[-6:-3] == [["a", "b"], ["c", "d"], ["e", "f"]], "and others do not"
    assert texts[-3:] == [["x" * 14], ["x" * 14], ["x" * 12]], "a giant word is cut"
    prefix, suffix = model.tokenizer.prefix, model.tokenizer.suffix
    for block in blocks:
        assert block.ids[: len(prefix)].tolist() == prefix
        assert block.ids[-len(suffix) :].tolist() == suffix


def test_masked_as_drawn(model: MaskedLanguageModel) -> None:
    blocks = model.encode([sentence("ab cde f ghi jk lm"), sentence("no pq")] * 30)
    batch = model.collate(blocks)
    original = np.zeros(batch.ids.shape, dtype=np.int64)
    for row, block in enumerate(blocks):
        original[row, : block.cost] = block.ids
    flat = torch.from_numpy(original).flatten()
    changed = (batch.ids.flatten() != flat) & batch.mask.flatten()
    assert set(changed.nonzero().flatten().tolist()) <= set(batch.places.tolist())
    assert torch.equal(flat[batch.places], batch.targets)
    share = len(batch.places) / int((batch.mask.sum(1) - 2).sum())
    assert 0.15 < share < 0.45
    masked = (batch.ids.flatten()[batch.places] == model.mask_id).float().mean()
    assert 0.65 < masked < 0.95


def test_draws_follow_the_seed(model: MaskedLanguageModel) -> None:
    blocks = model.encode([sentence("ab cde f ghi jk lm")] * 20)
    drawn = []
    for seed in (1, 1, 2):
        seed_everything(seed)
        drawn.append(model.collate(blocks).places.tolist())
    assert drawn[0] == drawn[1] != drawn[2]


@pytest.mark.parametrize("family", ["bert", "roberta", "distilbert", "electra"])
def test_loss_is_that_of_the_whole_head(
    model: MaskedLanguageModel, family: str, tiny_encoder: Path
) -> None:
    """Guessing at the masked places alone gives what scoring every place gives."""
    size: dict[str, Any] = {"vocab_size": model.vocabulary_size, "max_position_embeddings": 40}
    small = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    configs: dict[str, Any] = {
        "roberta": lambda: RobertaConfig(**size, **small, intermediate_size=16, pad_token_id=0),
        "distilbert": lambda: DistilBertConfig(
            **size, dim=16, n_layers=1, n_heads=2, hidden_dim=16
        ),
        "electra": lambda: ElectraConfig(**size, **small, embedding_size=8, intermediate_size=16),
    }
    if family != "bert":
        model.transformer = AutoModelForMaskedLM.from_config(configs[family]())
    model.eval()
    batch = model.collate(model.encode([sentence("ab cde f ghi jk"), sentence("lm no")] * 4))
    output = model(batch)
    scores = model.transformer(input_ids=batch.ids, attention_mask=batch.mask.long()).logits
    whole = torch.nn.functional.cross_entropy(
        scores.flatten(0, 1)[batch.places], batch.targets, reduction="sum"
    )
    torch.testing.assert_close(output.loss, whole)
    assert float(output.loss_weight) == len(batch.targets) > 0
    output.loss.backward()


def test_nothing_to_guess(model: MaskedLanguageModel) -> None:
    model.masking = Masking(1e-9)
    output = model(model.collate(model.encode([sentence("ab")])))
    assert output.loss is not None and output.loss_weight is not None
    assert output.loss.item() == output.loss_weight.item() == 0.0
    output.loss.backward()


def test_new_head_is_said(tiny_encoder: Path, tmp_path: Path, caplog: Any) -> None:
    model = MaskedLanguageModel(str(tiny_encoder), Masking(), max_length=16)
    assert model.new_head and "a new one is trained" in caplog.text
    model.transformer.save_pretrained(tmp_path)
    model.tokenizer.save(tmp_path)
    assert not MaskedLanguageModel(str(tmp_path), Masking(), max_length=16).new_head


def test_travels_and_is_copied(model: MaskedLanguageModel) -> None:
    for twin in (pickle.loads(pickle.dumps(model)), copy.deepcopy(model)):
        seed_everything(0)
        output = twin.eval()(twin.collate(twin.encode([sentence("ab cde f ghi jk lm")])))
        assert output.loss is not None and math.isfinite(output.loss.item())


def test_refuses_nonsense(tiny_encoder: Path, tmp_path: Path) -> None:
    for length in (2, 1000):
        with pytest.raises(ConfigurationError, match="max_length must lie between 3 and 128"):
            MaskedLanguageModel(str(tiny_encoder), Masking(), max_length=length)
    with pytest.raises(ConfigurationError, match="cannot load"):
        MaskedLanguageModel(str(tmp_path), Masking())
