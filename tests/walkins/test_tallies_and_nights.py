"""Tallies count once; nights close what was forgotten and report the days that were kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from palveluverkko.demand.models import DayReport, PointWeek
from palveluverkko.demand.queries import reported_days
from palveluverkko.demand.services import finish_weeks, take_back_visit
from palveluverkko.messages.jobs import run_periodic
from palveluverkko.messages.models import Message
from palveluverkko.network.errors import ImportRejected
from palveluverkko.snapshot.model import WeekStatus
from palveluverkko.walkins import queries
from palveluverkko.walkins import services as verbs
from palveluverkko.walkins.errors import DeskClosed, NotPossible, TooLateToReopen
from palveluverkko.walkins.models import DeskSession, Tally, Ticket
from tests.walkins.build import NOW, at, build_adviser, build_desk, build_point, take, visits

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)
TODAY = ("general", "2026-03-02")
NIGHT = NOW + timedelta(hours=18)  # 4:00 on Tuesday


def test_one_tap_is_one_visit_however_often_it_is_sent(point):
    assert verbs.tally(point.id, "general", key="a", now=NOW)
    assert not verbs.tally(point.id, "general", key="a", now=at(1))
    assert verbs.tally(point.id, "general", key="b", now=at(2))
    assert visits() == {TODAY: 2}
    assert queries.today_counts(point.id, NOW).tallied == {"general": 2}


def test_a_tap_is_taken_back_once(point):
    verbs.tally(point.id, "general", key="a", now=NOW)
    verbs.tally(point.id, "general", key="b", now=NOW)
    assert verbs.untally("a", now=at(1))
    assert not verbs.untally("a", now=at(2))
    assert not verbs.untally("never", now=at(2))
    assert visits() == {TODAY: 1}
    assert not verbs.tally(point.id, "general", key="a", now=at(3))


def test_a_tap_that_demand_refuses_leaves_no_trace(point):
    for service, mode in (("rehab", "walk_in"), ("general", "pigeon")):
        with pytest.raises(ImportRejected):
            verbs.tally(point.id, service, mode, key="a", now=NOW)
    assert not Tally.objects.exists()
    assert visits() == {}


def test_no_count_falls_below_none(point):
    assert not take_back_visit(point.id, "general", "walk_in", DAY)
    verbs.tally(point.id, "general", key="a", now=NOW)
    assert take_back_visit(point.id, "general", "walk_in", DAY)
    assert not take_back_visit(point.id, "general", "walk_in", DAY)
    assert visits() == {}


def test_taking_a_visit_back_remakes_its_week(point):
    verbs.tally(point.id, "general", key="a", now=NOW)
    verbs.tally(point.id, "general", key="b", now=NOW)
    for day in range(5):
        DayReport.objects.get_or_create(point=point, date=DAY + timedelta(days=day))
    finish_weeks()
    assert PointWeek.objects.get(monday=DAY).visits == 2
    verbs.untally("a")
    assert PointWeek.objects.get(monday=DAY).visits == 1


def test_what_was_left_open_yesterday_is_closed_and_marked(point, desk):
    take(phone="0401234567"), take()
    called = verbs.call_next(desk.id, now=at(1)).ticket
    assert verbs.close_past_days(at(60)) == 0
    assert Ticket.objects.filter(phone="+358401234567").exists()
    assert verbs.close_past_days(NIGHT) == 4  # two tickets, one number, one desk
    assert verbs.close_past_days(NIGHT) == 0
    assert [(t.state, t.closed_at_night, t.phone) for t in Ticket.objects.all()] == [
        ("left", True, "")
    ] * 2
    assert DeskSession.objects.get().closed_at_night
    assert Message.objects.get().state == "cancelled"
    assert visits() == {}
    with pytest.raises(TooLateToReopen):
        verbs.reopen(called.id, now=NIGHT)
    with pytest.raises(NotPossible):
        verbs.finish(called.id, now=NIGHT)
    with pytest.raises(DeskClosed):
        verbs.call_next(desk.id)


def test_the_number_of_a_finished_ticket_is_deleted_too(point, desk):
    take(phone="0401234567")
    verbs.finish(verbs.call_next(desk.id, now=at(1)).ticket.id, now=at(9))
    verbs.close_past_days(NIGHT)
    assert not Ticket.objects.exclude(phone="").exists()
    assert visits() == {TODAY: 1}


def test_a_day_on_which_a_desk_was_open_is_a_zero_and_a_day_without_is_missing(point, desk):
    assert verbs.report_finished_days(at(600)) == 0  # still Monday
    assert verbs.report_finished_days(NIGHT) == 1
    assert verbs.report_finished_days(NIGHT) == 0
    assert reported_days([point.id], DAY) == {(point.id, DAY)}
    assert visits() == {}
    finish_weeks()
    assert PointWeek.objects.get(monday=DAY).status == WeekStatus.MISSING
    assert PointWeek.objects.get(monday=DAY).days_reported == 1


def test_a_tallied_day_is_reported_unless_every_tap_was_taken_back(point):
    verbs.tally(point.id, "general", key="a", now=NOW)
    verbs.untally("a")
    assert verbs.report_finished_days(NIGHT) == 0
    verbs.tally(point.id, "general", key="b", now=NOW)
    assert verbs.report_finished_days(NIGHT) == 1


def test_a_report_made_by_hand_is_left_alone_and_figures_are_passed_on(point, desk):
    village = build_point("village")
    verbs.tally("village", "general", key="a", now=NOW)
    DayReport.objects.create(point=village, date=DAY, slots=9)
    known = {"slots": 12, "booked": 5}
    assert verbs.report_finished_days(NIGHT, lambda point, day: known) == 1
    assert DayReport.objects.get(point=village).slots == 9
    assert DayReport.objects.get(point=point).booked == 5


def test_a_day_that_is_refused_does_not_keep_the_others_from_their_report(point, desk):
    ended = build_point("ended")
    verbs.tally("ended", "general", key="a", now=NOW)
    ended.valid_until = DAY - timedelta(days=1)
    ended.save()
    assert verbs.report_finished_days(NIGHT) == 1


def test_each_points_day_ends_at_its_own_midnight(db):
    east = build_point("east", "Pacific/Kiritimati")
    opens = datetime(2026, 3, 1, 19, 0, tzinfo=UTC)  # 9:00 on Monday the 2nd there
    desk = verbs.open_desk(build_adviser().pk, build_desk(east).pk, east.id, now=opens)
    take(east.id, minutes=(opens - NOW).total_seconds() / 60)
    ticket = verbs.call_next(desk.id, now=opens).ticket
    verbs.finish(ticket.id, now=opens + timedelta(minutes=9))
    assert visits() == {TODAY: 1}
    assert desk.day == DAY
    midnight = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
    assert verbs.report_finished_days(midnight - timedelta(minutes=1)) == 0
    assert verbs.report_finished_days(midnight) == 1
    assert verbs.close_past_days(midnight) == 0  # hours may pass midnight
    assert verbs.close_past_days(midnight + timedelta(hours=3)) == 1


def test_a_point_far_ahead_counts_a_visit_on_a_day_that_the_agency_has_not_begun(db, monkeypatch):
    east = build_point("east", "Pacific/Kiritimati")
    opens = datetime(2026, 3, 1, 19, 30, tzinfo=UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: opens)
    assert verbs.tally(east.id, "general", key="a")
    assert visits() == {TODAY: 1}
    build_point("town")
    with pytest.raises(ImportRejected, match="future"):
        verbs.tally("town", "general", key="b", now=NOW)


def test_the_periodic_job_does_both(point, desk):
    take()
    run_periodic()
    assert Ticket.objects.get().closed_at_night
    assert DayReport.objects.count() == 0  # older than a month: nobody would look for it
