"""An append-only list in which no entry can be changed, removed, inserted or moved unseen.

Every entry holds the SHA-256 of the one before it (Haber & Stornetta 1991). Who can write the
whole list anew can also compute new hashes, and a list cut off at its end is a shorter list that
is whole: both are seen only against a :class:`Head` that was kept elsewhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

FORMAT = "palveluverkko chain 1"


class NotCanonical(TypeError):
    """A value that has no single form in JSON: a float, a date, a lone surrogate, ..."""


def canonical(value: object) -> bytes:
    """``value`` as JSON in UTF-8 with sorted keys and no spaces: equal values, equal bytes.

    Only null, booleans, whole numbers, text, lists and mappings with text as keys. Floats are
    refused, since 1, 1.0 and 1e0 are one number in three forms: write them as text. Text is
    taken as it is, without Unicode normalisation; U+0000 is refused, because PostgreSQL's JSON
    cannot keep it.
    """
    _check(value, "value")
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def _check(value: object, path: str) -> None:
    if value is None or isinstance(value, int):
        return
    if isinstance(value, str):
        if "\0" in value or any("\ud800" <= c <= "\udfff" for c in value):
            raise NotCanonical(f"{path}: text that cannot be kept")
    elif isinstance(value, list | tuple):
        for i, item in enumerate(value):
            _check(item, f"{path}[{i}]")
    elif isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise NotCanonical(f"{path}: a key of type {type(key).__name__}")
            _check(key, f"{path} key")
            _check(item, f"{path}.{key}")
    else:
        raise NotCanonical(f"{path}: {type(value).__name__}")


def digest(value: object) -> str:
    """SHA-256 (hex) of the canonical form."""
    return hashlib.sha256(canonical(value)).hexdigest()


@dataclass(frozen=True, slots=True)
class Entry:
    """``position`` counts from 1; ``previous`` and ``hash`` are SHA-256 in hex."""

    position: int
    body: Mapping[str, object]
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Head:
    """The length and last hash of a list, kept where its writers cannot write."""

    length: int
    hash: str


class Why(StrEnum):
    CHANGED = "changed"
    REMOVED = "removed"
    INSERTED = "inserted"
    REORDERED = "reordered"
    NOT_THE_KEPT_HEAD = "not_the_kept_head"


@dataclass(frozen=True, slots=True)
class Broken:
    """The first place, counted from 1, at which the list is not what was written."""

    place: int
    why: Why


def genesis(name: str) -> str:
    """What the first entry of the list ``name`` points to; lists cannot be exchanged."""
    return digest([FORMAT, name])


def link_hash(position: int, body: Mapping[str, object], previous: str) -> str:
    return digest([position, dict(body), previous])


def append(name: str, entries: Sequence[Entry], body: Mapping[str, object]) -> Entry:
    """The entry that comes after ``entries``; only the last of them is looked at."""
    last = entries[-1] if entries else None
    return entry_after(name, last, body)


def entry_after(name: str, last: Entry | None, body: Mapping[str, object]) -> Entry:
    position = last.position + 1 if last else 1
    previous = last.hash if last else genesis(name)
    return Entry(position, dict(body), previous, link_hash(position, body, previous))


def head(name: str, entries: Sequence[Entry]) -> Head:
    return Head(len(entries), entries[-1].hash if entries else genesis(name))


def verify(name: str, entries: Sequence[Entry], kept: Head | None = None) -> Broken | None:
    """The first broken link of ``entries`` in the order in which they are stored, or None.

    ``kept``: a head seen earlier, which the list must still contain.
    """
    previous = genesis(name)
    for index, entry in enumerate(entries):
        if not _own_hash_holds(entry):
            return Broken(index + 1, Why.CHANGED)
        if entry.previous != previous or entry.position != index + 1:
            return _cause(genesis(name), entries, index)
        previous = entry.hash
    if kept is not None:
        return _against(kept, name, entries)
    return None


def _own_hash_holds(entry: Entry) -> bool:
    try:
        return entry.hash == link_hash(entry.position, entry.body, entry.previous)
    except NotCanonical:
        return False


def _cause(start: str, entries: Sequence[Entry], index: int) -> Broken:
    """Why the entry at ``index``, whose own hash holds, does not follow the one before it."""
    entry = entries[index]
    before = [start, *(e.hash for e in entries[:index])]
    if entry.hash in before:
        return Broken(index + 1, Why.INSERTED)  # a second copy
    if entry.previous in before[:-1]:
        # Two entries follow the same one: what stands between was put in.
        return Broken(before.index(entry.previous) + 1, Why.INSERTED)
    if any(e.previous == before[-1] for e in entries[index + 1 :]):
        # The right successor comes later. This one has its place in the list, or none.
        elsewhere = any(e.hash == entry.previous for e in entries)
        return Broken(index + 1, Why.REORDERED if elsewhere else Why.INSERTED)
    if entry.position > index + 1:
        return Broken(index + 1, Why.REMOVED)
    # The numbers fit and the link does not: the entry before was written anew with its hash.
    return Broken(max(index, 1), Why.CHANGED)


def _against(kept: Head, name: str, entries: Sequence[Entry]) -> Broken | None:
    if kept.length > len(entries):
        return Broken(len(entries) + 1, Why.REMOVED)
    if head(name, entries[: kept.length]).hash != kept.hash:
        return Broken(max(kept.length, 1), Why.NOT_THE_KEPT_HEAD)
    return None
