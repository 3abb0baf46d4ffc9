"""A file with any bad row changes nothing and tells every error at once."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import pytest

from palveluverkko.network import revision
from palveluverkko.network.errors import ImportRejected
from palveluverkko.network.exchange import (
    collecting,
    export_register,
    import_register,
    load_bundle,
    store_bundle,
)
from palveluverkko.network.exchange.records import HoursRecord
from palveluverkko.network.models import ServicePoint
from tests.network.exchange.strategies import small_register

POINT = "id,kind,name_fi,municipality,lat,lon\n"


@pytest.fixture
def register(db: None) -> None:
    store_bundle(small_register())


def _errors(folder: Path, format: str = "csv") -> list[tuple[str, int | None, str | None, str]]:
    """Every error of an import that is rejected and leaves the register as it was."""
    before, number = load_bundle(), revision.current()
    with pytest.raises(ImportRejected) as rejected:
        import_register(folder, format)
    assert (load_bundle(), revision.current()) == (before, number)
    return [(e.file, e.row, e.column, e.rule) for e in rejected.value.errors]


def _places(folder: Path) -> set[tuple[str, int | None, str | None]]:
    return {error[:3] for error in _errors(folder)}


def test_every_error_of_every_file_is_told_at_once(register: None, tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text(
        "id,kind,name_fi,municipality,lat,lon,languages,valid_from,valid_until\n"
        "good,service_point,Hyvä,148,68.9,27.0,fi se,,\n"
        "good,service_point,Sama,148,68.9,27.0,fi,,\n"
        "code,service_point,Kunta,999,68.9,27.0,fi,,\n"
        "kind,kiosk,Laji,148,68.9,27.0,fi,,\n"
        "lat,service_point,Leveys,148,98.9,27.0,fi,,\n"
        "lang,service_point,Kieli,148,68.9,27.0,fi xx,,\n"
        "dates,service_point,Päivät,148,68.9,27.0,fi,2018-02-01,2018-01-01\n"
        "far,service_point,Kaukana,635,60.2,24.9,fi,,\n",
        encoding="utf-8",
    )
    (tmp_path / "hours.csv").write_text(
        "point,weekday,opens,closes,service,mode\n"
        "good,0,15:00,09:00,,\n"
        "nobody,0,09:00,15:00,,\n"
        "good,0,09:00,15:00,unheard,\n"
        "good,0,09:00,15:00,,telepathy\n"
        "lat,0,09:00,15:00,,\n",
        encoding="utf-8",
    )
    assert _places(tmp_path) == {
        ("points.csv", 3, "id"),
        ("points.csv", 4, "municipality"),
        ("points.csv", 5, "kind"),
        ("points.csv", 6, "lat"),
        ("points.csv", 7, "languages"),
        ("points.csv", 8, "valid_until"),
        ("points.csv", 9, "lat"),
        ("hours.csv", 2, "closes"),
        ("hours.csv", 3, "point"),
        ("hours.csv", 4, "service"),
        ("hours.csv", 5, "mode"),
    }


def test_one_row_tells_all_of_its_errors(register: None, tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text(
        "id,kind,name_fi,municipality,lat,lon,valid_from,valid_until\n"
        "A,kiosk,,148,x,200,2018-02-01,2018-01-01\n",
        encoding="utf-8",
    )
    columns = {c for _, _, c in _places(tmp_path)}
    assert columns == {"id", "kind", "name_fi", "lat", "lon", "valid_until"}


def test_twenty_kilometres_outside_is_far_and_nineteen_is_not(
    register: None, tmp_path: Path
) -> None:
    # Pälkäne's boundary is crossed going west along 61.338 N somewhere before 23.9 E.
    from palveluverkko.network.boundaries import boundary_distance_km

    lons = [24.268 - step / 200 for step in range(300)]
    near = [x for x in lons if 18.5 < (boundary_distance_km("635", 61.338, x) or 0) < 20]
    far = [x for x in lons if 20 < (boundary_distance_km("635", 61.338, x) or 0) < 21.5]
    path = tmp_path / "points.csv"
    path.write_text(f"{POINT}near,service_point,A,635,61.338,{near[0]}\n", encoding="utf-8")
    assert import_register(path).total.added == 1
    path.write_text(f"{POINT}far,service_point,A,635,61.338,{far[0]}\n", encoding="utf-8")
    assert _places(path) == {("points.csv", 2, "lat")}


def test_where_no_boundary_is_known_the_central_locality_decides(
    register: None, tmp_path: Path
) -> None:
    (tmp_path / "municipalities.csv").write_text(
        "code,name_fi,lat,lon\n911,Valtimo,63.678,28.815\n", encoding="utf-8"
    )
    path = tmp_path / "points.csv"
    path.write_text(f"{POINT}v,service_point,V,911,62.9,27.7\n", encoding="utf-8")
    assert _places(tmp_path) == {("points.csv", 2, "lat")}
    path.write_text(f"{POINT}v,service_point,V,911,63.5,28.5\n", encoding="utf-8")
    assert import_register(tmp_path).tables["points"].added == 1


def test_wrong_encoding_names_the_byte(register: None, tmp_path: Path) -> None:
    text = f"{POINT}a,service_point,Jyväskylä,148,68.9,27.0\n"
    path = tmp_path / "points.csv"
    path.write_bytes(text.encode("latin-1"))
    ((file, row, column, rule),) = _errors(path)
    assert (file, row, column) == ("points.csv", 2, None)
    assert str(text.index("ä")) in rule


@pytest.mark.parametrize("content", ["", "\n", "\ufeff"])
def test_an_empty_file_is_an_error(register: None, tmp_path: Path, content: str) -> None:
    path = tmp_path / "points.csv"
    path.write_text(content, encoding="utf-8")
    ((file, row, _, _),) = _errors(path)
    assert (file, row) == ("points.csv", None)


def test_missing_unknown_and_repeated_columns_are_told(register: None, tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    path.write_text("id,kind,name_fi,name_fi,municipality,latitude,lon\n", encoding="utf-8")
    assert _places(path) == {
        ("points.csv", 1, "name_fi"),
        ("points.csv", 1, "latitude"),
        ("points.csv", 1, "lat"),
    }


def test_rows_after_a_note_with_line_breaks_keep_their_line_numbers(
    register: None, tmp_path: Path
) -> None:
    path = tmp_path / "points.csv"
    path.write_text(
        "id,kind,name_fi,municipality,lat,lon,notes_fi\n"
        'a,service_point,A,148,68.9,27.0,"one\ntwo\nthree"\n'
        "b,service_point,B,148,x,27.0,\n",
        encoding="utf-8",
    )
    assert _places(path) == {("points.csv", 5, "lat")}


def test_errors_beyond_the_cap_are_counted(
    register: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collecting, "MAX_ERRORS", 10)
    path = tmp_path / "points.csv"
    rows = "".join(f"p{i},kiosk,A,148,68.9,27.0\n" for i in range(25))
    path.write_text(POINT + rows, encoding="utf-8")
    with pytest.raises(ImportRejected) as rejected:
        import_register(path)
    assert (len(rejected.value.errors), rejected.value.omitted) == (10, 15)


def test_semicolons_decimal_commas_bom_and_municipality_names_are_accepted(
    register: None, tmp_path: Path
) -> None:
    path = tmp_path / "omat pisteet.csv"
    path.write_text(
        "\ufeffid;kind;name_fi;municipality;lat;lon;languages\r\n"
        "inari;service_point;Aanaar č đ ŋ ʹ ǩ ǯ;Enare;68,905;27,028;fi se\r\n",
        encoding="utf-8",
    )
    import_register(path)
    point = ServicePoint.objects.get(pk="inari")
    assert (point.lat, point.lon, point.municipality_id) == (68.905, 27.028, "148")
    assert point.name_fi == "Aanaar č đ ŋ ʹ ǩ ǯ"


def test_a_zip_imports_like_its_folder(register: None, tmp_path: Path) -> None:
    export_register(tmp_path / "all")
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for path in (tmp_path / "all").iterdir():
            archive.write(path, f"inside/{path.name}")
    before = load_bundle()
    counts = import_register(tmp_path / "all.zip", replace=True).total
    assert (counts.added, counts.changed, counts.removed) == (0, 0, 0)
    assert load_bundle() == before


def test_a_missing_or_broken_source_is_an_error_and_not_a_crash(
    register: None, tmp_path: Path
) -> None:
    assert _places(tmp_path / "nothing.csv") == {("nothing.csv", None, None)}
    (tmp_path / "broken.zip").write_bytes(b"PK not a zip")
    assert _places(tmp_path / "broken.zip") == {("broken.zip", None, None)}
    (tmp_path / "broken.json").write_text('[{"id": ', encoding="utf-8")
    assert [e[1] for e in _errors(tmp_path / "broken.json", "ptv")] == [1]
    (tmp_path / "empty").mkdir()
    assert _places(tmp_path / "empty") == {("empty", None, None)}


def test_a_point_with_visits_is_not_removed_by_an_import(register: None, tmp_path: Path) -> None:
    from palveluverkko.demand.models import DayReport

    DayReport.objects.create(point_id="palkane", date=date(2018, 1, 2))
    path = tmp_path / "points.csv"
    path.write_text(f"{POINT}b,service_point,B,148,68.9,27.0\n", encoding="utf-8")
    with pytest.raises(ImportRejected) as rejected:
        import_register(path, replace=True)
    assert [e.value for e in rejected.value.errors] == ["palkane"]
    assert set(ServicePoint.objects.values_list("pk", flat=True)) == {"palkane"}


def test_hours_of_a_night_may_end_before_they_begin_only_if_marked(
    register: None, tmp_path: Path
) -> None:
    path = tmp_path / "hours.csv"
    path.write_text(
        "point,weekday,opens,closes,overnight\npalkane,4,22.00,4:00,true\n", encoding="utf-8"
    )
    import_register(path)
    nights = [h for h in load_bundle().hours if isinstance(h, HoursRecord) and h.overnight]
    assert [(h.opens.hour, h.closes.hour) for h in nights] == [(22, 4)]


@pytest.mark.parametrize(
    ("country", "subdivision", "categories", "wrong"),
    [
        ("ZZ", "", "public", ["country"]),
        ("US", "XX", "public", ["subdivision"]),
        ("FI", "18", "nonsense odd", ["closed_categories", "closed_categories"]),
        ("US", "XX", "nonsense", ["closed_categories", "subdivision"]),
    ],
)
def test_holidays_that_nobody_knows_are_errors_and_not_crashes(
    register: None,
    tmp_path: Path,
    country: str,
    subdivision: str,
    categories: str,
    wrong: list[str],
) -> None:
    (tmp_path / "agency.csv").write_text(
        "code,name_fi,country,subdivision,timezone,closed_categories\n"
        f"office,Office,{country},{subdivision},America/Anchorage,{categories}\n",
        encoding="utf-8",
    )
    assert sorted(str(e[2]) for e in _errors(tmp_path)) == wrong


def test_an_agency_of_another_country_is_welcome(register: None, tmp_path: Path) -> None:
    path = tmp_path / "agency.csv"
    path.write_text(
        "code,name_fi,country,subdivision,timezone,closed_categories\n"
        "office,Office,US,AK,America/Anchorage,public\n",
        encoding="utf-8",
    )
    assert import_register(path).total.added == 1


def test_brackets_without_end_are_an_error_and_not_a_crash(register: None, tmp_path: Path) -> None:
    (tmp_path / "deep.json").write_text("[" * 200_000, encoding="utf-8")
    for format in ("ptv", "hsds"):
        assert [e[:3] for e in _errors(tmp_path / "deep.json", format)] == [
            ("deep.json", None, None)
        ]
