"""A page is of one moment: what several of its parts ask for is read once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

Given = ParamSpec("Given")
Found = TypeVar("Found")

_kept: ContextVar[dict[Any, Any] | None] = ContextVar("kept", default=None)


@contextmanager
def one_moment() -> Iterator[None]:
    """Within the block what is marked :func:`once` is read once; for pages that change nothing."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def once(read: Callable[Given, Found]) -> Callable[Given, Found]:
    """Read again at every call, but within :func:`one_moment` only at the first with its arguments.

    What is returned is shared: callers must not change it.
    """

    @wraps(read)
    def found(*args: Given.args, **kwargs: Given.kwargs) -> Found:
        kept = _kept.get()
        if kept is None:
            return read(*args, **kwargs)
        key = (read, args, tuple(kwargs.items()))
        if key not in kept:
            kept[key] = read(*args, **kwargs)
        result: Found = kept[key]
        return result

    return found


def look_again() -> None:
    """Something has changed within the block after all."""
    kept = _kept.get()
    if kept is not None:
        kept.clear()
