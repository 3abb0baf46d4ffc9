"""Import a file into the register, or export the register into one."""

from __future__ import annotations

from pathlib import Path

from django.db import transaction

from palveluverkko.network.exchange.checks import check
from palveluverkko.network.exchange.collecting import Collector
from palveluverkko.network.exchange.formats import FORMATS
from palveluverkko.network.exchange.sources import Progress
from palveluverkko.network.exchange.store import (
    ImportCounts,
    load_bundle,
    load_known,
    store_bundle,
)
from palveluverkko.network.exchange.travel import TravelTable
from palveluverkko.network.models import Area


def import_register(
    source: Path,
    format: str = "csv",
    *,
    replace: bool = False,
    progress: Progress | None = None,
) -> ImportCounts:
    """Reads the source and brings the register to what it says; returns counts by table.

    ``progress(done_bytes, total_bytes)`` is called while reading. With ``replace``, rows that the
    source's tables lack are removed. Raises ``ImportRejected`` with every error of every file,
    and then nothing has changed.
    """
    with transaction.atomic():
        found = FORMATS[format].parse(Path(source), progress)
        check(found, load_known(found.tables, replace))
        if found.errors:
            _scan_travel_times(found)
            found.errors.reject()
        return store_bundle(found.bundle(), replace=replace)


def export_register(target: Path, format: str = "csv") -> None:
    """Writes everything that the register holds; travel times in CSV only."""
    FORMATS[format].write(load_bundle(), Path(target))


def _scan_travel_times(found: Collector) -> None:
    """The import is lost already: read the travel times for their errors, to tell them too."""
    table = found.travel_times
    if not isinstance(table, TravelTable):
        return
    known = load_known()
    areas = {str(pk) for pk in Area.objects.values_list("pk", flat=True)}
    areas |= {str(key) for key in found.mentioned["areas"]}
    points = known.codes["points"] | {str(key) for key in found.mentioned["points"]}
    table.scan(areas, points)
    found.errors.extend(table.errors)
