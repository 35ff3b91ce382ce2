"""Vectors from a file: which word gets which, what is trained, and what an archive holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.annotations import Sentence
from tango_ie.data.word_vectors import WordVectors
from tango_ie.modules.encoders import Encoder, open_archive
from tango_ie.modules.encoders.static_vectors import StaticVectors

VECTORS = {"ada": [1.0, 2.0], "Ada": [3.0, 4.0], "london": [5.0, 9.0]}
MEAN = [3.0, 5.0]
SENTENCES = [Sentence(("Ada", "ADA", "ada", "Paris")), Sentence(("London",)), Sentence(())]


@pytest.fixture
def vectors() -> WordVectors:
    return WordVectors(tuple(VECTORS), np.array(list(VECTORS.values()), np.float32))


def run(encoder: Encoder, sentences: list[Sentence] = SENTENCES) -> Tensor:
    found: Tensor = encoder(encoder.collate(encoder.encode(sentences)))
    return found


def test_as_it_stands_then_in_lower_case_then_unknown(vectors: WordVectors) -> None:
    encoder = StaticVectors(vectors).eval()
    zero = [0.0, 0.0]
    assert encoder.output_size == 2
    assert run(encoder).tolist() == [
        [VECTORS["Ada"], VECTORS["ada"], VECTORS["ada"], MEAN],
        [VECTORS["london"], zero, zero, zero],
        [zero] * 4,
    ]
    exact = StaticVectors(vectors, lower_case=False).eval()
    assert run(exact)[0].tolist() == [VECTORS["Ada"], MEAN, VECTORS["ada"], MEAN]
    assert run(encoder, []).shape == (0, 0, 2)
    assert run(encoder, [Sentence(())]).shape == (1, 0, 2)


@pytest.mark.parametrize("frozen", [True, False])
@pytest.mark.parametrize("unknown", ["mean", "learned"])
def test_what_is_trained(vectors: WordVectors, frozen: bool, unknown: Any) -> None:
    encoder = StaticVectors(vectors, frozen=frozen, unknown=unknown).train()
    trained = {name for name, value in encoder.named_parameters() if value.requires_grad}
    expected = set() if frozen else {"table"}
    expected |= {"unknown_vector"} if unknown == "learned" else set()
    assert trained == expected
    found = run(encoder)
    assert found.requires_grad == bool(trained)
    if trained:
        found.sum().backward()
    if not frozen:
        assert encoder.table.grad is not None
        assert encoder.table.grad.tolist() == [[2, 2], [1, 1], [1, 1]]
    if unknown == "learned":
        assert encoder.unknown_vector.grad is not None
        assert encoder.unknown_vector.grad.tolist() == [1, 1]  # padding is no unknown word


def test_many_unknown_words_are_said_once(
    vectors: WordVectors, caplog: pytest.LogCaptureFixture
) -> None:
    encoder = StaticVectors(vectors)
    encoder.encode([Sentence(("Paris", "Ada") * 50)])
    encoder.encode([Sentence(("Paris", *("Ada",) * 9) * 50)])
    assert not caplog.records
    for _ in range(2):
        encoder.encode([Sentence(("Paris", "Ada")), Sentence(("Paris", "Ada") * 150)])
    (record,) = caplog.records
    assert "151 of 302 words have no vector" in record.getMessage()


def test_word_dropout(vectors: WordVectors) -> None:
    encoder = StaticVectors(vectors, word_dropout=0.25).train()
    torch.manual_seed(0)
    words = run(encoder, [Sentence(("Ada",) * 2000)])[0]
    dropped = (words == torch.tensor(MEAN)).all(dim=1)
    assert 0.2 < dropped.float().mean() < 0.3
    assert (words[~dropped] == torch.tensor(VECTORS["Ada"])).all()
    assert (run(encoder.eval(), [Sentence(("Ada",) * 50)]) == torch.tensor(VECTORS["Ada"])).all()


def test_a_file_and_its_config(tmp_path: Path) -> None:
    path = tmp_path / "vectors.txt"
    path.write_text("ada 1 2\nAda 3 4\nlondon 5 9\n", encoding="utf-8")
    encoder = Encoder.from_params({"type": "static_vectors", "vectors": str(path)})
    assert isinstance(encoder, StaticVectors)
    assert run(encoder)[0, 0].tolist() == VECTORS["Ada"]
    with pytest.raises(ConfigurationError, match=r"does not exist; in .* there is vectors.txt"):
        Encoder.from_params({"type": "static_vectors", "vectors": str(tmp_path / "vectors.tx")})


def test_archived_without_the_file(vectors: WordVectors, tmp_path: Path) -> None:
    encoder = StaticVectors(
        vectors, frozen=False, lower_case=False, unknown="learned", word_dropout=0.1
    )
    encoder.table.data += 1
    encoder.unknown_vector.data += 2
    params = encoder.archived_params(tmp_path / "encoder")
    assert params == {
        "type": "tango_ie::static_vectors",
        "vectors": "archive://encoder",
        "frozen": False,
        "lower_case": False,
        "unknown": "learned",
        "word_dropout": 0.1,
    }
    with open_archive(tmp_path):
        again = Encoder.from_params(params)
    again.load_state_dict(encoder.state_dict())
    assert torch.equal(run(again.eval()), run(encoder.eval()))


def test_half_the_precision(vectors: WordVectors) -> None:
    found = run(StaticVectors(vectors).eval().to(torch.bfloat16))
    assert found.dtype == torch.float32 and found[0, 0].tolist() == VECTORS["Ada"]


def test_refusals(vectors: WordVectors) -> None:
    with pytest.raises(ConfigurationError, match="word_dropout: must lie in"):
        StaticVectors(vectors, word_dropout=1.5)
    with pytest.raises(ConfigurationError, match="not one vector"):
        StaticVectors(WordVectors((), np.zeros((0, 2), np.float32)))


def test_the_sample_of_glove(shared_data: Path) -> None:
    path = shared_data / "glove/glove.6B.100d.sample.txt.gz"
    encoder = Encoder.from_params({"type": "static_vectors", "vectors": str(path)}).eval()
    found = run(encoder, [Sentence(("The", "of", "qqq"))])
    assert found.shape == (1, 3, 100)
    assert found[0, 0, :2].tolist() == pytest.approx([-0.038194, -0.24487])
    assert torch.allclose(found[0, 2], encoder.table.mean(0), atol=1e-6)
