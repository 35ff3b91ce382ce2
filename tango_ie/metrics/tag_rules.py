"""Layers of word tags: each tag by itself, or as chunks, which are read as conlleval reads them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from functools import partial

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Annotations, Sentence
from tango_ie.data.schemes import TagScheme, tags_to_entities
from tango_ie.metrics.counts import Counts
from tango_ie.metrics.entity_rules import count_strict
from tango_ie.metrics.rule import Rule


def count_tags(
    gold: Sequence[str], predicted: Sequence[str], left_out: Collection[str] = ()
) -> dict[str, Counts]:
    """Counts per tag of one sentence; over all tags the recall is the accuracy.

    Args:
        gold: one tag per word.
        predicted: one tag per word, or none at all where the model gives none.
        left_out: tags that are no items, such as ``O``.

    >>> count_tags(["DT", "NN"], ["DT", "VB"])["NN"]
    Counts(tp=0, fp=0, fn=1)
    """
    given_tags: Sequence[str | None] = predicted or [None] * len(gold)
    pairs = Counter(zip(gold, given_tags, strict=True))
    found: Counter[str] = Counter()
    invented: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for (wanted, given), number in pairs.items():
        if given == wanted:
            found[wanted] += number
        else:
            missed[wanted] += number
            if given is not None:
                invented[given] += number
    tags = sorted({*found, *invented, *missed} - {*left_out})
    return {tag: Counts(found[tag], invented[tag], missed[tag]) for tag in tags}


def count_chunks(
    gold: Sequence[str],
    predicted: Sequence[str],
    scheme: TagScheme = "bioes",
    bare_label: str | None = None,
) -> dict[str, Counts]:
    """Counts per type of one sentence, for tag sequences that need not be well formed.

    Nothing is thrown away: a chunk begins at every ``B`` (or ``S``), where the type changes, and at
    an ``I`` (or ``E``) with nothing before it to continue. On ``B``, ``I`` and ``O`` that is how
    conlleval (Tjong Kim Sang 2002) reads; ``E`` and ``S`` end chunks, as in seqeval's default mode.
    conlleval itself takes ``E`` for the mark of IOE files and therefore lets a ``B`` of the same
    type continue the chunk that an ``E`` has ended, which we do not.

    Args:
        gold: one tag per word.
        predicted: one tag per word, or none at all where the model gives none.
        scheme: ``bioes`` reads IOB1 and IOB2 as well; ``bilou`` where ``L`` and ``U`` are meant.
        bare_label: type of the tags that carry none.

    Raises:
        DataError: a tag that the scheme does not know.

    >>> count_chunks(["B-NP", "I-NP", "O"], ["I-NP", "I-NP", "I-VP"])
    {'NP': Counts(tp=1, fp=0, fn=0), 'VP': Counts(tp=0, fp=1, fn=0)}
    """
    return count_strict(
        tags_to_entities(gold, scheme, bare_label=bare_label),
        tags_to_entities(predicted, scheme, bare_label=bare_label),
    )


def tag_rule(layer: str, left_out: Collection[str] = ()) -> Rule:
    """The rule for the tags of a layer, such as ``pos``.

    Args:
        layer: a key of ``tags``.
        left_out: tags that are no items.
    """
    excepted = f" (except {', '.join(sorted(left_out))})" if left_out else ""
    return Rule(
        f"{layer} tags",
        f"a word of layer {layer!r}{excepted} counts as found when its tag equals gold's; "
        "micro recall is the accuracy",
        lambda gold, predicted: count_tags(*_layers(gold, predicted, layer), left_out),
        things="tags",
    )


def chunk_rule(
    layer: str, scheme: TagScheme = "bioes", bare_label: str | None = None, name: str = ""
) -> Rule:
    """The rule for the chunks (or entities) that the tags of a layer spell, such as ``chunk``.

    Args:
        layer: a key of ``tags``.
        scheme: see :func:`count_chunks`.
        bare_label: type of the tags that carry none.
        name: of the rule; ``<layer> chunks`` if not given.
    """
    count = partial(count_chunks, scheme=scheme, bare_label=bare_label)
    return Rule(
        name or f"{layer} chunks",
        f"a chunk of layer {layer!r} counts as found when its type and both its boundaries equal "
        "gold's, where tags that break their scheme are read as conlleval reads them: a chunk "
        "begins wherever the type changes or there is nothing to continue",
        lambda gold, predicted: count(*_layers(gold, predicted, layer)),
        things="tags",
    )


def _layers(
    gold: Sentence, predicted: Annotations, layer: str
) -> tuple[Sequence[str], Sequence[str]]:
    """Gold's tags and the predicted ones; no tags where the layer was not predicted.

    Raises:
        DataError: gold has no such layer, or there are more or fewer tags than words.
    """
    if layer not in gold.tags:
        has = ", ".join(sorted(gold.tags)) or "none"
        raise DataError(
            f"a gold sentence has no layer {layer!r} (it has: {has}); name a layer of the corpus"
        )
    wanted, given = gold.tags[layer], predicted.tags.get(layer, ())
    if given and len(given) != len(wanted):
        raise DataError(
            f"{len(given)} tags of layer {layer!r} were predicted for {len(wanted)} words"
        )
    return wanted, given
