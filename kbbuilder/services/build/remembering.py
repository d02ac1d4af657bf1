"""An embedder that encodes no text twice while something is worked on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from kbbuilder.ports import Embedder


class RememberingEmbedder:
    """Another embedder, with its vectors kept until they are forgotten. Safe between threads when the other is.

    Cost: 2 kB a text.
    """

    def __init__(self, embedder: Embedder) -> None:
        self.name = embedder.name
        self.dimensions = embedder.dimensions
        self._embedder = embedder
        self._known: dict[str, NDArray[np.float32]] = {}

    def __len__(self) -> int:
        """How many texts are known."""
        return len(self._known)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (len(texts), dimensions), as the other embedder gives them."""
        known = {text: vector for text in texts if (vector := self._known.get(text)) is not None}
        missing = list(dict.fromkeys(text for text in texts if text not in known))
        if missing:
            fresh = dict(zip(missing, self._embedder.encode(missing), strict=True))
            self._known |= fresh
            known |= fresh
        rows = np.empty((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            rows[row] = known[text]
        return rows

    def forget(self, texts: Iterable[str]) -> None:
        """Give their memory back."""
        for text in texts:
            self._known.pop(text, None)
