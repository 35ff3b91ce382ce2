"""Step: the vectors of a corpus' words."""

from __future__ import annotations

from tango_ie.core import InputFile, Step
from tango_ie.data.corpus import Corpus
from tango_ie.data.word_vectors import WordVectors, WordVectorsFormat, select_vectors


@Step.register("tango_ie::select_vectors")
class SelectVectors(Step):
    """Take the vectors of the words of corpora from a large file, in one pass.

    The result is small, and is used by naming this step as the ``vectors`` of an encoder. Words are
    looked for as they stand and in lower case. By default they are those of all splits: vectors
    that are not trained say nothing about the annotations of dev and test, and a model in use has
    the whole file at hand, too. Words of other texts have no vector unless ``also_first`` keeps it.

    Args:
        file: text in the form of GloVe, word2vec or fastText; plain or compressed with gzip.
        corpus: one or several.
        splits: those whose words are wanted; ``null`` is all.
        also_first: keep so many of the first rows of the file as well, for other texts.
        strict: a row that cannot be read is an error instead of counted and shown.

    Raises:
        DataError: no such file, or none of the words is in it.
        ConfigurationError: a split that is not there.
    """

    VERSION = "001"
    FORMAT = WordVectorsFormat()

    def run(  # type: ignore[override]
        self,
        file: InputFile,
        corpus: Corpus | list[Corpus],
        splits: list[str] | None = None,
        also_first: int = 0,
        strict: bool = False,
    ) -> WordVectors:
        corpora = corpus if isinstance(corpus, list) else [corpus]
        return select_vectors(file.resolve(), corpora, splits, also_first, strict)
