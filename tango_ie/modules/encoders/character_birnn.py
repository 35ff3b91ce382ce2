"""Words by a recurrent network over their characters.

Legend: U distinct words, C characters, E size of a character's vector, H output.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn.utils.rnn import pack_padded_sequence

from tango_ie.core.ranges import check_at_least
from tango_ie.modules.encoders.base import Encoder
from tango_ie.modules.encoders.characters import ASCII, CharacterEncoder
from tango_ie.modules.recurrent import CELLS, Cell


@Encoder.register("tango_ie::character_birnn")
class CharacterBiRNN(CharacterEncoder):
    """The last states of a recurrent network that reads a word from both ends.

    Source: Lample et al. (2016), whose sizes are the defaults. H is 2 × size.

    Args:
        alphabet: characters, all others are unknown: printable ASCII, a string of your own, or the
            result of an ``alphabet`` step (what occurs in the training data).
        embedding_size: E.
        size: of the last state, per direction.
        cell: ``lstm`` or ``gru``.
        dropout: probability in [0, 1), applied to the vectors of characters.
        max_characters: of longer words the middle is left out (logged); at least 2.

    Raises:
        ConfigurationError: a number out of range, or an alphabet with a character twice.
    """

    def __init__(
        self,
        alphabet: str = ASCII,
        embedding_size: int = 25,
        size: int = 25,
        cell: Cell = "lstm",
        dropout: float = 0.0,
        max_characters: int = 50,
    ) -> None:
        super().__init__(alphabet, embedding_size, dropout, max_characters)
        check_at_least(1, size=size)
        self.size = size
        self.cell: Cell = cell
        self.output_size = 2 * size
        self.reader = CELLS[cell](embedding_size, size, batch_first=True, bidirectional=True)

    def words(self, characters: Tensor, lengths: Tensor) -> Tensor:
        """See :meth:`CharacterEncoder.words`."""
        packed = pack_padded_sequence(characters, lengths, batch_first=True)
        state = self.reader(packed)[1]
        last: Tensor = state[0] if isinstance(state, tuple) else state  # (2, U, size)
        return torch.cat([last[0], last[1]], dim=-1)  # (U, H)

    def archived_params(self, folder: Path) -> dict[str, Any]:
        """See :meth:`Encoder.archived_params`."""
        own = {"type": "tango_ie::character_birnn", "size": self.size, "cell": self.cell}
        return own | self.shared_params()
