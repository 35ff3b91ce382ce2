"""Refusing arguments that are out of range, by their name in the config."""

from __future__ import annotations

from tango_ie.core.errors import ConfigurationError


def check_at_least(least: int, **values: int) -> None:
    """Refuse numbers below a limit.

    Raises:
        ConfigurationError: one of them is.

    >>> check_at_least(1, size=3, layers=1)
    """
    for name, value in values.items():
        if value < least:
            raise ConfigurationError(f"must be at least {least}, found {value}", name)


def check_dropout(**values: float) -> None:
    """Refuse probabilities outside [0, 1).

    Raises:
        ConfigurationError: one of them is.

    >>> check_dropout(dropout=0.5, word_dropout=0.0)
    """
    for name, value in values.items():
        if not 0 <= value < 1:
            raise ConfigurationError(f"must lie in [0, 1), found {value}", name)
