"""Archives: trained models that load and predict by themselves.

An archive is a folder: ``weights.safetensors``, ``config.json`` (the model's config and the
versions that made it), ``schema.json``, ``info.json`` (how it was trained), and one folder per
encoder with its architecture and tokenizer. It needs neither the pretrained weights that training
began from nor a network, and it may be moved.

The folder of an encoder that never ran, because all its vectors were kept, has weights of its own,
which are only read when a sentence needs them. These files are other names (hard links) of those of
the ``encode_corpus`` step, so that many archives on one encoder take the room of one; on another
disk they become copies. Nothing must be written into them.
"""

from __future__ import annotations

import json
import platform
import shutil
from collections.abc import Mapping
from functools import cache, cached_property
from importlib import metadata
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_model, save_model
from tango.common import PathOrStr
from tango.format import Format

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.core.linking import link_shared
from tango_ie.data.label_queries import LabelQueries
from tango_ie.data.schema import Schema
from tango_ie.models import Model
from tango_ie.modules.encoders import Encoder, open_archive

_FORMAT_VERSION = 1
_WEIGHTS, _CONFIG, _SCHEMA, _INFO = "weights.safetensors", "config.json", "schema.json", "info.json"
_LIBRARIES = ("tango-ie", "torch", "transformers", "tokenizers")


class Archive:
    """A trained model in a folder.

    Args:
        folder: as :meth:`save` has written it.

    Raises:
        DataError: the folder is no archive, is damaged, or was made by a newer version.
    """

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)
        for name in (_CONFIG, _SCHEMA, _WEIGHTS):
            if not (self.folder / name).is_file():
                raise DataError(
                    f"not an archive: {name} is missing; an archive is the folder that a training "
                    "step or Archive.save has written",
                    self.folder,
                )
        version = self._config.get("format_version")
        if version != _FORMAT_VERSION:
            raise DataError(
                f"the archive has format {version!r}, this version of tango_ie reads "
                f"{_FORMAT_VERSION}; load it with the version that wrote it "
                f"({self._config.get('versions', {}).get('tango-ie', 'unknown')})",
                self.folder,
            )

    @classmethod
    def save(
        cls, model: Model, folder: Path, params: Mapping[str, Any], info: Mapping[str, Any]
    ) -> Archive:
        """Write ``model``, as it is now, into a folder.

        Args:
            params: the model's config, as :attr:`tango_ie.core.config.Lazy.params` gives it. An
                encoder that the model has under the name of its argument is replaced there by the
                encoder's own :meth:`Encoder.archived_params`, and so are queries, whose file would
                not be there elsewhere.
            info: what is to be known about the training (JSON).
        """
        folder.mkdir(parents=True, exist_ok=True)
        archived = dict(params)
        for name in params:
            part = getattr(model, name, None)
            if isinstance(part, Encoder):
                archived[name] = part.archived_params(folder / name)
            elif isinstance(part, LabelQueries):
                archived[name] = part.archived_params()
        versions = dict(_versions())
        config = {"format_version": _FORMAT_VERSION, "model": archived, "versions": versions}
        _write_json(folder / _SCHEMA, model.schema.to_json())
        _write_json(folder / _INFO, dict(info))
        save_model(model, str(folder / _WEIGHTS))
        # The last file: without it a folder is no archive, so that half of one is never read.
        _write_json(folder / _CONFIG, config)
        return cls(folder)

    @cached_property
    def schema(self) -> Schema:
        """The labels that the model knows."""
        try:
            return Schema.from_json(_read_json(self.folder / _SCHEMA))
        except (KeyError, TypeError) as error:
            raise DataError(f"damaged: {error!r}", self.folder / _SCHEMA) from error

    @property
    def params(self) -> dict[str, Any]:
        """The model's config; encoders in it lie in the archive."""
        params: dict[str, Any] = self._config["model"]
        return params

    @cached_property
    def info(self) -> dict[str, Any]:
        """How the model was trained."""
        path = self.folder / _INFO
        return _read_json(path) if path.exists() else {}

    def load(self, device: str | torch.device = "cpu") -> Model:
        """A fresh model, in eval mode.

        Raises:
            DataError: the weights are damaged or do not belong to the config.
            ConfigurationError: the model's class is not known here.
        """
        # Weights that are drawn only to be replaced must not move the caller's random numbers.
        with open_archive(self.folder), torch.random.fork_rng(devices=[]):
            try:
                model: Model = Model.from_params(self.params, schema=self.schema)
            except ConfigurationError as error:
                raise ConfigurationError(
                    f"the archive {self.folder} cannot be loaded: {error.message}"
                ) from error
        try:
            load_model(model, str(self.folder / _WEIGHTS), strict=True)
        except (SafetensorError, RuntimeError, OSError) as error:
            reason = " ".join(str(error).split())[:300]
            raise DataError(f"damaged weights: {reason}", self.folder / _WEIGHTS) from error
        return model.to(device).eval()

    @cached_property
    def _config(self) -> dict[str, Any]:
        config = _read_json(self.folder / _CONFIG)
        if "format_version" not in config or not isinstance(config.get("model"), dict):
            raise DataError("not the config of an archive", self.folder / _CONFIG)
        return config


class ArchiveFormat(Format[Archive]):
    """Copies the archive's folder into the cache; files that archives share stay shared."""

    VERSION = "001"

    def write(self, artifact: Archive, dir: PathOrStr) -> None:  # noqa: A002
        """Write into an empty folder."""
        shutil.copytree(artifact.folder, dir, dirs_exist_ok=True, copy_function=link_shared)

    def read(self, dir: PathOrStr) -> Archive:  # noqa: A002
        """Read what :meth:`write` has written; weights are read when the archive is loaded."""
        return Archive(Path(dir))


@cache
def _versions() -> Mapping[str, str]:
    versions = {"python": platform.python_version()}
    for library in _LIBRARIES:
        try:
            versions[library] = metadata.version(library)
        except metadata.PackageNotFoundError:
            continue
    return versions


def _write_json(path: Path, value: Mapping[str, Any]) -> None:
    text = json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def _read_json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError) as error:
        raise DataError(f"damaged: {error}", path) from error
    if not isinstance(value, dict):
        raise DataError(f"damaged: expected a JSON object, found {type(value).__name__}", path)
    return value
