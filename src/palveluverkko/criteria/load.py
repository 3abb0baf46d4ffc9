"""A policy file's text as a :class:`Policy`, or every error in it at once."""

from __future__ import annotations

import hashlib
import json
import math
import tomllib
from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from palveluverkko.access.model import SubstitutionRules, TravelModel
from palveluverkko.criteria import checking, schema
from palveluverkko.criteria.errors import PolicyInvalid, PolicyProblem
from palveluverkko.criteria.logic import Expression
from palveluverkko.criteria.messages import expected, found, key_path
from palveluverkko.criteria.metrics import METRICS
from palveluverkko.criteria.policy import Criterion, Period, Policy, Rule
from palveluverkko.criteria.suggest import one_of
from palveluverkko.measuring.model import Window

M = TypeVar("M", bound=BaseModel)
SECTIONS = ("policy", "criterion", "rule", "substitution", "travel")


def load_policy(text: str, filename: str) -> Policy:
    """The policy in ``text``. ``filename`` only names it in errors.

    Raises :class:`PolicyInvalid` with all errors, each naming file, key, what was found and what
    was expected.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        problem = PolicyProblem(filename, "the file", f"broken TOML: {error}", "valid TOML 1.0")
        raise PolicyInvalid([problem]) from error
    reading = _Reading(filename, raw)
    policy = reading.policy()
    if reading.problems or policy is None:
        raise PolicyInvalid(reading.problems)
    return policy


def content_hash(raw: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of a file's content; order of keys, layout and comments do not matter."""
    text = json.dumps(_canonical(raw), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _canonical(value: object) -> object:
    if isinstance(value, dict):
        return {key: _canonical(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_canonical(item) for item in value]
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


class _Reading:
    """One file being read; errors gather in ``problems``."""

    def __init__(self, filename: str, raw: dict[str, Any]) -> None:
        self.filename = filename
        self.raw = raw
        self.problems: list[PolicyProblem] = []

    def report(self, key: str, value: object, wanted: str) -> None:
        problem = PolicyProblem(self.filename, key, found(value), wanted)
        if problem not in self.problems:
            self.problems.append(problem)

    def part(self, shape: type[M], raw: object, key: str) -> M | None:
        """``raw`` in the wanted shape, or ``None`` with its errors reported."""
        try:
            return shape.model_validate(raw)
        except ValidationError as invalid:
            wanted: dict[str, tuple[object, list[str]]] = {}
            for error in invalid.errors(include_url=False):
                path = key_path(key, error["loc"])
                value = "nothing" if error["type"] == "missing" else error["input"]
                wanted.setdefault(path, (value, []))[1].append(expected(error, shape))
            for path, (value, kinds) in wanted.items():  # a key of several types: one error
                self.report(path, value, " or ".join(dict.fromkeys(kinds)))
            return None

    def entries(self, section: str) -> list[tuple[str, dict[str, Any]]]:
        """The tables of ``[[section]]`` with their keys."""
        raw = self.raw.get(section, [])
        if not isinstance(raw, list) or not all(isinstance(item, dict) for item in raw):
            self.report(section, raw, f"tables that begin with [[{section}]]")
            return []
        return [(f"{section}[{n}]", item) for n, item in enumerate(raw, start=1)]

    def policy(self) -> Policy | None:
        for name in self.raw:
            if name not in SECTIONS:
                self.report(name, self.raw[name], one_of(SECTIONS, name))
        head = self.part(schema.Head, self.raw.get("policy", {}), "policy")
        if head and head.valid_until and head.valid_until < head.valid_from:
            self.report("policy.valid_until", head.valid_until, "a day not before valid_from")
        criteria = self.criteria()
        rules = self.rules(criteria)
        substitution = self.optional(schema.SubstitutionPart, "substitution")
        travel = _travel(self.optional(schema.TravelPart, "travel") or schema.TravelPart())
        checking.check_substitution(self.raw, criteria.values(), self.report)
        if head is None or self.problems:
            return None
        ready = tuple(_criterion(part) for part in criteria.values())
        return Policy(
            id=head.id,
            hash=content_hash(self.raw),
            title=head.title.model_dump(),
            decided_by=head.decided_by.model_dump(),
            decided=head.decided.isoformat() if isinstance(head.decided, date) else head.decided,
            valid_from=head.valid_from,
            valid_until=head.valid_until,
            country=head.country,
            sources=tuple(head.sources),
            notes=head.notes.model_dump() if head.notes else {},
            assumptions=tuple(text.model_dump() for text in head.assumptions),
            criteria=ready,
            rules=rules,
            substitution=_substitution(substitution, travel) if substitution else None,
            provenance=_provenance(substitution) if substitution else {},
            travel=travel,
            window=_window(ready),
        )

    def optional(self, shape: type[M], section: str) -> M | None:
        return self.part(shape, self.raw[section], section) if section in self.raw else None

    def criteria(self) -> dict[str, schema.CriterionPart]:
        entries = self.entries("criterion")
        if not entries:
            self.report("criterion", "nothing", "at least one criterion in [[criterion]]")
        checking.check_unique((str(raw.get("id")) for _, raw in entries), "criterion", self.report)
        good = {}
        for key, raw in entries:
            part = self.part(schema.CriterionPart, raw, key)
            if part:
                checking.check_criterion(part, key, self.report)
                good[part.id] = part
        return good

    def rules(self, criteria: Mapping[str, schema.CriterionPart]) -> tuple[Rule, ...]:
        entries = self.entries("rule")
        if not entries:
            self.report("rule", "nothing", "at least one rule in [[rule]]")
        checking.check_unique((str(raw.get("id")) for _, raw in entries), "rule", self.report)
        known = {str(raw.get("id")): raw for _, raw in self.entries("criterion")}
        good = []
        for key, raw in entries:
            part = self.part(schema.RulePart, raw, key)
            if "when" in raw:
                when = checking.parse_when(raw["when"], f"{key}.when", known, self.report)
            if part:
                checking.check_rule(part, when, key, criteria, self.report)
                good.append(_rule(part, when))
        return tuple(good)


def _criterion(part: schema.CriterionPart) -> Criterion:
    period = part.period or schema.PeriodPart()
    return Criterion(
        id=part.id,
        title=part.title.model_dump(),
        metric=part.metric,
        operator=part.operator,
        threshold=part.threshold,
        unit=part.unit,
        aggregation=part.aggregation,
        role=part.role,
        basis=part.basis,
        period=Period(
            Window(period.weeks, period.minimum_weeks, period.holiday_weeks),
            period.unseen_week_factor,
            period.capped_share / 100.0,
        ),
        within=part.within,
        stratum=part.stratum,
        kinds=frozenset(part.kinds),
        services=tuple(part.services),
    )


def _rule(part: schema.RulePart, when: Expression) -> Rule:
    kinds = frozenset(part.applies_to.kinds)
    return Rule(part.id, part.title.model_dump(), kinds, when, part.action)


def _window(criteria: tuple[Criterion, ...]) -> Window:
    """The window that the point's own figures are shown for: the first demand criterion's."""
    timed = (c.period.window for c in criteria if "period" in METRICS[c.metric].options)
    return next(timed, Window())


def _travel(part: schema.TravelPart) -> TravelModel:
    if part.speeds is None:
        return TravelModel(detour=part.detour, terminal_minutes=part.terminal_minutes)
    speeds = tuple((s.up_to_km or math.inf, s.kmh) for s in part.speeds)
    return TravelModel(part.detour, speeds, part.terminal_minutes)


def _substitution(part: schema.SubstitutionPart, travel: TravelModel) -> SubstitutionRules:
    online = part.shift.get("online")
    return SubstitutionRules(
        minutes=part.minutes.value,
        minimum_share=part.minimum_share.value / 100.0,
        same_weekdays=part.same_weekdays.value,
        meets={channel: frozenset(entry.value) for channel, entry in part.meets.items()},
        shift={channel: entry.value / 100.0 for channel, entry in part.shift.items()},
        online_source=online.source if online else None,
        full=part.full.value / 100.0,
        travel=travel,
        assumptions=tuple(name for name, source in _provenance(part).items() if source is None),
    )


def _provenance(part: schema.SubstitutionPart) -> dict[str, str | None]:
    entries: dict[str, schema.Sourced] = {
        "minutes": part.minutes,
        "minimum_share": part.minimum_share,
        "same_weekdays": part.same_weekdays,
        "full": part.full,
        **{f"meets.{channel}": entry for channel, entry in part.meets.items()},
        **{f"shift.{channel}": entry for channel, entry in part.shift.items()},
    }
    return {name: entry.source for name, entry in entries.items()}
