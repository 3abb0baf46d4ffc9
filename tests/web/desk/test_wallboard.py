"""The wallboard: for managers, adds up, and says unknown where nothing is known."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client

from palveluverkko.booking.models import Resource
from palveluverkko.contact import balance, pool, states
from palveluverkko.contact.models import AdviserState
from palveluverkko.queueing.fairness import Gap, NoGap, WhyNoGap
from palveluverkko.web.desk.views.wallboard import gap_words
from tests.web.desk import world

ADDRESS = "/en/desk/wallboard/"
NOW = world.MORNING


def text_of(client: Client) -> str:
    answer = client.get(ADDRESS)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_an_adviser_may_not_see_it(adviser: Client) -> None:
    assert adviser.get(ADDRESS).status_code == 403


def test_an_empty_morning_says_so_and_shows_no_zeros_for_the_unknown(manager: Client) -> None:
    page = text_of(manager)
    assert "Nobody waits." in page
    assert "Nobody is at work on the remote channels." in page
    assert "Nobody has come today." in page
    assert "No day has been recorded yet." in page
    assert "unknown, because too few have been answered today" in page


def test_the_day_adds_up_and_waits_are_of_those_who_were_answered(manager: Client) -> None:
    person = world.adviser(1)
    Resource.objects.filter(kind="adviser").update(services=["general"], languages=["fi"])
    states.begin(person.pk, now=NOW - timedelta(minutes=30))
    served = pool.enter("web_call", "general", "fi", key="1", now=NOW - timedelta(minutes=20))
    waits = pool.enter("web_call", "general", "fi", key="2", now=NOW - timedelta(minutes=12))
    pool.enter("video", "general", "sv", key="3", now=NOW - timedelta(minutes=5))
    pool.accept(served.pk, person.pk, now=NOW - timedelta(minutes=19))
    page = text_of(manager)
    assert "= 0 answered + 0 gave up or were not reached + 1 not let in" in page
    assert "+ 2 still open." in page
    assert "unknown: nobody was answered" in page
    assert "12 minutes" in page
    pool.finish(served.pk, now=NOW - timedelta(minutes=2))
    pool.abandon(waits.pk, now=NOW - timedelta(minutes=1))
    page = text_of(manager)
    assert "= 1 answered + 1 gave up or were not reached + 1 not let in" in page
    assert "not reached + 1 not let in + 0 chose a callback + 0 still open." in page
    assert "60 s on average, nine of ten below 60 s" in page
    assert "The page of 1 adviser has not been heard for a minute." in page


def test_where_nothing_could_be_answered_there_is_no_share_and_every_language_is_named(
    manager: Client,
) -> None:
    Resource.objects.filter(kind="adviser").update(services=["general"], languages=["fi"])
    states.begin(world.adviser(1).pk, now=NOW - timedelta(minutes=30))
    for key, language in enumerate(("fi", "sv", "sv")):
        pool.enter("video", "general", language, key=str(key), now=NOW - timedelta(minutes=5))
    page = text_of(manager)
    assert "+ 2 not let in + 0 chose a callback + 1 still open." in page
    assert "nothing to count" in page
    assert ">0 %<" not in page
    assert "Video at once, Suomi: 1 came, not answered." in page
    assert "Video at once, Svenska: 2 came, none of them answered." in page


def test_recorded_days_are_shown(manager: Client) -> None:
    pool.enter("web_call", "general", "fi", key="1", now=NOW - timedelta(days=1))
    balance.close_past_days(NOW)
    assert "As recorded in the night after each day." in text_of(manager)


def test_gaps_are_told_with_their_chance() -> None:
    assert "no difference beyond chance" in gap_words("sv", Gap("sv", "fi", 5, -3, 13))
    assert "waits 20 seconds longer" in gap_words("sv", Gap("sv", "fi", 20, 10, 30))
    less = gap_words("sv", Gap("sv", "fi", -20, -30, -10))
    assert "waits 20 seconds less" in less
    assert "between 10 and 30" in less
    assert "unknown" in gap_words("sv", NoGap(WhyNoGap.FEW_HOURS))


def test_no_personal_data_is_on_it(manager: Client) -> None:
    pool.enter("web_call", "general", "fi", key="1", caller="+358401234567", now=NOW)
    assert AdviserState.objects.count() == 0
    assert "401234567" not in text_of(manager)
