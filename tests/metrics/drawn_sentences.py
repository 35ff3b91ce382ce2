"""Gold sentences and predictions for them, drawn from the strategies of annotations; all rules."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from tango_ie.data.annotations import Annotations, Sentence
from tango_ie.metrics.entity_groups import (
    entity_length,
    nesting_depth,
    seen_in_training,
    sentence_length,
)
from tango_ie.metrics.entity_rules import BOUNDARIES, STRICT_ENTITIES
from tango_ie.metrics.groups import Buckets, by_entity, by_sentence
from tango_ie.metrics.overlap_patterns import overlap_pattern_groups, triple_number_groups
from tango_ie.metrics.relation_rules import ENDS, relation_rule
from tango_ie.metrics.rule import Rule
from tango_ie.metrics.semeval import SCHEMES, semeval_rule
from tango_ie.metrics.tag_rules import chunk_rule, tag_rule
from tests.metrics.drawn_annotations import WORDS, annotated

words = st.tuples(*[st.sampled_from("uvw")] * WORDS)
tag_names = st.sampled_from(["O", "O", "B-A", "I-A", "B-B", "I-B"])
tags = st.tuples(*[tag_names] * WORDS)
found_annotations = annotated() | st.just(Annotations())


@st.composite
def compared_sentence(draw: st.DrawFn) -> tuple[Sentence, Annotations]:
    gold, predicted = draw(found_annotations), draw(found_annotations)
    layer = {"chunk": draw(tags)}
    sentence = Sentence(draw(words), gold.entities, gold.relations, layer)
    found = draw(st.just({}) | tags.map(lambda drawn: {"chunk": drawn}))
    return sentence, Annotations(predicted.entities, predicted.relations, found)


compared_sentences = st.lists(compared_sentence(), max_size=4)


def split(
    pairs: Sequence[tuple[Sentence, Annotations]],
) -> tuple[list[Sentence], list[Annotations]]:
    return [gold for gold, _ in pairs], [predicted for _, predicted in pairs]


TRAINING = [Sentence(("u", "v"), Annotations().entities)]
ENTITY_RULES: list[Rule] = [STRICT_ENTITIES, BOUNDARIES, *map(semeval_rule, SCHEMES)]
RELATION_RULES: list[Rule] = [
    *map(relation_rule, ENDS),
    *(relation_rule(ends, symmetric=["A", "B"]) for ends in ENDS),
]
TAG_RULES: list[Rule] = [tag_rule("chunk"), tag_rule("chunk", ["O"]), chunk_rule("chunk")]
GROUPED_RULES: list[Rule] = [
    *map(by_entity, (seen_in_training(TRAINING), entity_length(), nesting_depth())),
    by_sentence(STRICT_ENTITIES, sentence_length(Buckets((3, 5)))),
    by_sentence(relation_rule(), triple_number_groups()),
    by_sentence(relation_rule("exact strings"), overlap_pattern_groups()),
]
RULES: list[Rule] = [*ENTITY_RULES, *RELATION_RULES, *TAG_RULES, *GROUPED_RULES]
