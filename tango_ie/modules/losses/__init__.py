"""Losses of several tasks: how they become one; importing this package registers the ways."""

from tango_ie.modules.losses.gradient_rule import GradientRule, TaskGradients
from tango_ie.modules.losses.gradnorm import GradNorm
from tango_ie.modules.losses.pcgrad import PCGrad
from tango_ie.modules.losses.weighting import (
    FixedWeights,
    MeanOfTasks,
    TaskWeighting,
    UncertaintyWeights,
)

__all__ = [
    "FixedWeights",
    "GradNorm",
    "GradientRule",
    "MeanOfTasks",
    "PCGrad",
    "TaskGradients",
    "TaskWeighting",
    "UncertaintyWeights",
]
