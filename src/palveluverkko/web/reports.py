"""The assessment that a page shows: one door to the engine, for known policies only."""

from __future__ import annotations

from datetime import date
from typing import Any

from palveluverkko.decisions import policies, queries
from palveluverkko.decisions.policies import PolicyFile

_policy_cache: dict[tuple[tuple[str, int], ...], tuple[PolicyFile, ...]] = {}


def report(policy_id: str | None, as_of: date | None) -> dict[str, Any]:
    """The assessment document; callers must not change it."""
    return queries.report(policy_id, as_of)


def default_as_of() -> date:
    return queries.default_as_of()


def has_network() -> bool:
    return queries.has_network()


def known_policies() -> tuple[PolicyFile, ...]:
    """Every policy by name, read again only when one of the files has changed.

    Pages choose among these, so that an address can never name a file of the machine.
    """
    paths = policies.policy_paths()
    key = tuple((str(path), path.stat().st_mtime_ns) for path in paths.values())
    if key not in _policy_cache:
        _policy_cache.clear()
        _policy_cache[key] = tuple(policies.all_policies())
    return _policy_cache[key]
