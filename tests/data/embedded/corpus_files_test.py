"""The embedded corpus is what it is said to be: sizes, annotations, and no way to memorise it."""

from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Iterable, Iterator

import pytest
from click.testing import CliRunner

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.annotations import Entity, Sentence
from tango_ie.data.embedded import DOMAINS, SPLITS, files, label_names, load_embedded
from tango_ie.data.embedded.generator import SIZES, Made, entity_texts, generate, main
from tango_ie.data.records import to_json_line
from tango_ie.data.schema import Schema

MONTHS = frozenset(month.lower() for month in calendar.month_name if month)

Corpus = dict[str, list[Sentence]]


@pytest.fixture(scope="module", params=DOMAINS)
def domain(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def corpus(domain: str) -> Corpus:
    return load_embedded(domain)


@pytest.fixture(scope="module")
def generated(domain: str) -> dict[str, list[Made]]:
    return generate(domain)


def test_sizes(domain: str, corpus: Corpus) -> None:
    assert {split: len(sentences) for split, sentences in corpus.items()} == SIZES[domain]


def test_files_are_what_the_generator_makes(domain: str, generated: dict[str, list[Made]]) -> None:
    for split, path in files(domain).items():
        made = "".join(to_json_line(one.sentence) + "\n" for one in generated[split])
        assert path.read_bytes().decode("utf-8") == made, f"run the generator: {path}"


def test_no_sentence_occurs_twice(corpus: Corpus) -> None:
    with_entities = [s.text for split in corpus.values() for s in split if s.entities]
    assert len(with_entities) == len(set(with_entities))


def test_test_names_do_not_occur_in_training(corpus: Corpus) -> None:
    train, dev, test = (entity_texts(corpus[split]) for split in SPLITS)
    assert (train | dev) & test <= MONTHS
    assert train & dev <= MONTHS


def test_test_templates_do_not_occur_in_training(generated: dict[str, list[Made]]) -> None:
    templates = {split: {made.template for made in generated[split]} for split in SPLITS}
    assert not (templates["train"] | templates["dev"]) & templates["test"]
    assert templates["dev"] - templates["train"] and templates["dev"] & templates["train"]


def test_relations_are_between_new_names(corpus: Corpus) -> None:
    seen = set(_triples(corpus["train"]))
    assert not seen & set(_triples(corpus["test"]))


def test_documents_have_three_to_eight_sentences(corpus: Corpus) -> None:
    for sentences in corpus.values():
        lengths = Counter(sentence.doc_id for sentence in sentences)
        assert set(lengths.values()) <= set(range(3, 9))
        positions: dict[str | None, list[int | None]] = {}
        for sentence in sentences:
            positions.setdefault(sentence.doc_id, []).append(sentence.position)
        assert all(places == list(range(len(places))) for places in positions.values())


def test_offsets_give_back_the_words(corpus: Corpus) -> None:
    for sentence in _all(corpus):
        assert sentence.text is not None and sentence.offsets is not None
        assert [sentence.text[s:e] for s, e in sentence.offsets] == list(sentence.words)
        assert "  " not in sentence.text and not sentence.text.startswith(" ")


def test_every_word_has_a_part_of_speech(corpus: Corpus) -> None:
    tags = {tag for sentence in _all(corpus) for tag in sentence.tags["pos"]}
    assert tags >= {"NOUN", "PROPN", "VERB", "AUX", "ADJ", "ADV", "ADP", "DET", "PRON", "PUNCT"}
    assert all(tag.isupper() for tag in tags)


def test_names_are_proper_nouns_or_numbers_in_the_news() -> None:
    for sentence in _all(load_embedded("news")):
        for entity in sentence.entities:
            tags = sentence.tags["pos"][entity.start : entity.end]
            assert {"PROPN", "NUM"} & set(tags), sentence.text


def test_entities_are_distinct_and_nest_without_crossing(corpus: Corpus) -> None:
    for sentence in _all(corpus):
        spans = sentence.entities
        assert len(set(spans)) == len(spans)
        assert not any(_cross(a, b) for a in spans for b in spans), sentence.text


def test_share_of_nested_entities(corpus: Corpus) -> None:
    for split, sentences in corpus.items():
        inner = sum(_is_inner(e, s.entities) for s in sentences for e in s.entities)
        share = inner / sum(len(s.entities) for s in sentences)
        assert 0.05 <= share <= 0.20, split


def test_every_label_occurs_in_every_split(domain: str, corpus: Corpus) -> None:
    expected = Schema.from_sentences(_all(corpus))
    for sentences in corpus.values():
        schema = Schema.from_sentences(sentences)
        assert schema.entity_types == expected.entity_types
        assert schema.relation_types == expected.relation_types
    assert set(label_names(domain)) == {*expected.entity_types, *expected.relation_types}


def test_relations_link_the_right_types() -> None:
    allowed = {
        "works_for": {("PER", "ORG")},
        "founded": {("PER", "ORG")},
        "lives_in": {("PER", "LOC")},
        "born_in": {("PER", "LOC")},
        "acquired": {("ORG", "ORG")},
        "located_in": {("ORG", "LOC"), ("LOC", "LOC"), ("EVENT", "LOC")},
        "created": {("PER", "WORK"), ("ORG", "WORK")},
    }
    for sentence in _all(load_embedded("news")):
        for relation in sentence.relations:
            ends = sentence.entities[relation.head], sentence.entities[relation.tail]
            assert (ends[0].label, ends[1].label) in allowed[relation.label], sentence.text


def test_relations_overlap_in_both_ways() -> None:
    for split, sentences in load_embedded("news").items():
        pairs = [[(r.head, r.tail) for r in s.relations] for s in sentences]
        assert sum(len(set(p)) < len(p) for p in pairs) >= 2, f"entity pair overlap in {split}"
        single = sum(_shares_an_entity(set(p)) for p in pairs)
        assert single >= 10, f"single entity overlap in {split}"
        assert sum(not s.relations and len(s.entities) > 1 for s in sentences) >= 20


def test_domains_share_people_places_and_a_relation() -> None:
    news, field = (Schema.from_sentences(_all(load_embedded(domain))) for domain in DOMAINS)
    assert set(news.entity_types) & set(field.entity_types) == {"PER", "LOC"}
    assert set(news.relation_types) & set(field.relation_types) == {"located_in"}


def test_names_of_one_domain_test_set_are_new_to_the_other() -> None:
    train = entity_texts(load_embedded("news")["train"])
    assert entity_texts(load_embedded("field")["test"]).isdisjoint(train)


def test_later_sentences_need_the_earlier_ones() -> None:
    """The same name is a person here and a place or company there."""
    for split in ("train", "test"):
        labels: dict[str, set[str]] = {}
        for sentence in load_embedded("news")[split]:
            for entity in sentence.entities:
                text = " ".join(sentence.words[entity.start : entity.end])
                labels.setdefault(text, set()).add(entity.label)
        assert sum(len(kinds) > 1 for kinds in labels.values()) >= 4, split


def test_memorising_names_does_not_help(corpus: Corpus) -> None:
    known = _gazetteer(corpus["train"])
    assert _lookup_f1(known, corpus["train"]) > 0.8
    assert _lookup_f1(known, corpus["dev"]) < 0.10
    assert _lookup_f1(known, corpus["test"]) < 0.10


def test_capitals_do_not_give_names_away() -> None:
    """Words with a capital, sentence starts left out, that are in no entity; and the reverse."""
    outside = small = 0
    for sentence in load_embedded("news")["test"]:
        covered = {i for e in sentence.entities for i in range(e.start, e.end)}
        for index, word in enumerate(sentence.words[1:], start=1):
            outside += word[0].isupper() and index not in covered
        small += any(sentence.words[e.start].islower() for e in sentence.entities)
    assert outside >= 25 and small >= 10


def test_unknown_domain_is_named() -> None:
    with pytest.raises(ConfigurationError, match="no domain 'sports'"):
        files("sports")


def test_check_command() -> None:
    result = CliRunner().invoke(main, ["--check"])
    assert result.exit_code == 0, result.output
    assert CliRunner().invoke(main, []).exit_code == 2


def _all(corpus: Corpus) -> Iterator[Sentence]:
    for sentences in corpus.values():
        yield from sentences


def _triples(sentences: Iterable[Sentence]) -> Iterator[tuple[str, str, str]]:
    for sentence in sentences:
        texts = [" ".join(sentence.words[e.start : e.end]) for e in sentence.entities]
        for relation in sentence.relations:
            yield texts[relation.head], relation.label, texts[relation.tail]


def _cross(a: Entity, b: Entity) -> bool:
    return a.start < b.start < a.end < b.end


def _is_inner(entity: Entity, others: Iterable[Entity]) -> bool:
    return any(
        other != entity and other.start <= entity.start and entity.end <= other.end
        for other in others
    )


def _shares_an_entity(pairs: set[tuple[int, int]]) -> bool:
    return any(count > 1 for count in Counter(end for pair in pairs for end in pair).values())


def _gazetteer(sentences: Iterable[Sentence]) -> dict[tuple[str, ...], str]:
    """The most frequent label of each entity text."""
    counts: dict[tuple[str, ...], Counter[str]] = {}
    for sentence in sentences:
        for entity in sentence.entities:
            words = tuple(w.lower() for w in sentence.words[entity.start : entity.end])
            counts.setdefault(words, Counter())[entity.label] += 1
    return {words: labels.most_common(1)[0][0] for words, labels in counts.items()}


def _lookup_f1(known: dict[tuple[str, ...], str], sentences: Iterable[Sentence]) -> float:
    """F1 of labelling the longest known names from left to right."""
    right = found = gold = 0
    longest = max(map(len, known))
    for sentence in sentences:
        words = tuple(word.lower() for word in sentence.words)
        predicted: set[Entity] = set()
        start = 0
        while start < len(words):
            sizes = range(min(longest, len(words) - start), 0, -1)
            size = next((n for n in sizes if words[start : start + n] in known), 0)
            if size:
                label = known[words[start : start + size]]
                predicted.add(Entity(label, start, start + size))
            start += size or 1
        right += len(predicted & set(sentence.entities))
        found += len(predicted)
        gold += len(sentence.entities)
    return 2 * right / (found + gold)
