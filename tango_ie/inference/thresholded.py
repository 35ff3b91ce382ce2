"""Archived models that keep their thresholds.

The thresholds lie in the archive's config, around the model's own: whatever loads the archive gets
a model that applies them, and a version of this package that does not know them refuses to load it.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch

from tango_ie.core.config import Lazy
from tango_ie.core.errors import ConfigurationError
from tango_ie.core.linking import link_shared
from tango_ie.data.annotations import Annotations, Sentence
from tango_ie.data.schema import Schema
from tango_ie.inference.archive import Archive
from tango_ie.inference.thresholds import AnnotationThresholds
from tango_ie.metrics.thresholds import Thresholds
from tango_ie.models.base import Model
from tango_ie.modules.encoders import open_archive

_NAME = "tango_ie::thresholded"
_ADVICE = (
    "a model with thresholds only predicts: they would not fit what it learns; begin from the "
    "archive that they were found for"
)


@Model.register(_NAME)
class ThresholdedModel(Model):
    """A trained model of which only what is confident enough is kept.

    Args:
        schema: the labels that the model knows.
        model: the model's own config.
        entities: thresholds for entities; all are kept where there are none.
        relations: the same for relations.
    """

    def __init__(
        self,
        schema: Schema,
        model: Lazy[Model],
        entities: Thresholds | None = None,
        relations: Thresholds | None = None,
    ) -> None:
        super().__init__(schema)
        self.model = model.construct(schema=schema)
        self.thresholds = AnnotationThresholds(entities, relations)
        self.eval()

    @property
    def relation_types(self) -> tuple[str, ...]:
        """Those that the model predicts; none if it predicts no relations."""
        return self.model.relation_types

    def encode(self, sentences: Sequence[Sentence], with_gold: bool = True) -> list[Any]:
        """See :meth:`Model.encode`."""
        return self.model.encode(sentences, with_gold)

    def collate(self, features: Sequence[Any]) -> Any:
        """See :meth:`Model.collate`."""
        return self.model.collate(features)

    def forward(self, batch: Any) -> Any:
        """See :meth:`Model.forward`."""
        return self.model(batch)

    def decode(self, batch: Any, output: Any) -> list[Annotations]:
        """See :meth:`Model.decode`."""
        return [self.thresholds.apply(found) for found in self.model.decode(batch, output)]

    def adapt(self, schema: Schema) -> None:
        """Refused: thresholds belong to the model as it is."""
        raise ConfigurationError(_ADVICE)

    def train(self, mode: bool = True) -> ThresholdedModel:
        """Refused, except for ``train(False)``."""
        if mode:
            raise ConfigurationError(_ADVICE)
        super().train(mode)
        return self

    def unrepresentable(self, sentences: Sequence[Sentence]) -> dict[str, int]:
        """See :meth:`Model.unrepresentable`."""
        return self.model.unrepresentable(sentences)


def has_thresholds(archive: Archive) -> bool:
    """Whether a model was archived with thresholds."""
    return archive.params.get("type") == _NAME


def save_with_thresholds(
    archive: Archive, thresholds: AnnotationThresholds, folder: Path, made_from: Mapping[str, Any]
) -> Archive:
    """Write the archive's model once more, with thresholds.

    Args:
        archive: of a model without thresholds.
        thresholds: what is kept of its predictions.
        folder: new or empty.
        made_from: how the thresholds were found; goes into the archive's ``made_from``.

    Raises:
        ConfigurationError: the archive has thresholds already.
    """
    check_without_thresholds(archive)
    params = {"type": _NAME, "model": archive.params, **thresholds.to_json()}
    # The encoders' folders, which Archive.save does not find inside the model.
    shutil.copytree(archive.folder, folder, dirs_exist_ok=True, copy_function=link_shared)
    with open_archive(archive.folder), torch.random.fork_rng(devices=[]):
        whole = Model.from_params(params, schema=archive.schema)
    whole.model = archive.load()
    known = archive.info.get("made_from", {})
    info = {
        **archive.info,
        "thresholds": thresholds.to_json(),
        "made_from": {**known, "thresholds": dict(made_from)},
    }
    return Archive.save(whole, folder, params, info)


def check_without_thresholds(archive: Archive) -> None:
    """Thresholds are found for what a model predicts without any.

    Raises:
        ConfigurationError: the archive has some.
    """
    if has_thresholds(archive):
        raise ConfigurationError(
            "this model has thresholds already; give the archive that they were found for",
            "archive",
        )
