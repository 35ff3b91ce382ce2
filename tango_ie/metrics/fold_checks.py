"""Are these the folds of one cross-validation, scored alike, each sentence tested once?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Sentence
from tango_ie.data.corpus import Corpus
from tango_ie.data.predicted import predicted_split
from tango_ie.metrics.scores import Scores

_SHOWN_WORDS = 12
_HINT = "pool what one model, with one seed, scored on the folds of one corpus"


def check_folds(scores: Sequence[Scores], corpora: Sequence[Corpus]) -> None:
    """Refuse what cannot be pooled: arguments and errors are those of ``pool_folds``."""
    if len(scores) < 2:
        raise ConfigurationError(
            f"there are {len(scores)} folds; give the scores of at least two", "scores"
        )
    if len(scores) != len(corpora):
        raise ConfigurationError(
            f"there are {len(corpora)} corpora for the scores of {len(scores)} folds; give each "
            "fold's corpus, in the order of the scores",
            "corpora",
        )
    fingerprints = [corpus.fingerprint for corpus in corpora]
    for place, fingerprint in enumerate(fingerprints):
        first = fingerprints.index(fingerprint)
        if first < place:
            raise ConfigurationError(
                f"folds {first} and {place} are one and the same; give each fold once", "corpora"
            )
    for place, (item, corpus) in enumerate(zip(scores, corpora, strict=True)):
        _check_corpus(place, item, corpus)
    _check_alike(scores, corpora)
    _check_disjoint(corpora, str(scores[0].info["split"]))


def _check_corpus(place: int, scores: Scores, corpus: Corpus) -> None:
    try:
        split = predicted_split(corpus, scores.info)
    except DataError as error:
        raise DataError(f"fold {place}: {error}") from error
    if scores.num_sentences != len(corpus[split]):
        raise DataError(
            f"fold {place}: the scores are of {scores.num_sentences} sentences, but split "
            f"{split!r} has {len(corpus[split])}"
        )


def _check_alike(scores: Sequence[Scores], corpora: Sequence[Corpus]) -> None:
    _compare("splits", [item.info["split"] for item in scores])
    _compare("seeds", [item.info.get("archive", {}).get("seed") for item in scores])
    _compare("main rules", [f"{item.name}: {item.rule}" for item in scores])
    _compare("entity types", [", ".join(corpus.schema.entity_types) for corpus in corpora])
    _compare("relation types", [", ".join(corpus.schema.relation_types) for corpus in corpora])
    rules = [{table.name for table in item.tables} for item in scores]
    for place, names in enumerate(rules):
        if names != rules[0]:
            shown = ", ".join(sorted(names ^ rules[0]))
            raise DataError(
                f"of folds 0 and {place} only one was counted by these rules: {shown}; {_HINT}"
            )


def _compare(what: str, values: Sequence[object]) -> None:
    for place, value in enumerate(values):
        if value != values[0]:
            raise DataError(
                f"scores over different {what} cannot be pooled (fold 0: {values[0]}; "
                f"fold {place}: {value}); {_HINT}"
            )


def _check_disjoint(corpora: Sequence[Corpus], split: str) -> None:
    """Each sentence is tested once.

    A corpus may hold a sentence several times. Then it may be tested as often, unless its place in
    the source, which all folds must have in common, says that it is the same one.
    """
    origins = [{**corpus.origin, "operations": None} for corpus in corpora]
    placed = all(origin == origins[0] for origin in origins) and bool(origins[0])
    name: Callable[[Sentence], Hashable] = _with_place if placed else _words
    copies: Counter[Hashable] = Counter()
    for corpus in corpora:
        copies |= Counter(name(item) for part in corpus.splits.values() for item in part)
    tested: Counter[Hashable] = Counter()
    for place, corpus in enumerate(corpora):
        tests = list(corpus[split])
        tested.update(map(name, tests))
        again = [item for item in tests if tested[name(item)] > copies[name(item)]]
        if again:
            first = _first_with(name(again[0]), corpora, split, name)
            raise DataError(
                f"fold {place} tests {len(again)} of its {len(tests)} sentences again that an "
                f"earlier fold has tested, the first in fold {first}: {_shown(again[0].words)}; "
                "the folds of one cross-validation have no test sentence in common (make_fold with "
                "equal settings but `fold`)"
            )


def _with_place(sentence: Sentence) -> Hashable:
    return sentence.doc_id, sentence.position, sentence.words


def _words(sentence: Sentence) -> Hashable:
    return sentence.words


def _first_with(
    wanted: Hashable, corpora: Sequence[Corpus], split: str, name: Callable[[Sentence], Hashable]
) -> int:
    return next(
        place
        for place, corpus in enumerate(corpora)
        if any(name(item) == wanted for item in corpus[split])
    )


def _shown(words: Iterable[str]) -> str:
    listed = list(words)
    more = " …" if len(listed) > _SHOWN_WORDS else ""
    return " ".join(listed[:_SHOWN_WORDS]) + more
