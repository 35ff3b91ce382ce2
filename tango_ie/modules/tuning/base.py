"""What a tuning is: few trained weights beside a transformer whose own stay as they are.

Legend: R rows, S sub-words.
"""

from __future__ import annotations

from abc import abstractmethod
from contextlib import AbstractContextManager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from torch import Tensor, nn

from tango_ie.core.registry import Registrable, registered
from tango_ie.modules.tuning.gates import Gates, Pass, Scope

if TYPE_CHECKING:
    from transformers import PreTrainedModel


class AttachedTuning(nn.Module):
    """The trained weights of a tuned transformer, which reaches them through hooks.

    They lie beside the transformer, whose weights keep their names. The transformer is called as
    ever; a block says which pass it is in:

    * :meth:`over` for states that the gates look at,
    * :meth:`using` for further states of the same rows, which must not move the gates (queries
      beside a context).

    Without gates and prefix neither is needed.
    """

    def __init__(self) -> None:
        super().__init__()
        self.scope = Scope()

    def over(self, words: Tensor) -> AbstractContextManager[Gates]:
        """A block whose calls open the gates by ``words`` alone; gives what they were.

        Shapes:
            words (R, S) bool: the context words among the places of each row
        """
        return self.scope.enter(Pass(words=words))

    def using(self, gates: Gates, prefix: bool = False) -> AbstractContextManager[Gates]:
        """A block whose calls use known gates, for states of any shape (R, ..., H).

        Args:
            gates: of a block :meth:`over` the context; :meth:`Gates.rows` where rows differ.
            prefix: whether the attention is handed the prefix. Not where keys and values of the
                context were kept: the prefix is among them.
        """
        return self.scope.enter(Pass(gates=gates, prefix=prefix))

    @abstractmethod
    def counts(self) -> dict[str, int]:
        """How many weights are trained, by part."""


class EncoderTuning(Registrable):
    """Base of all ways to tune a transformer by few weights; a frozen dataclass of its settings."""

    @abstractmethod
    def attach(self, transformer: PreTrainedModel) -> AttachedTuning:
        """Freeze the transformer and put new weights beside it.

        Raises:
            ConfigurationError: the transformer is built in a way that is not understood.
        """

    def archived_params(self) -> dict[str, Any]:
        """The config that builds this again."""
        names = [name for name, (cls, _) in registered(EncoderTuning).items() if cls is type(self)]
        settings: Any = self
        return {"type": names[0], **asdict(settings)}
