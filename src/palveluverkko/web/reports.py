"""The assessment that a page shows: one door to the engine, for known policies only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from palveluverkko.criteria import PolicyInvalid
from palveluverkko.decisions import policies, queries
from palveluverkko.decisions.policies import PolicyFile


@dataclass(frozen=True, slots=True)
class KnownPolicies:
    """The policies that can be applied, by id, and what is wrong with the files that cannot."""

    usable: dict[str, PolicyFile]
    broken: dict[str, PolicyInvalid]


_Key = tuple[tuple[str, int], ...]
_cached: tuple[_Key, KnownPolicies] | None = None


def report(policy_id: str | None, as_of: date | None) -> dict[str, Any]:
    """The assessment document; callers must not change it."""
    return queries.report(policy_id, as_of)


def default_as_of() -> date:
    return queries.default_as_of()


def has_network() -> bool:
    return queries.has_network()


def known_policies() -> KnownPolicies:
    """Every policy, read again only when one of the files has changed.

    Pages choose among these, so that an address can never name a file of the machine. One broken
    file does not take the others away.
    """
    global _cached
    paths = policies.policy_paths()
    key = tuple((str(path), path.stat().st_mtime_ns) for path in paths.values())
    if _cached is None or _cached[0] != key:
        usable, broken = {}, {}
        for name, path in paths.items():
            try:
                usable[name] = policies.read_policy_file(path)
            except PolicyInvalid as error:
                broken[name] = error
        _cached = (key, KnownPolicies(usable, broken))
    return _cached[1]
