"""The register to a bundle and back: everything in one transaction, or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Model, Q

from palveluverkko.calendar import Timetable
from palveluverkko.network import revision
from palveluverkko.network.errors import ImportRejected, RowError
from palveluverkko.network.exchange.checks import Known
from palveluverkko.network.exchange.messages import rule_text
from palveluverkko.network.exchange.records import (
    MunicipalityRecord,
    Record,
    RegisterBundle,
    as_row,
    bundle_of,
)
from palveluverkko.network.exchange.tables import TABLES, Table
from palveluverkko.network.exchange.travel import (
    Progress,
    StoredTravelTimes,
    has_travel_times,
    store_travel_times,
)
from palveluverkko.network.timetable_changes import tell
from palveluverkko.network.timetables import timetables

BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows that an import added, changed and removed in one table."""

    added: int = 0
    changed: int = 0
    removed: int = 0


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """What an import did, by table; a table that it did not touch is absent."""

    tables: Mapping[str, Counts] = field(default_factory=dict)

    @property
    def total(self) -> Counts:
        rows = self.tables.values()
        return Counts(
            sum(c.added for c in rows), sum(c.changed for c in rows), sum(c.removed for c in rows)
        )


def load_bundle() -> RegisterBundle:
    """Everything that the register holds; travel times are read as they are asked for."""
    rows = {name: _records(table, table.model._default_manager.all()) for name, table in _TABLES}
    return bundle_of(
        rows,
        tables=frozenset(TABLES),
        travel_times=StoredTravelTimes() if has_travel_times() else None,
    )


def load_known(bundle_tables: Iterable[str] = (), replace: bool = False) -> Known:
    """What the register holds and an import keeps: it may be referred to."""
    pruned = set(bundle_tables) if replace else set()
    codes = {
        name: frozenset(TABLES[name].model._default_manager.values_list("pk", flat=True))
        for name in ("municipalities", "services", "points")
        if name not in pruned
    }
    municipalities = TABLES["municipalities"]
    rows = _records(municipalities, municipalities.model._default_manager.all())
    return Known(codes, tuple(r for r in rows if isinstance(r, MunicipalityRecord)))


def store_bundle(
    bundle: RegisterBundle, *, replace: bool = False, progress: Progress | None = None
) -> ImportCounts:
    """Adds and changes the register's rows as the bundle says, in one transaction.

    With ``replace`` the rows of the bundle's ``tables`` that it lacks are removed; a row that
    records of another part depend on (visits of a point) is never removed: the import is rejected.
    Rows without a key of their own (hours, exceptions) are equal or different, never changed.
    """
    done: dict[str, Counts] = {}
    with transaction.atomic():
        before = timetables()
        written = {name: _upsert(table, bundle) for name, table in _TABLES}
        # Pruned last: by now nothing that stays refers to what goes.
        removed = _prune(bundle) if replace else {}
        for name, (added, changed) in written.items():
            if added or changed or removed.get(name):
                done[name] = Counts(added, changed, removed.get(name, 0))
        if bundle.travel_times is not None:
            added, changed, gone = store_travel_times(bundle.travel_times, replace, progress)
            done["travel_times"] = Counts(added, changed, gone)
        if any(counts != Counts() for counts in done.values()):
            revision.bump()
            _tell_changes(before)
    return ImportCounts(done)


def _tell_changes(before: Mapping[str, Timetable]) -> None:
    """Rows written in bulk send no signals: say which known points have other hours now."""
    after = timetables()
    tell({point: date.min for point, hours in before.items() if after.get(point, hours) != hours})


_TABLES = tuple(TABLES.items())


def _records(table: Table, objects: Iterable[Model]) -> set[Record] | list[Record]:
    """Records of stored rows. JSON lists become tuples, so that records compare by value."""
    found: dict[str, Record] = {}
    for stored in objects:
        record = table.record(**{c: _plain(stored, table.attribute(c)) for c in table.columns})
        # Two stored rows that agree in every field say the same thing once.
        found[repr(record)] = record
    return list(found.values())


def _plain(stored: Model, attribute: str) -> Any:
    value = getattr(stored, attribute)
    return tuple(value) if isinstance(value, list) else value


def _upsert(table: Table, bundle: RegisterBundle) -> tuple[int, int]:
    known = {_key(table, row): row for row in _stored(table, bundle)}
    new: list[Model] = []
    changed: list[Model] = []
    for record in bundle.rows(table.name):
        values = _values(table, record)
        stored = known.get(table.key_of(record))
        if stored is None:
            new.append(table.model(**values))
        elif table.name == "services" and stored.pk in bundle.derived_services:
            continue
        elif any(_plain(stored, a) != _compared(v) for a, v in values.items()):
            for attribute, value in values.items():
                setattr(stored, attribute, value)
            changed.append(stored)
    manager = table.model._default_manager
    manager.bulk_create(new, batch_size=BATCH)
    attributes = [table.attribute(c) for c in table.columns if c not in table.key]
    names = [a.removesuffix("_id") if a.endswith("_id") else a for a in attributes]
    if changed and names:
        manager.bulk_update(changed, names, batch_size=200)
    return len(new), len(changed)


def _stored(table: Table, bundle: RegisterBundle) -> Iterable[Model]:
    """The stored rows that the bundle's rows may be equal to."""
    if not bundle.rows(table.name):
        return ()
    return table.model._default_manager.all()


def _key(table: Table, stored: Model) -> tuple[object, ...]:
    return tuple(_plain(stored, table.attribute(column)) for column in table.key)


def _values(table: Table, record: Record) -> dict[str, Any]:
    return {
        table.attribute(column): list(value) if isinstance(value, tuple) else value
        for column, value in as_row(record).items()
    }


def _compared(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _prune(bundle: RegisterBundle) -> dict[str, int]:
    """Removes what the bundle lacks, dependants first."""
    removed: dict[str, int] = {}
    errors: list[RowError] = []
    for name, table in reversed(_TABLES):
        if name not in bundle.tables:
            continue
        kept = {table.key_of(record) for record in bundle.rows(name)}
        stale = {s.pk for s in table.model._default_manager.all() if _key(table, s) not in kept}
        if not stale:
            continue
        used = _used_elsewhere(table, stale)
        errors.extend(
            RowError(table.file, None, table.key[0], str(pk), rule_text("still_used"))
            for pk in sorted(used, key=str)
        )
        if not used:
            _delete(table, list(stale))
            removed[name] = len(stale)
    if errors:
        raise ImportRejected(errors)
    return removed


def _delete(table: Table, keys: list[Any]) -> None:
    manager = table.model._default_manager
    parts = [keys[start : start + BATCH] for start in range(0, len(keys), BATCH)]
    for column, target in table.references:
        if target == table.name:  # rows that refer to each other could not go one by one
            for part in parts:
                manager.filter(pk__in=part).update(**{column: None})
    for part in parts:
        manager.filter(pk__in=part).delete()


def _used_elsewhere(table: Table, keys: set[Any]) -> set[Any]:
    """Those that rows outside the bundle's reach refer to: visits, findings, and protected rows."""
    own = {t.model for t in TABLES.values()}
    used: set[Any] = set()
    chunk = list(keys)
    for relation in table.model._meta.related_objects:
        model: Any = relation.related_model
        name = relation.field.name
        inside = model in own or model._meta.app_label == "network"
        protects = relation.on_delete.__name__ == "PROTECT"  # type: ignore[union-attr]
        if inside and not protects:
            continue
        for start in range(0, len(chunk), BATCH):
            part = Q(**{f"{name}__in": chunk[start : start + BATCH]})
            if model is table.model:  # merged municipalities that go together
                part &= ~Q(pk__in=keys)
            used.update(model._default_manager.filter(part).values_list(f"{name}_id", flat=True))
    return used
