"""Arrays that grow at their end without being copied each time, and ranges of their rows."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
_T = TypeVar("_T", bound=np.generic)


class Growing(Generic[_T]):
    """An array, and room behind it that its successor shares. Immutable: `with_more` leaves `values` as they are.

    Cost: of growing one by one to n rows, about 2·n rows copied in all.
    """

    def __init__(self, values: NDArray[_T]) -> None:
        self._buffer = values
        self._used = [len(values)]
        """How much of the buffer is taken by the longest of those that share it."""
        self.values = values

    @property
    def shared(self) -> bool:
        """Whether another has grown out of this one."""
        return self._used[0] != len(self.values)

    def with_more(self, more: NDArray[Any]) -> Growing[_T]:
        """These values and more rows behind them."""
        size = len(self.values) + len(more)
        grown = object.__new__(Growing)
        if self.shared or size > len(self._buffer):
            room = max(size, 2 * len(self.values))
            grown._buffer = np.empty((room, *self.values.shape[1:]), dtype=self.values.dtype)
            grown._buffer[: len(self.values)] = self.values
            grown._used = [size]
        else:
            grown._buffer, grown._used = self._buffer, self._used
            grown._used[0] = size
        grown._buffer[len(self.values) : size] = more
        grown.values = grown._buffer[:size]
        return grown


def ranges(starts: Ints, ends: Ints) -> Ints:
    """All places from each start up to its end, one range behind the other.

    >>> ranges(np.array([7, 2]), np.array([9, 5])).tolist()
    [7, 8, 2, 3, 4]
    """
    lengths = ends - starts
    before = np.cumsum(lengths) - lengths
    places: Ints = np.arange(int(lengths.sum()), dtype=np.int64) + np.repeat(starts - before, lengths)
    return places
