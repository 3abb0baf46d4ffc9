"""Travel times are streamed, and stored whole or not at all."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from palveluverkko.network.errors import ImportRejected
from palveluverkko.network.exchange import (
    export_register,
    import_register,
    store_bundle,
    travel,
)
from palveluverkko.network.models import TravelTime
from tests.network.exchange.strategies import small_register

HEADER = "from_id,to_id,travel_time\n"


@pytest.fixture
def register(db: None) -> None:
    store_bundle(small_register())


def _held() -> list[tuple[str, str, float, str]]:
    rows = TravelTime.objects.values_list("area_id", "point_id", "minutes", "transport")
    return sorted(rows)


def test_a_table_as_r5py_writes_it_is_stored_without_unreached_pairs(
    register: None, tmp_path: Path
) -> None:
    path = tmp_path / "travel_times.parquet"
    times = {"from_id": ["36600", "36600"], "to_id": ["palkane"] * 2, "travel_time": [None, 12.0]}
    pl.DataFrame(times).write_parquet(path)
    counts = import_register(path).tables["travel_times"]
    assert (counts.added, counts.changed) == (1, 0)
    assert _held() == [("36600", "palkane", 12.0, "car")]


def test_a_second_table_changes_the_pairs_it_holds(register: None, tmp_path: Path) -> None:
    path = tmp_path / "travel_times.csv"
    path.write_text(HEADER + "36600,palkane,12\n", encoding="utf-8")
    import_register(path)
    path.write_text(
        "from_id;to_id;travel_time;transport\n36600;palkane;12,5;car\n36600;palkane;40;transit\n",
        encoding="utf-8",
    )
    counts = import_register(path).tables["travel_times"]
    assert (counts.added, counts.changed, counts.removed) == (1, 1, 0)
    assert _held() == [
        ("36600", "palkane", 12.5, "car"),
        ("36600", "palkane", 40.0, "transit"),
    ]
    assert import_register(path).tables["travel_times"].changed == 0


def test_bad_rows_anywhere_are_all_told_and_nothing_is_stored(
    register: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(travel, "BLOCK_BYTES", 64)
    good = "36600,palkane,12\n"
    bad = "36600,nobody,12\n99999,palkane,12\n36600,palkane,-1\n36600,palkane,soon\n"
    path = tmp_path / "travel_times.csv"
    path.write_text(HEADER + good * 20 + bad + good * 20, encoding="utf-8")
    with pytest.raises(ImportRejected) as rejected:
        import_register(path)
    assert [(e.row, e.column, e.value) for e in rejected.value.errors] == [
        (22, "to_id", "nobody"),
        (23, "from_id", "99999"),
        (24, "travel_time", "-1"),
        (25, "travel_time", "soon"),
    ]
    assert _held() == []


def test_errors_of_travel_times_are_told_with_those_of_other_files(
    register: None, tmp_path: Path
) -> None:
    (tmp_path / "travel_times.csv").write_text(HEADER + "36600,nobody,1\n", encoding="utf-8")
    (tmp_path / "services.csv").write_text("code,name_fi\nBAD,x\n", encoding="utf-8")
    with pytest.raises(ImportRejected) as rejected:
        import_register(tmp_path)
    assert {e.file for e in rejected.value.errors} == {"travel_times.csv", "services.csv"}


def test_wrong_encoding_names_the_byte_in_a_later_block(
    register: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(travel, "BLOCK_BYTES", 64)
    data = (HEADER + "36600,palkane,12\n" * 30).encode() + "36600,pälkäne,1\n".encode("latin-1")
    path = tmp_path / "travel_times.csv"
    path.write_bytes(data)
    with pytest.raises(ImportRejected) as rejected:
        import_register(path)
    (error,) = rejected.value.errors
    assert error.row == 32
    assert str(data.index(b"\xe4")) in error.rule


def test_progress_runs_to_the_size_of_the_file(
    register: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(travel, "BLOCK_BYTES", 256)
    path = tmp_path / "travel_times.csv"
    path.write_text(HEADER + "36600,palkane,12\n" * 100, encoding="utf-8")
    seen: list[tuple[int, int]] = []
    import_register(path, progress=lambda done, total: seen.append((done, total)))
    size = path.stat().st_size
    assert len(seen) > 3
    assert seen[-1] == (size, size)
    assert seen == sorted(seen)


def test_travel_times_survive_export_and_import(register: None, tmp_path: Path) -> None:
    TravelTime.objects.create(
        area_id="36600", point_id="palkane", minutes=7.25, transport="car", source="r5py 1.0"
    )
    held = list(TravelTime.objects.values())
    export_register(tmp_path / "out")
    TravelTime.objects.all().delete()
    import_register(tmp_path / "out")
    assert list(TravelTime.objects.values()) == held
