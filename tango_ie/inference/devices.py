"""Where to predict, and how precisely."""

from __future__ import annotations

from typing import Literal

import torch

from tango_ie.core.errors import ConfigurationError

Precision = Literal["auto", "float32", "bf16"]


def resolve_device(name: str) -> torch.device:
    """The device of a name; ``auto`` is a GPU where there is one.

    Raises:
        ConfigurationError: no such device on this machine.

    >>> resolve_device("cpu")
    device(type='cpu')
    """
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
    except RuntimeError as error:
        raise ConfigurationError(
            f"{name!r} is no device; give 'auto', 'cpu', 'cuda' or 'cuda:1'"
        ) from error
    if device.type == "cuda":
        found = torch.cuda.device_count()
        if (device.index or 0) >= found:
            raise ConfigurationError(f"{name!r} is not there: this machine has {found} GPUs")
    return device


def resolve_precision(precision: Precision, device: torch.device) -> Literal["float32", "bf16"]:
    """``auto`` is bf16 on GPUs that compute in it, float32 elsewhere."""
    if precision != "auto":
        return precision
    halves = device.type == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False)
    return "bf16" if halves else "float32"
