"""Encoders that were trained further, kept in the layout of Hugging Face folders."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tango.common import PathOrStr
from tango.format import Format

from tango_ie.core.errors import DataError
from tango_ie.modules.encoders.pretrained import quiet
from tango_ie.modules.encoders.tokenisation import WordTokenizer

if TYPE_CHECKING:
    from transformers import PreTrainedModel

_INFO = "encoder_info.json"


class EncoderArchive:
    """A folder with ``config.json``, ``model.safetensors`` and tokenizer files.

    ``transformers`` loads it as it is; so does an encoder, as its ``model``.

    Raises:
        DataError: the folder holds no encoder.
    """

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)
        if not (self.folder / "config.json").is_file():
            raise DataError("there is no encoder here: config.json is missing", self.folder)

    @classmethod
    def save(
        cls,
        transformer: PreTrainedModel,
        tokenizer: WordTokenizer,
        folder: Path,
        info: Mapping[str, Any],
    ) -> EncoderArchive:
        """Write an encoder into ``folder``; ``info`` says how it was trained (JSON)."""
        folder.mkdir(parents=True, exist_ok=True)
        with quiet():
            transformer.save_pretrained(folder)
        tokenizer.save(folder)
        text = json.dumps(dict(info), indent=2, ensure_ascii=False)
        (folder / _INFO).write_text(text + "\n", encoding="utf-8")
        return cls(folder)

    @property
    def info(self) -> dict[str, Any]:
        """How the encoder was trained."""
        path = self.folder / _INFO
        if not path.exists():
            return {}
        info: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return info


class EncoderArchiveFormat(Format[EncoderArchive]):
    """Copies the folder into the cache."""

    VERSION = "001"

    def write(self, artifact: EncoderArchive, dir: PathOrStr) -> None:  # noqa: A002
        """Write into an empty folder."""
        shutil.copytree(artifact.folder, dir, dirs_exist_ok=True)

    def read(self, dir: PathOrStr) -> EncoderArchive:  # noqa: A002
        """Read what :meth:`write` has written."""
        return EncoderArchive(Path(dir))
