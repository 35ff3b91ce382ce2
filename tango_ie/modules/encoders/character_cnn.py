"""Words by a convolution over their characters.

Legend: U distinct words, C characters, K width of a window, E size of a character's vector,
H filters.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from tango_ie.core.ranges import check_at_least
from tango_ie.modules.encoders.base import Encoder
from tango_ie.modules.encoders.characters import ASCII, CharacterEncoder


@Encoder.register("tango_ie::character_cnn")
class CharacterCNN(CharacterEncoder):
    """The maximum of filters over all windows of a word's characters.

    Source: Ma and Hovy (2016), whose sizes and dropout are the defaults. Windows reach over both
    ends of a word, so that a word shorter than a window has some, too.

    Args:
        alphabet: characters, all others are unknown: printable ASCII, a string of your own, or the
            result of an ``alphabet`` step (what occurs in the training data).
        embedding_size: E.
        size: H, the number of filters.
        kernel: K, at least one.
        dropout: probability in [0, 1), applied to the vectors of characters.
        max_characters: of longer words the middle is left out (logged); at least 2.

    Raises:
        ConfigurationError: a number out of range, or an alphabet with a character twice.
    """

    def __init__(
        self,
        alphabet: str = ASCII,
        embedding_size: int = 30,
        size: int = 30,
        kernel: int = 3,
        dropout: float = 0.5,
        max_characters: int = 50,
    ) -> None:
        super().__init__(alphabet, embedding_size, dropout, max_characters)
        check_at_least(1, size=size, kernel=kernel)
        self.output_size = size
        self.kernel = kernel
        self.filters = nn.Conv1d(embedding_size, size, kernel, padding=kernel - 1)

    def words(self, characters: Tensor, lengths: Tensor) -> Tensor:
        """See :meth:`CharacterEncoder.words`."""
        windows = self.filters(characters.transpose(1, 2))  # (U, H, C + K - 1)
        count = lengths.to(windows.device, non_blocking=True) + self.kernel - 1  # (U,)
        beyond = torch.arange(windows.size(2), device=windows.device) >= count.unsqueeze(1)
        best: Tensor = windows.masked_fill(beyond.unsqueeze(1), -torch.inf).amax(dim=2)
        return best  # (U, H)

    def archived_params(self, folder: Path) -> dict[str, Any]:
        """See :meth:`Encoder.archived_params`."""
        own = {"type": "tango_ie::character_cnn", "size": self.output_size, "kernel": self.kernel}
        return own | self.shared_params()
