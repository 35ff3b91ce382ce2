"""Rows of the data sets of the Hugging Face library, wherever they lie."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TypeVar

from tango_ie.core.errors import DataError
from tango_ie.core.input_files import hub_name
from tango_ie.data.readers.hugging_face.hub_location import HubLocation
from tango_ie.data.readers.text_files import open_binary

T = TypeVar("T")
_BATCH = 1000
_BUILDERS = {".parquet": "parquet", ".arrow": "arrow"}
# Arrow's parser of JSON ends the whole process on some files; ours says what is wrong, and where.
_JSON = (".json", ".jsonl", ".jsonlines")


def open_dataset(path: Path, stack: ExitStack) -> Any:
    """A data set of the library, of one split.

    Args:
        path: a folder, a file that :func:`builder_of` knows, or an ``hf://`` name.
        stack: holds what must live as long as the data set.

    Raises:
        DataError: there is none, or it is damaged.
    """
    name = hub_name(path)
    dataset = guarded(lambda: _open(path, stack), name or path)
    if dataset.features is None:
        raise DataError(
            "`datasets` finds no table in it: it is empty, cut off or damaged; save or fetch it "
            "anew",
            name or path,
        )
    return dataset


def iter_rows(dataset: Any, features: tuple[str, ...], source: str) -> Iterator[dict[str, Any]]:
    """The rows of a data set, feature → value; a thousand are held.

    Raises:
        DataError: the table is damaged.
    """

    def columns() -> list[list[Any]] | None:
        table = next(batches, None)
        if table is None:
            return None
        # Arrow believes a file: damaged offsets would make it read outside of its memory.
        table.validate(full=True)
        return [table.column(feature).to_pylist() for feature in features]

    selected = guarded(lambda: dataset.select_columns(list(features)).with_format("arrow"), source)
    batches = guarded(lambda: selected.iter(_BATCH), source)
    while (batch := guarded(columns, source)) is not None:
        for row in zip(*batch, strict=True):
            yield dict(zip(features, row, strict=True))


def builder_of(path: Path) -> str:
    """Which part of the library reads a file, by its name.

    Raises:
        DataError: none, or none that can be trusted with it.
    """
    suffix = _suffix(path)
    if suffix in _JSON:
        raise DataError("is JSON, which `tango_ie::tagged_json` reads; give that reader", path)
    if suffix not in _BUILDERS:
        raise DataError(
            f"its name does not say what it is; it must end in {' or '.join(_BUILDERS)} "
            "(and .gz behind that)",
            path,
        )
    return _BUILDERS[suffix]


def guarded(action: Callable[[], T], source: object) -> T:
    """Do something with the library; whatever it raises is an error of the data."""
    try:
        return action()
    except DataError:
        raise
    except Exception as error:  # the library, Arrow and the codecs raise what they like
        raise DataError(
            f"`datasets` cannot read it ({type(error).__name__}: {error}); save or fetch it anew",
            source,
        ) from error


def _open(path: Path, stack: ExitStack) -> Any:
    import datasets  # slow: only where such data are read

    name = hub_name(path)
    if name is not None:
        return HubLocation.parse(name).load()
    if path.is_dir():
        return datasets.load_from_disk(str(path))
    # The library leaves locks in its cache, even where it copies nothing into it.
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tango_ie-")))
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    plain = path
    if packed:
        plain = folder / f"unpacked{_suffix(path)}"
        with open_binary(path) as stream, plain.open("wb") as target:
            shutil.copyfileobj(stream, target)
    if not plain.stat().st_size:
        raise DataError("is empty; name another file, or copy it anew", path)
    return datasets.load_dataset(
        builder_of(path),
        data_files=str(plain),
        split="train",
        streaming=True,
        cache_dir=str(folder / "cache"),
    )


def _suffix(path: Path) -> str:
    return Path(path.name.removesuffix(".gz")).suffix.lower()
