"""A kept assessment can be made again from its frozen data, and gives the same bytes."""

import io
import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from palveluverkko.decisions import queries, runs
from palveluverkko.decisions.document import to_bytes
from palveluverkko.decisions.models import AssessmentRun, FrozenSnapshot
from palveluverkko.decisions.policies import PolicyNotFound, get_policy
from palveluverkko.decisions.program import program_mark
from palveluverkko.demand.models import DailyVisits, DayReport
from palveluverkko.demand.services import record_visits
from palveluverkko.network.models import ServicePoint
from palveluverkko.snapshot import freeze
from tests.factories import ServicePointFactory
from tests.networks import AS_OF, build_small_network

pytestmark = pytest.mark.django_db
POLICY = "kela-2017-12"


@pytest.fixture(autouse=True)
def network(db: None) -> None:
    queries.clear_cache()
    build_small_network()


def outcome(content: dict, point: str) -> dict:
    return next(p for p in content["points"] if p["id"] == point)


def test_the_document_says_what_the_register_and_the_counts_say() -> None:
    _, content = runs.store_run(get_policy(POLICY), AS_OF)
    quiet = outcome(content, "quiet")
    assert quiet["opening_days"] == 1
    assert quiet["weekly_visits"] == pytest.approx(40, abs=0.01)
    assert quiet["interval"][0] <= 40 <= quiet["interval"][1]
    assert outcome(content, "town")["outcome"] == "keep"
    assert outcome(content, "town-joint")["weekly_visits"] is None
    assert sum(content["summary"].values()) == 3


def test_a_run_made_again_on_its_frozen_data_gives_the_same_bytes() -> None:
    run, content = runs.store_run(get_policy(POLICY), AS_OF)
    # The world moves on; the run does not.
    DailyVisits.objects.all().delete()
    ServicePoint.objects.filter(pk="town").update(name_fi="Muu")
    again = runs.rerun(AssessmentRun.objects.get(pk=run.pk))
    assert again.same_bytes
    assert bytes(run.result) == to_bytes(content)


def test_the_same_data_and_policy_are_one_run() -> None:
    first, _ = runs.store_run(get_policy(POLICY), AS_OF)
    second, _ = runs.store_run(get_policy(POLICY), AS_OF)
    assert first.pk == second.pk
    assert FrozenSnapshot.objects.count() == 1


def test_data_frozen_before_a_field_was_known_are_not_called_damaged() -> None:
    run, content = runs.store_run(get_policy(POLICY), AS_OF)
    with np.load(io.BytesIO(bytes(run.snapshot.content)), allow_pickle=False) as archive:
        arrays = {name: archive[name] for name in archive.files}
    records = json.loads(arrays["records"].tobytes())
    for point in records["points"]:
        del point["names"]
    older = json.dumps(records, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    arrays["records"] = np.frombuffer(older.encode(), dtype=np.uint8)
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    frozen = FrozenSnapshot.objects.create(
        data_hash=freeze.stored_hash(buffer.getvalue()), as_of=AS_OF, content=buffer.getvalue()
    )
    assert frozen.data_hash != content["data_hash"]
    AssessmentRun.objects.filter(pk=run.pk).update(snapshot=frozen)
    assert not runs.rerun(AssessmentRun.objects.get(pk=run.pk)).same_bytes


def test_data_cut_short_are_damaged_too() -> None:
    run, _ = runs.store_run(get_policy(POLICY), AS_OF)
    for content in (bytes(run.snapshot.content)[:-200], b"", b"PK"):
        FrozenSnapshot.objects.filter(pk=run.snapshot_id).update(content=content)
        with pytest.raises(runs.SnapshotDamaged):
            runs.rerun(AssessmentRun.objects.select_related("snapshot").get(pk=run.pk))


def test_damaged_data_are_not_assessed() -> None:
    run, _ = runs.store_run(get_policy(POLICY), AS_OF)
    other, _ = runs.store_run(get_policy(POLICY), date(2018, 5, 21))
    FrozenSnapshot.objects.filter(pk=run.snapshot_id).update(content=other.snapshot.content)
    with pytest.raises(runs.SnapshotDamaged):
        runs.rerun(AssessmentRun.objects.get(pk=run.pk))


def test_a_changed_result_is_noticed() -> None:
    run, content = runs.store_run(get_policy(POLICY), AS_OF)
    content["summary"] = {"keep": 3}
    AssessmentRun.objects.filter(pk=run.pk).update(result=to_bytes(content))
    assert not runs.rerun(AssessmentRun.objects.get(pk=run.pk)).same_bytes


def test_every_reason_is_told_in_three_languages_with_its_figure_and_threshold() -> None:
    _, content = runs.store_run(get_policy(POLICY), AS_OF)
    for point in content["points"]:
        assert point["reasons"], point["id"]
        for reason in point["reasons"]:
            assert all(reason["text"][language] for language in ("fi", "sv", "en"))
    demand = outcome(content, "quiet")["reasons"][0]
    assert demand["threshold"] == 100
    assert demand["figure"] == pytest.approx(40, abs=0.01)
    assert demand["data"]["weeks"]["complete"] > 40


def test_a_report_is_computed_once_and_again_after_a_change() -> None:
    first = queries.report(POLICY, AS_OF)
    assert queries.report(POLICY, AS_OF) is first
    record_visits("quiet", "general", "walk_in", date(2018, 5, 21), 75)
    changed = queries.report(POLICY, AS_OF)
    assert changed["data_hash"] != first["data_hash"]
    assert outcome(changed, "quiet")["weekly_visits"] > outcome(first, "quiet")["weekly_visits"]


def test_the_newest_data_decide_the_default_day() -> None:
    assert queries.default_as_of() == AS_OF


def test_an_unknown_policy_names_the_known_ones() -> None:
    with pytest.raises(PolicyNotFound, match="kela-2017-12"):
        get_policy("kela-1917")


def test_the_network_of_a_past_day_is_assessed_as_it_was() -> None:
    ServicePoint.objects.filter(pk="quiet").update(valid_until=date(2018, 5, 31))
    after = runs.compute(get_policy(POLICY), AS_OF)[1]
    before = runs.compute(get_policy(POLICY), date(2018, 5, 25))[1]
    assert {p["id"] for p in before["points"]} - {p["id"] for p in after["points"]} == {"quiet"}


def test_the_document_is_plain_json() -> None:
    content = runs.compute(get_policy(POLICY), AS_OF)[1]
    assert json.loads(to_bytes(content)) == content


def test_names_are_told_in_the_readers_language() -> None:
    ServicePoint.objects.filter(pk="town").update(name_sv="Stan")
    content = runs.compute(get_policy(POLICY), AS_OF)[1]
    assert outcome(content, "town")["names"] == {"fi": "Town", "sv": "Stan", "en": "Town"}
    receiver = next(r for r in outcome(content, "quiet")["substitutes"] if r["id"] == "town")
    assert receiver["names"]["sv"] == "Stan"


def test_the_mark_of_the_program_changes_with_its_rules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "palveluverkko"
    (package / "criteria").mkdir(parents=True)
    (package / "__init__.py").touch()
    rule = package / "criteria" / "rule.py"
    marks = []
    monkeypatch.setattr("palveluverkko.__file__", str(package / "__init__.py"))
    for text in ("LIMIT = 1\n", "LIMIT = 2\n", "LIMIT = 1\n"):
        rule.write_text(text, encoding="utf-8")
        program_mark.cache_clear()
        marks.append(program_mark())
    program_mark.cache_clear()
    assert marks[0] == marks[2] != marks[1]


def test_a_few_points_that_report_today_do_not_move_the_default_day() -> None:
    DayReport.objects.all().delete()
    points = [ServicePointFactory() for _n in range(8)]
    for point in points:
        DayReport.objects.create(point=point, date=date(2018, 5, 31))
    DayReport.objects.create(point=points[0], date=date(2020, 1, 7))
    queries.clear_cache()
    assert queries.default_as_of() == date(2018, 6, 1)
    DayReport.objects.create(point=points[1], date=date(2020, 1, 7))
    queries.clear_cache()
    assert queries.default_as_of() == date(2020, 1, 8)
