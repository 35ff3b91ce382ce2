"""Optimisers and the parameter groups that they work on."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from tango_ie.core.errors import ConfigurationError
from tango_ie.core.registry import Registrable
from tango_ie.modules.encoders.frozen_transformer import LazyTransformer

BASE_RATE = "base_rate"
_FUSED_DEVICES = ("cpu", "cuda")
_NORM = re.compile(r"norm(\d+d)?$", re.IGNORECASE)  # LayerNorm, LlamaRMSNorm, BatchNorm1d, …


@dataclass(frozen=True)
class ParameterGroup:
    """Parameters with settings of their own, for example an encoder with a lower rate.

    Args:
        pattern: regular expression, searched in the parameter's name (``^encoder\\.``).
        learning_rate: ``None`` for the optimiser's.
        weight_decay: ``None`` for the optimiser's; biases and norms have none in any case.

    Raises:
        ConfigurationError: not a regular expression, or a negative rate or decay.
    """

    pattern: str
    learning_rate: float | None = None
    weight_decay: float | None = None

    def __post_init__(self) -> None:
        try:
            re.compile(self.pattern)
        except re.error as error:
            raise ConfigurationError(
                f"pattern {self.pattern!r} is not a regular expression: {error}"
            ) from error
        _refuse_negative(learning_rate=self.learning_rate, weight_decay=self.weight_decay)


class Optimizer(Registrable):
    """Base of all optimisers."""

    default_implementation = "tango_ie::adamw"

    @abstractmethod
    def build(self, model: nn.Module) -> torch.optim.Optimizer:
        """The optimiser over the parameters of ``model`` that take gradients.

        Every group keeps its own rate under :data:`BASE_RATE`; the trainer sets ``lr`` from it and
        the schedule.
        """


@Optimizer.register("tango_ie::adamw")
@dataclass(frozen=True)
class AdamW(Optimizer):
    """Adam with decoupled weight decay.

    Args:
        learning_rate: of parameters that no group names.
        weight_decay: likewise; biases and norms have none.
        betas: decay of the running means of gradient and squared gradient, in [0, 1).
        epsilon: added to the root of the second.
        groups: the first whose pattern is found in a parameter's name decides.

    Raises:
        ConfigurationError: a negative value.
    """

    learning_rate: float = 5e-5
    weight_decay: float = 0.01
    betas: tuple[float, float] = (0.9, 0.999)
    epsilon: float = 1e-8
    groups: tuple[ParameterGroup, ...] = ()

    def __post_init__(self) -> None:
        _refuse_negative(learning_rate=self.learning_rate, weight_decay=self.weight_decay)
        if not all(0 <= beta < 1 for beta in self.betas):
            raise ConfigurationError(f"betas must lie in [0, 1), found {list(self.betas)}")

    def build(self, model: nn.Module) -> torch.optim.Optimizer:
        """See the base class; fused kernels are used where there are any (5 times faster on CPU).

        Raises:
            ConfigurationError: a pattern that matches no parameter, or nothing to train.
        """
        groups = parameter_groups(model, self.groups, self.learning_rate, self.weight_decay)
        devices = {parameter.device.type for group in groups for parameter in group["params"]}
        return torch.optim.AdamW(
            groups,
            lr=self.learning_rate,
            betas=self.betas,
            eps=self.epsilon,
            weight_decay=self.weight_decay,
            fused=devices.issubset(_FUSED_DEVICES),
        )


@Optimizer.register("tango_ie::nadam")
@dataclass(frozen=True)
class NAdam(Optimizer):
    """Adam with Nesterov's momentum (Dozat 2016), and decoupled weight decay.

    Args:
        learning_rate: of parameters that no group names.
        weight_decay: likewise; biases and norms have none.
        betas: decay of the running means of gradient and squared gradient, in [0, 1).
        epsilon: added to the root of the second.
        momentum_decay: how fast the momentum reaches its full value.
        groups: the first whose pattern is found in a parameter's name decides.

    Raises:
        ConfigurationError: a negative value.
    """

    learning_rate: float = 5e-4
    weight_decay: float = 0.0
    betas: tuple[float, float] = (0.9, 0.999)
    epsilon: float = 1e-8
    momentum_decay: float = 4e-3
    groups: tuple[ParameterGroup, ...] = ()

    def __post_init__(self) -> None:
        _refuse_negative(
            learning_rate=self.learning_rate,
            weight_decay=self.weight_decay,
            momentum_decay=self.momentum_decay,
        )
        if not all(0 <= beta < 1 for beta in self.betas):
            raise ConfigurationError(f"betas must lie in [0, 1), found {list(self.betas)}")

    def build(self, model: nn.Module) -> torch.optim.Optimizer:
        """See the base class.

        Raises:
            ConfigurationError: a pattern that matches no parameter, or nothing to train.
        """
        return torch.optim.NAdam(
            parameter_groups(model, self.groups, self.learning_rate, self.weight_decay),
            lr=self.learning_rate,
            betas=self.betas,
            eps=self.epsilon,
            weight_decay=self.weight_decay,
            momentum_decay=self.momentum_decay,
            decoupled_weight_decay=True,
        )


def parameter_groups(
    model: nn.Module,
    groups: Iterable[ParameterGroup],
    learning_rate: float,
    weight_decay: float,
) -> list[dict[str, Any]]:
    """Group the parameters that take gradients by learning rate and weight decay.

    Raises:
        ConfigurationError: a pattern that matches no parameter, or nothing to train.
    """
    patterns = [(group, re.compile(group.pattern)) for group in groups]
    names = [name for name, _ in model.named_parameters()] + _stored_names(model)
    for group, pattern in patterns:
        # A pattern that finds only frozen parameters is fine: variants share their optimiser.
        if not any(pattern.search(name) for name in names):
            tops = sorted({".".join(name.split(".")[:2]) for name in names})
            raise ConfigurationError(
                f"pattern {group.pattern!r} matches no parameter; "
                f"names begin with {', '.join(tops[:12])}"
            )
    undecayed = _without_decay(model)
    grouped: dict[tuple[float, float], list[nn.Parameter]] = {}
    for name, parameter in model.named_parameters():
        if not parameter.requires_grad:
            continue
        rate, decay = learning_rate, weight_decay
        own = next((group for group, pattern in patterns if pattern.search(name)), None)
        if own is not None:
            rate = rate if own.learning_rate is None else own.learning_rate
            decay = decay if own.weight_decay is None else own.weight_decay
        grouped.setdefault((rate, 0.0 if name in undecayed else decay), []).append(parameter)
    if not grouped:
        raise ConfigurationError("the model has no parameter that takes gradients; unfreeze some")
    return [
        {"params": parameters, "lr": rate, BASE_RATE: rate, "weight_decay": decay}
        for (rate, decay), parameters in grouped.items()
    ]


def _stored_names(model: nn.Module) -> list[str]:
    """The names that weights of frozen encoders would have if these had been loaded."""
    return [
        f"{prefix}.{name}"
        for prefix, module in model.named_modules()
        if isinstance(module, LazyTransformer)
        for name in module.stored.shapes
    ]


def _without_decay(model: nn.Module) -> set[str]:
    """Names of biases and of all parameters of normalisation layers."""
    parameters = [name for name, _ in model.named_parameters()]
    names = {name for name in parameters if name.endswith("bias")}
    # Recurrent layers: bias_ih_l0, bias_hh_l0_reverse.
    names.update(name for name in parameters if name.rpartition(".")[2].startswith("bias_"))
    for prefix, module in model.named_modules():
        if _NORM.search(type(module).__name__):
            names.update(
                f"{prefix}.{name}" if prefix else name
                for name, _ in module.named_parameters(recurse=False)
            )
    return names


def _refuse_negative(**values: float | None) -> None:
    for name, value in values.items():
        if value is not None and value < 0:
            raise ConfigurationError(f"{name} must not be negative, found {value}")
