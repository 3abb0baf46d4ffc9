"""A heap of refs by key from which any ref can be taken out."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heapify, heappop, heappush
from typing import Any, Generic, TypeVar

Key = TypeVar("Key", bound=tuple[Any, ...])


class Heap(Generic[Key]):
    """The last item of each key is its ref. What is taken out is skipped until it is too much."""

    def __init__(self) -> None:
        self._entries: list[Key] = []
        self._keys: dict[str, Key] = {}

    def __len__(self) -> int:
        return len(self._keys)

    def push(self, ref: str, key: Key) -> None:
        self._keys[ref] = key
        heappush(self._entries, key)

    def discard(self, ref: str) -> None:
        if self._keys.pop(ref, None) is not None and len(self._entries) > 2 * len(self._keys) + 8:
            self._entries = list(self._keys.values())
            heapify(self._entries)

    def first(self) -> Key | None:
        """The smallest key; ``None`` when there is none."""
        while self._entries:
            if self._alive(self._entries[0]):
                return self._entries[0]
            heappop(self._entries)
        return None

    def before(self, bound: Key) -> Iterator[str]:
        """Refs of the keys below ``bound``, in no order; looks at no more than these."""
        open_ = [0]
        while open_:
            at = open_.pop()
            if at < len(self._entries) and self._entries[at] < bound:
                if self._alive(self._entries[at]):
                    yield self._entries[at][-1]
                open_ += (2 * at + 1, 2 * at + 2)

    def _alive(self, key: Key) -> bool:
        return self._keys.get(key[-1]) == key
