"""A snapshot as bytes and back, and the hash that names it in every decision."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from palveluverkko.snapshot.model import (
    Agreement,
    Areas,
    DemandWeeks,
    Mode,
    Municipality,
    Offer,
    Point,
    PointKind,
    RemoteChannel,
    Service,
    Snapshot,
    TravelTable,
)

FORMAT = 1


def _plain(value: object, arrays: dict[str, NDArray[Any]], path: str) -> object:
    """``value`` as JSON would hold it; arrays move to ``arrays`` under their path."""
    if isinstance(value, np.ndarray):
        arrays[path] = np.ascontiguousarray(value)
        return {"array": path}
    if is_dataclass(value):
        return {
            f.name: _plain(getattr(value, f.name), arrays, f"{path}.{f.name}")
            for f in fields(value)
        }
    if isinstance(value, dict):
        return {k: _plain(v, arrays, f"{path}.{k}") for k, v in value.items()}
    if isinstance(value, tuple):
        return [_plain(v, arrays, f"{path}[{i}]") for i, v in enumerate(value)]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    return value


def _split(snapshot: Snapshot) -> tuple[str, dict[str, NDArray[Any]]]:
    arrays: dict[str, NDArray[Any]] = {}
    records = _plain(snapshot, arrays, "snapshot")
    text = json.dumps(records, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text, arrays


def data_hash(snapshot: Snapshot) -> str:
    """SHA-256 (hex) over the canonical JSON of the records and the bytes of every array."""
    return _digest(*_split(snapshot))


def stored_hash(data: bytes) -> str:
    """The hash of what :func:`to_bytes` wrote, from the archive's own content.

    Not by way of a :class:`Snapshot`: a later version may know more fields than the one that
    froze the data, and would give undamaged data another hash.
    """
    with np.load(io.BytesIO(data), allow_pickle=False) as archive:
        arrays = {name: archive[name] for name in archive.files}
    return _digest(arrays.pop("records").tobytes().decode(), arrays)


def _digest(text: str, arrays: dict[str, NDArray[Any]]) -> str:
    digest = hashlib.sha256(f"{FORMAT}\n{text}".encode())
    for name in sorted(arrays):
        array = arrays[name]
        little = array.astype(array.dtype.newbyteorder("<"), copy=False)
        digest.update(f"\n{name} {little.dtype.str} {little.shape}\n".encode())
        digest.update(little.tobytes())
    return digest.hexdigest()


def to_bytes(snapshot: Snapshot) -> bytes:
    """The snapshot as one compressed NumPy archive, the records in it as JSON."""
    text, arrays = _split(snapshot)
    buffer = io.BytesIO()
    records = np.frombuffer(text.encode(), dtype=np.uint8)
    np.savez_compressed(buffer, records=records, **arrays)  # type: ignore[arg-type]
    return buffer.getvalue()


def from_bytes(data: bytes) -> Snapshot:
    """The snapshot that :func:`to_bytes` wrote; equal hash guaranteed by the caller's check."""
    with np.load(io.BytesIO(data), allow_pickle=False) as archive:
        arrays = {name: archive[name] for name in archive.files}
    raw: dict[str, Any] = json.loads(arrays.pop("records").tobytes().decode())

    def array(ref: dict[str, str]) -> Any:
        return arrays[ref["array"]]

    areas, demand, travel = raw["areas"], raw["demand"], raw["travel"]
    return Snapshot(
        as_of=date.fromisoformat(raw["as_of"]),
        agency=raw["agency"],
        points=tuple(_point(p) for p in raw["points"]),
        areas=Areas(
            ids=tuple(areas["ids"]),
            names=tuple(areas["names"]),
            municipalities=tuple(areas["municipalities"]),
            lat=array(areas["lat"]),
            lon=array(areas["lon"]),
            residents=array(areas["residents"]),
            strata={name: array(ref) for name, ref in areas["strata"].items()},
        ),
        municipalities=tuple(Municipality(**m) for m in raw["municipalities"]),
        services=tuple(Service(**s) for s in raw["services"]),
        channels=tuple(RemoteChannel(**c) for c in raw["channels"]),
        demand=DemandWeeks(
            first_monday=date.fromisoformat(demand["first_monday"]),
            visits=array(demand["visits"]),
            slots=array(demand["slots"]),
            open_minutes=array(demand["open_minutes"]),
            status=array(demand["status"]),
            services=tuple(demand["services"]),
            service_visits=array(demand["service_visits"]),
            mix_weeks=demand["mix_weeks"],
        ),
        travel=None
        if travel is None
        else TravelTable(
            area=array(travel["area"]),
            point=array(travel["point"]),
            minutes=array(travel["minutes"]),
            source=travel["source"],
            complete=travel["complete"],
        ),
    )


def _point(raw: dict[str, Any]) -> Point:
    agreement = raw["agreement"]
    return Point(
        **{
            **raw,
            "kind": PointKind(raw["kind"]),
            "regular_weekdays": tuple(raw["regular_weekdays"]),
            "open_weekdays": tuple(raw["open_weekdays"]),
            "offers": tuple(
                Offer(o["service"], Mode(o["mode"]), tuple(o["weekdays"])) for o in raw["offers"]
            ),
            "languages": tuple(raw["languages"]),
            "synthetic": tuple(raw["synthetic"]),
            "agreement": None
            if agreement is None
            else Agreement(
                host=agreement["host"],
                since=date.fromisoformat(agreement["since"]),
                until=None
                if agreement["until"] is None
                else date.fromisoformat(agreement["until"]),
                notice_days=agreement["notice_days"],
                video_room=agreement["video_room"],
            ),
        }
    )
