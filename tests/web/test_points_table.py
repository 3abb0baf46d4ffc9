"""The table: filters, sorting and exports by the address alone."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from palveluverkko.web.rows import COLUMNS, Row, ordered

pytestmark = pytest.mark.usefixtures("network")


def names(client: Client, query: str) -> list[str]:
    """The points of the table, in the order shown."""
    html = client.get(f"/en/points/{query}").content.decode()
    return re.findall(r'<th scope="row"><a href="[^"]*">([^<]*)</a>', html)


def test_all_points_are_on_one_page(client: Client) -> None:
    assert len(names(client, "")) == 5


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?q=kangas", {"Mikkeli keskus", "Kangasniemi"}),  # by municipality too
        ("?q=%C3%A5d%C3%B6", {"Älgö Ådö"}),
        ("?kind=joint_service_point", {"Asiointipiste Kemiö"}),
        ("?outcome=may_be_replaced", {"Kangasniemi"}),
        ("?outcome=add_day", {"Täynnä"}),  # a proposal beside the outcome
        ("?region=10", {"Mikkeli keskus", "Kangasniemi"}),
        ("?municipality=322&outcome=keep", {"Asiointipiste Kemiö"}),
        ("?q=nowhere", set()),
    ],
)
def test_filters_choose_rows(client: Client, query: str, expected: set[str]) -> None:
    assert set(names(client, query)) == expected


def test_sorting_by_visits_puts_unknown_last_in_both_directions(client: Client) -> None:
    rising = names(client, "?sort=weekly_visits")
    falling = names(client, "?sort=-weekly_visits")
    assert rising[0] == "Kangasniemi"  # withheld, so below every figure that is shown
    assert falling[0] == "Mikkeli keskus"
    assert rising[-1] == falling[-1] == "Asiointipiste Kemiö"


def test_headings_say_how_the_table_is_sorted(client: Client) -> None:
    html = client.get("/en/points/?sort=-opening_days&q=a").content.decode()
    assert 'aria-sort="descending"' in html
    assert "?q=a&amp;sort=opening_days" in html


def test_an_unknown_column_sorts_by_name(client: Client) -> None:
    assert names(client, "?sort=;drop") == names(client, "")


def test_csv_holds_the_filtered_rows_and_says_why_a_figure_is_absent(client: Client) -> None:
    response = client.get("/en/points.csv?region=10")
    text = response.content.decode("utf-8-sig")
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(text))}
    assert set(rows) == {"big", "small"}
    assert rows["big"]["weekly_visits"] == "412.0"
    assert rows["small"]["weekly_visits"] == ""
    assert rows["small"]["weekly_visits_note"] == "fewer than 5"
    assert "attachment" in response["Content-Disposition"]


def test_json_names_policy_day_and_data(client: Client) -> None:
    content = client.get("/en/points.json").json()
    assert content["policy"] == "kela-2017-12"
    assert content["as_of"] == "2018-06-01"
    assert content["data_hash"] == "d2" * 32
    assert len(content["points"]) == 5
    unknown = next(point for point in content["points"] if point["id"] == "joint")
    assert unknown["weekly_visits"] is None
    assert unknown["weekly_visits_note"] == "unknown"


def test_geojson_puts_longitude_first(client: Client) -> None:
    content = json.loads(client.get("/en/points.geojson?q=mikkeli").content)
    assert content["features"][0]["geometry"]["coordinates"] == [26.6, 61.9]


def test_a_name_that_looks_like_a_formula_is_not_one_in_the_csv(
    client: Client, network: dict[str, list[dict[str, str]]]
) -> None:
    network["points"] = [{**network["points"][0], "names": {"fi": "=HYPERLINK(1)"}}]
    assert "'=HYPERLINK(1)" in client.get("/en/points.csv").content.decode()


def test_names_are_escaped(client: Client, network: dict[str, list[dict[str, str]]]) -> None:
    network["points"] = [{**network["points"][0], "names": {"fi": "<script>x</script>"}}]
    for page in ("map/", "points/", "parity/"):
        assert "<script>x" not in client.get(f"/en/{page}").content.decode()


def _row(name: str, visits: float | None) -> Row:
    return Row(
        id=name,
        name=name,
        municipality="",
        municipality_code="",
        region="",
        region_code="",
        kind="service_point",
        kind_label="",
        outcome="keep",
        outcome_label="",
        proposals=(),
        opening_days=1,
        regular_days=5,
        weekly_visits=visits,
        shielded=False,
        visits_text="",
        interval_text="",
        synthetic=False,
        point={},
    )


@given(
    figures=st.lists(st.none() | st.floats(0, 1000)),
    column=st.sampled_from(COLUMNS),
    down=st.booleans(),
)
def test_sorting_loses_no_row_and_never_puts_unknown_first(
    figures: list[float | None], column: str, down: bool
) -> None:
    rows = [_row(f"p{i}", figure) for i, figure in enumerate(figures)]
    found = ordered(rows, f"-{column}" if down else column)
    assert sorted(row.id for row in found) == sorted(row.id for row in rows)
    if column == "weekly_visits":
        known = [row.weekly_visits is not None for row in found]
        assert known == sorted(known, reverse=True)
        shown = [row.weekly_visits for row in found if row.weekly_visits is not None]
        assert shown == sorted(shown, reverse=down)
