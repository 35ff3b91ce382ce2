"""Names of data sets on the Hugging Face hub, with what is wanted of them."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from tango_ie.core.errors import DataError
from tango_ie.core.input_files import HUB_SCHEME

_KEYS = ("config", "split", "revision")
_FORM = f"{HUB_SCHEME}OWNER/NAME?config=CONFIG&split=SPLIT&revision=REVISION"


@dataclass(frozen=True)
class HubLocation:
    """One split of a data set on the hub.

    Args:
        name: ``OWNER/NAME``, or ``NAME`` alone for the oldest data sets.
        split: any split expression of ``datasets``, such as ``train`` or ``train[:10%]``.
        config: the configuration, where the data set has several.
        revision: branch, tag or commit; only a commit cannot change under a cached result.
    """

    name: str
    split: str
    config: str | None = None
    revision: str | None = None

    @classmethod
    def parse(cls, location: str) -> HubLocation:
        """Take ``hf://OWNER/NAME?config=…&split=…&revision=…`` apart.

        Raises:
            DataError: a part is missing, twice or unknown.

        >>> HubLocation.parse("hf://ada/notes?split=train&config=en")
        HubLocation(name='ada/notes', split='train', config='en', revision=None)
        """
        name, _, query = location.removeprefix(HUB_SCHEME).partition("?")
        try:
            pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query))
        except ValueError as error:
            raise DataError(
                f"{query!r} is no list of KEY=VALUE; write {_FORM}", location
            ) from error
        parts = dict(pairs)
        for key, value in pairs:
            if key not in _KEYS:
                near = difflib.get_close_matches(key, _KEYS, n=1)
                hint = f"did you mean {near[0]!r}?" if near else f"write {_FORM}"
                raise DataError(f"{key!r} is no part of a location; {hint}", location)
            if not value:
                raise DataError(f"{key!r} is empty; leave it out, or say which", location)
        if len(parts) < len(pairs):
            raise DataError(f"a part is there twice; write {_FORM}", location)
        if not all(name.split("/")) or name.count("/") > 1:
            raise DataError(f"{name!r} names no data set of the hub; write {_FORM}", location)
        if "split" not in parts:
            raise DataError(f"say which split is wanted: {_FORM}", location)
        return cls(name, parts["split"], parts.get("config"), parts.get("revision"))

    def load(self) -> Any:
        """The data set, from the hub or from the cache of ``datasets``.

        Raises:
            DataError: it cannot be had.
        """
        import datasets  # slow: only where such data are read

        try:
            return datasets.load_dataset(
                self.name, self.config, split=self.split, revision=self.revision
            )
        except Exception as error:  # whatever the network, the hub or the library may raise
            raise DataError(
                f"cannot be loaded from the hub ({type(error).__name__}: {error}); check name, "
                "config, split and revision. Without network, load it once where there is one: "
                f'`datasets.load_dataset("{self.name}", …).save_to_disk("FOLDER")`, and name '
                "the folder of the split in place of the hub",
                str(self),
            ) from error

    def __str__(self) -> str:
        parts = {"config": self.config, "split": self.split, "revision": self.revision}
        return f"{HUB_SCHEME}{self.name}?" + "&".join(
            f"{key}={value}" for key, value in parts.items() if value is not None
        )
