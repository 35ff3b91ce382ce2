"""Step: what a trained model finds in a split of a corpus."""

from __future__ import annotations

import time
from typing import Literal

from tango.common import Tqdm

from tango_ie.core import Step
from tango_ie.data.corpus import Corpus
from tango_ie.inference import Archive, Predictions, PredictionsFormat, Predictor
from tango_ie.inference.kept_features import read_kept_features
from tango_ie.models import Model
from tango_ie.modules.encoders import EncodedCorpus
from tango_ie.training.read_history import training_curves


@Step.register("tango_ie::predict")
class Predict(Step):
    """Predict for every sentence of a split; its gold is not looked at.

    Args:
        archive: the trained model.
        corpus: what to predict on.
        split: which part of it.
        device: ``auto`` (a GPU where there is one), ``cpu``, ``cuda``, ``cuda:1`` …
        precision: ``bf16`` halves the encoder's weights; ``auto`` does so on GPUs that can.
        token_budget: sub-words of a batch, padding counted; changes speed, not results.
        features: the ``encode_corpus`` step that the model was trained on. Its frozen encoder then
            only runs for sentences that are not kept there; scores are the same but for their last
            bits, or as exact as what was kept is. The speed of prediction is not told then.

    Raises:
        ConfigurationError: a split or a device that is not there, or features of another encoder.
    """

    VERSION = "001"
    FORMAT = PredictionsFormat()
    SKIP_ID_ARGUMENTS = {"device", "token_budget"}

    def run(  # type: ignore[override]
        self,
        archive: Archive,
        corpus: Corpus,
        split: str = "test",
        device: str = "auto",
        precision: Literal["auto", "float32", "bf16"] = "auto",
        token_budget: int | None = None,
        features: EncodedCorpus | None = None,
    ) -> Predictions:
        sentences = corpus[split].sentences()
        model: Archive | Model = archive
        if features is not None:
            model = archive.load()
            read_kept_features(model, features)
        predictor = Predictor(model, device, precision, token_budget)
        with Tqdm.tqdm(total=len(sentences), desc=f"predict {split}", unit=" sentences") as bar:
            start = time.perf_counter()
            annotations = predictor.predict_sentences(sentences, on_progress=bar.update)
            seconds = time.perf_counter() - start
        info = {
            "archive": archive.info,
            "history": training_curves(archive.folder, archive.info.get("best_metric")),
            "entity_types": list(archive.schema.entity_types),
            "relation_types": list(predictor.model.relation_types),
            "unrepresentable": predictor.model.unrepresentable(sentences),
            "split": split,
            "corpus_fingerprint": corpus.fingerprint,
            "seconds": seconds,
            "sentences": len(sentences),
            # Without the encoder it would not be the speed that anybody else will see.
            "sentences_per_second": len(sentences) / seconds if features is None else None,
            **({} if features is None else {"kept_features": True}),
            "device": predictor.device.type,
            "precision": predictor.precision,
        }
        return Predictions(annotations, info)
