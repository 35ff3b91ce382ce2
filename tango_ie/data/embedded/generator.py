"""Writes the embedded corpus; the same seed gives the same bytes on every version of Python.

``python -m tango_ie.data.embedded.generator --check`` compares the shipped files with what the
generator makes, ``--write`` writes them anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import click

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Sentence
from tango_ie.data.embedded import files
from tango_ie.data.embedded.cast import Cast
from tango_ie.data.embedded.draws import Draws
from tango_ie.data.embedded.gazetteers import SOURCES, Gazetteer
from tango_ie.data.embedded.realisation import realise
from tango_ie.data.embedded.templates import Template, needed_before, read_templates, refers_back
from tango_ie.data.records import to_json_line

SIZES = {
    "news": {"train": 1200, "dev": 200, "test": 300},
    "field": {"train": 100, "dev": 100, "test": 200},
}
SEED = "1"
_SENTENCES_PER_DOCUMENT = (3, 8)
_GENERAL = "any"  # the story whose sentences fit into every document
_GENERAL_SHARE = 0.3
_ATTEMPTS = 20  # to say something that has not been said before


@dataclass(frozen=True)
class Made:
    """A sentence and the template that it was made from."""

    sentence: Sentence
    template: str


def generate(domain: str) -> dict[str, list[Made]]:
    """Make all splits of ``domain``; no name of a later split occurs in an earlier one.

    Months that stand alone are the exception: there are only twelve.
    """
    splits: dict[str, list[Made]] = {}
    forbidden: set[str] = set()
    texts: set[str] = set()
    for split, size in SIZES[domain].items():
        splits[split] = list(_documents(domain, split, size, forbidden, texts))
        forbidden |= entity_texts(made.sentence for made in splits[split])
    return splits


def entity_texts(sentences: Iterable[Sentence]) -> set[str]:
    """The lower-case text of every entity."""
    return {
        " ".join(sentence.words[entity.start : entity.end]).lower()
        for sentence in sentences
        for entity in sentence.entities
    }


class _Stories:
    """Deals stories, and templates within a story, so that all are used about equally often."""

    def __init__(self, templates: Sequence[Template], draws: Draws) -> None:
        self._templates = templates
        self._draws = draws
        self._deck: list[str] = []
        self._uses = {template.identifier: 0 for template in templates}

    def next_story(self) -> str:
        if not self._deck:
            names = dict.fromkeys(t.story for t in self._templates if t.story != _GENERAL)
            self._deck = self._draws.shuffled(list(names))
        return self._deck.pop()

    def ordered(self, story: str, leads: bool) -> list[Template]:
        """Templates of one kind, the least used first, otherwise in random order."""
        fitting = [t for t in self._templates if t.story == story and t.leads == leads]
        shuffled = self._draws.shuffled(fitting)
        return sorted(shuffled, key=lambda template: self._uses[template.identifier])

    def count(self, template: Template) -> None:
        self._uses[template.identifier] += 1


def _documents(
    domain: str, split: str, size: int, forbidden: set[str], texts: set[str]
) -> Iterator[Made]:
    draws = Draws(f"{domain}/{split}/{SEED}")
    gazetteer = Gazetteer.read(domain, split)
    decks = [_Stories(templates, draws) for templates in _template_sets(domain, split)]
    for number, length in enumerate(_lengths(size, draws), start=1):
        deck = decks[number % len(decks)]
        cast = Cast(gazetteer, draws, forbidden)
        document = _document(deck, length, gazetteer, cast, draws, texts)
        for position, made in enumerate(document):
            name = f"{domain}-{split}-{number:03d}"
            yield replace(made, sentence=replace(made.sentence, doc_id=name, position=position))


def _template_sets(domain: str, split: str) -> list[list[Template]]:
    names = [split, "train"] if split == "dev" else [split]
    return [read_templates(SOURCES / f"{domain}_{name}.txt") for name in names]


def _lengths(size: int, draws: Draws) -> list[int]:
    """Document lengths that add up to ``size``."""
    shortest, longest = _SENTENCES_PER_DOCUMENT
    lengths: list[int] = []
    rest = size
    while rest > longest + shortest:
        lengths.append(draws.integer(shortest, longest))
        rest -= lengths[-1]
    return [*lengths, rest] if rest <= longest else [*lengths, rest - shortest, shortest]


def _document(
    deck: _Stories, length: int, gazetteer: Gazetteer, cast: Cast, draws: Draws, texts: set[str]
) -> Iterator[Made]:
    story = deck.next_story()
    pending = {
        True: deck.ordered(story, leads=False),
        False: deck.ordered(_GENERAL, leads=False),
    }
    leads = deck.ordered(story, leads=True)
    for position in range(length):
        own = draws.chance(1 - _GENERAL_SHARE)
        queues = [pending[own], pending[not own]] if position else [leads]
        while True:
            template = _first_fitting(queues, cast)
            sentence = _unheard(template, gazetteer, cast, draws, texts)
            if sentence is not None:
                break
        deck.count(template)
        texts.add(sentence.text or "")
        yield Made(sentence, template.identifier)


def _unheard(
    template: Template, gazetteer: Gazetteer, cast: Cast, draws: Draws, texts: set[str]
) -> Sentence | None:
    """A sentence that has not been said before, unless it holds no names anyway."""
    cast.begin_sentence()
    for _ in range(_ATTEMPTS):
        sentence = realise(template, gazetteer, cast, draws)
        if sentence.text not in texts or not sentence.entities:
            return sentence
    return None


def _first_fitting(queues: Sequence[list[Template]], cast: Cast) -> Template:
    for queue in queues:
        for index, template in enumerate(queue):
            known = cast.knows(needed_before(template.nodes))
            if known and (cast.can_refer_back() or not refers_back(template.nodes)):
                return queue.pop(index)
    raise DataError("a story has too few templates")


@click.command()
@click.option("--write", is_flag=True, help="Write the files anew.")
@click.option("--check", is_flag=True, help="Compare the files with what would be written.")
def main(write: bool, check: bool) -> None:
    """Make the embedded corpus."""
    if not (write or check):
        raise click.UsageError("say --write or --check")
    for domain in SIZES:
        for split, made in generate(domain).items():
            path = files(domain)[split]
            content = "".join(to_json_line(one.sentence) + "\n" for one in made)
            if write:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(content, encoding="utf-8", newline="\n")
            elif not path.exists() or path.read_text(encoding="utf-8") != content:
                raise DataError("differs from what the generator makes; run it with --write", path)
            click.echo(f"{domain}/{split}: {len(made)} sentences")


if __name__ == "__main__":
    main()
