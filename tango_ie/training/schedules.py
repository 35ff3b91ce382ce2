"""Learning-rate schedules: a factor in [0, 1] as a pure function of the step.

Being pure they have no state that a checkpoint would have to keep.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from dataclasses import dataclass

from tango_ie.core.errors import ConfigurationError
from tango_ie.core.registry import Registrable


class Schedule(Registrable):
    """Base of all schedules."""

    default_implementation = "tango_ie::linear"

    @abstractmethod
    def factor(self, step: int, total_steps: int) -> float:
        """What the learning rates are multiplied by.

        Args:
            step: zero-based index of the step.
            total_steps: length of the whole training.
        """


@dataclass(frozen=True)
class _WarmedUp(Schedule):
    """Rise in a straight line during warm-up, then do what the derived class says.

    Args:
        warmup: below 1 a share of all steps, otherwise a number of steps; 0 for none.

    Raises:
        ConfigurationError: a negative warm-up.
    """

    warmup: float = 0.1

    def __post_init__(self) -> None:
        if self.warmup < 0:
            raise ConfigurationError(f"warmup must not be negative, found {self.warmup}")

    def factor(self, step: int, total_steps: int) -> float:
        steps = self.warmup if self.warmup >= 1 else self.warmup * total_steps
        warm = min(math.ceil(steps), total_steps)
        if step < warm:
            # The first step learns too: it has 1/warm of the rate, not zero.
            return (step + 1) / (warm + 1)
        return self.after_warmup(min((step - warm) / max(total_steps - warm, 1), 1.0))

    @abstractmethod
    def after_warmup(self, progress: float) -> float:
        """The factor at a share in [0, 1] of the steps that follow the warm-up."""


@Schedule.register("tango_ie::constant")
@dataclass(frozen=True)
class ConstantSchedule(_WarmedUp):
    """Keep the rate after the warm-up."""

    def after_warmup(self, progress: float) -> float:
        return 1.0


@Schedule.register("tango_ie::linear")
@dataclass(frozen=True)
class LinearSchedule(_WarmedUp):
    """Fall in a straight line to ``final``.

    >>> [LinearSchedule(warmup=2).factor(step, 6) for step in (0, 1, 2, 4, 6)]
    [0.3333333333333333, 0.6666666666666666, 1.0, 0.5, 0.0]
    """

    final: float = 0.0

    def after_warmup(self, progress: float) -> float:
        return 1.0 - (1.0 - self.final) * progress


@Schedule.register("tango_ie::cosine")
@dataclass(frozen=True)
class CosineSchedule(_WarmedUp):
    """Fall along half a cosine to ``final``."""

    final: float = 0.0

    def after_warmup(self, progress: float) -> float:
        return self.final + (1.0 - self.final) * 0.5 * (1.0 + math.cos(math.pi * progress))


@Schedule.register("tango_ie::cosine_with_restarts")
@dataclass(frozen=True)
class CosineWithRestarts(_WarmedUp):
    """Fall along half a cosine several times, each time from the full rate.

    Source: SGDR (Loshchilov and Hutter 2017), equation 5; ``growth`` is their T_mult. Cycles are
    given by number instead of length, so that the last one always ends with training.

    Args:
        cycles: number of cycles.
        growth: how many times longer each cycle is than the one before.
        final: share of the rate at the end of each cycle.

    Raises:
        ConfigurationError: fewer than one cycle, or a growth that is not positive.
    """

    cycles: int = 2
    growth: float = 1.0
    final: float = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.cycles < 1:
            raise ConfigurationError(f"cycles must be at least 1, found {self.cycles}")
        if self.growth <= 0:
            raise ConfigurationError(f"growth must be above 0, found {self.growth}")

    def after_warmup(self, progress: float) -> float:
        lengths = [self.growth**cycle for cycle in range(self.cycles)]
        position = progress * sum(lengths)
        for length in lengths[:-1]:
            if position < length:
                break
            position -= length
        else:
            length = lengths[-1]
        within = min(position / length, 1.0)
        return self.final + (1.0 - self.final) * 0.5 * (1.0 + math.cos(math.pi * within))
