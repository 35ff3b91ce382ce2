"""Steps whose results are made beforehand, to feed the steps under test."""

from __future__ import annotations

from tango_ie.core import InputFile, Step
from tango_ie.data.corpus import Corpus, CorpusFormat
from tango_ie.inference import Archive, ArchiveFormat, Predictions, PredictionsFormat
from tango_ie.metrics import Scores, ScoresFormat


@Step.register("tests::given_corpus")
class GivenCorpus(Step):
    """A saved corpus."""

    FORMAT = CorpusFormat()

    def run(self, folder: InputFile) -> Corpus:  # type: ignore[override]
        return Corpus.load(folder)


@Step.register("tests::given_archive")
class GivenArchive(Step):
    """A saved archive."""

    FORMAT = ArchiveFormat()

    def run(self, folder: InputFile) -> Archive:  # type: ignore[override]
        return Archive(folder)


@Step.register("tests::given_predictions")
class GivenPredictions(Step):
    """Saved predictions."""

    FORMAT = PredictionsFormat()

    def run(self, folder: InputFile) -> Predictions:  # type: ignore[override]
        return PredictionsFormat().read(folder)


@Step.register("tests::given_scores")
class GivenScores(Step):
    """Saved scores."""

    FORMAT = ScoresFormat()

    def run(self, folder: InputFile) -> Scores:  # type: ignore[override]
        return ScoresFormat().read(folder)
