"""Registered parts: classes that a config can name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypeVar

from tango.common import Registrable as TangoRegistrable

T = TypeVar("T", bound=type)
PREFIX = "tango_ie::"


class Registrable(TangoRegistrable):
    """Base of every family of parts (readers, encoders, models, …).

    ``SKIP_ID_ARGUMENTS`` names the constructor arguments that cannot change a result (device,
    workers, logging); they do not enter the cache key of a step that uses the part.
    ``GIVEN_ARGUMENTS`` names those that the library fills in (a schema) and no config can hold.
    """

    SKIP_ID_ARGUMENTS: ClassVar[frozenset[str]] = frozenset()
    GIVEN_ARGUMENTS: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def register(
        cls, name: str, constructor: str | None = None, exist_ok: bool = False
    ) -> Callable[[T], T]:
        """Register a class under ``name``, for example ``tango_ie::tagger``."""
        return super().register(name, constructor, exist_ok)  # type: ignore[return-value]

    @classmethod
    def from_params(cls, params: Any, **extras: Any) -> Any:  # type: ignore[override]
        """Build an instance from its config.

        Args:
            params: ``{"type": name, **constructor_arguments}``, or just the name.
            extras: further constructor arguments, which a config cannot hold (a schema, say).

        Raises:
            ConfigurationError: for a misspelt name or key, a missing value or a wrong type.
        """
        from tango_ie.core.config import build

        return build(cls, params, extras=extras)


def registered(base: type[TangoRegistrable]) -> Mapping[str, tuple[type, str | None]]:
    """The names registered for a family, with their classes."""
    return TangoRegistrable._registry[base]
