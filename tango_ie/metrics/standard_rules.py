"""The rules by which a model is looked at, by what it predicts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Sentence
from tango_ie.data.schemes import OUTSIDE, tags_to_entities
from tango_ie.metrics.entity_groups import (
    TRAINING,
    entity_length,
    nesting_depth,
    seen_with_and_without_type,
    sentence_length,
)
from tango_ie.metrics.entity_rules import BOUNDARIES, STRICT_ENTITIES
from tango_ie.metrics.groups import by_entity, by_sentence
from tango_ie.metrics.overlap_patterns import overlap_pattern_groups, triple_number_groups
from tango_ie.metrics.relation_rules import Ends, relation_rule
from tango_ie.metrics.rule import Rule
from tango_ie.metrics.semeval import SCHEMES, semeval_rule
from tango_ie.metrics.tag_rules import chunk_rule, tag_rule


def standard_entity_rules(
    training: Iterable[Sentence] | None = None, where: str = TRAINING
) -> tuple[Rule, ...]:
    """Strict first, then the looser ones, then the strict one broken down.

    SemEval's own strict scheme is not among them: its counts are those of the strict rule.

    Args:
        training: what the model was trained on, where entities seen in it are to be told apart;
            read once.
        where: what ``training`` is called in the rules' sentences.

    >>> [rule.name for rule in standard_entity_rules()][:3]
    ['strict', 'boundaries', 'SemEval exact']
    """
    groups = [entity_length(), nesting_depth()]
    if training is not None:
        groups = [*seen_with_and_without_type(training, where), *groups]
    return (
        STRICT_ENTITIES,
        BOUNDARIES,
        *(semeval_rule(scheme) for scheme in SCHEMES if scheme != "strict"),
        *map(by_entity, groups),
        by_sentence(STRICT_ENTITIES, sentence_length()),
    )


def standard_relation_rules(
    symmetric: Collection[str] = (), main: Ends = "strict"
) -> tuple[Rule, ...]:
    """The main rule first, then the others, then the main one broken down.

    Args:
        symmetric: labels without a direction.
        main: what is looked at of head and tail; ``exact strings`` for corpora without boundaries.

    >>> standard_relation_rules()[-1].name
    'relations strict by number of relations'
    """
    first = relation_rule(main, symmetric)
    others: tuple[Ends, ...] = ("strict", "boundaries", "first word", "last word", "exact strings")
    return (
        first,
        *(relation_rule(ends, symmetric) for ends in others if ends != main),
        by_sentence(first, overlap_pattern_groups()),
        by_sentence(first, triple_number_groups()),
    )


def standard_tag_rules(layers: Mapping[str, Iterable[str]]) -> tuple[Rule, ...]:
    """Each layer by its tags, and those of chunks by their chunks too.

    Args:
        layers: the tags of each, such as the ``tag_layers`` of a schema.

    >>> [rule.name for rule in standard_tag_rules({"pos": ["NN"], "chunk": ["O", "B-NP"]})]
    ['pos tags', 'chunk tags', 'chunk chunks']
    """
    rules: list[Rule] = []
    for layer, tags in layers.items():
        rules.append(tag_rule(layer))
        if _are_chunks([*tags]):
            rules.append(chunk_rule(layer))
    return tuple(rules)


def _are_chunks(tags: list[str]) -> bool:
    try:
        return OUTSIDE in tags and bool(tags_to_entities(tags, "bioes"))
    except DataError:
        return False
