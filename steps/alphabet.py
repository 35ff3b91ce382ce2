"""Step: the characters of a corpus."""

from __future__ import annotations

from tango.format import JsonFormat

from tango_ie.core import Step
from tango_ie.data.alphabet import alphabet
from tango_ie.data.corpus import Corpus


@Step.register("tango_ie::alphabet")
class Alphabet(Step):
    """Find the characters of the training data, for the ``alphabet`` of a character encoder.

    Args:
        corpus: one or several.
        split: the split that is looked at.
        at_least: leave out characters that occur less often; a model then sees unknown ones in
            training, too.

    Raises:
        ConfigurationError: a split that is not there, or no character is left.
    """

    VERSION = "001"
    FORMAT = JsonFormat()

    def run(  # type: ignore[override]
        self, corpus: Corpus | list[Corpus], split: str = "train", at_least: int = 1
    ) -> str:
        corpora = corpus if isinstance(corpus, list) else [corpus]
        return alphabet(corpora, split, at_least)
