"""Fairness between languages: measured by contact, kept small, and not to be gamed."""

from __future__ import annotations

import random
from datetime import timedelta
from statistics import fmean

import pytest

from palveluverkko.queueing import Adviser
from palveluverkko.queueing.fairness import (
    Answered,
    Gap,
    NoGap,
    WhyNoGap,
    language_gap,
    waits_by_language,
    waits_of,
)
from tests.queueing.remote_day import SERVICE, START, advisers, arrivals, at, play

DAYS = range(12)
# 36 advisers, a third of them bilingual; every tenth contact in Swedish; in the busy hour all talk.
PEOPLE = advisers(24, 12)
PER_HOUR = 320.0


def mean(found: list[Answered], language: str) -> float:
    return fmean(a.wait_seconds for a in found if a.language == language)


def test_both_languages_wait_about_as_long() -> None:
    found = [one for seed in DAYS for one in play(arrivals(seed, PER_HOUR, 0.1), PEOPLE)]
    finnish, swedish = mean(found, "fi"), mean(found, "sv")
    assert finnish > 60  # it is a busy day
    assert abs(swedish - finnish) < 0.1 * finnish


def test_advisers_kept_to_one_language_each_would_be_less_fair_each_day() -> None:
    """The same number in proportion to who comes: chance alone makes one line wait longer."""
    apart = [
        Adviser(a.ref, frozenset({SERVICE}), frozenset({"sv"} if i < 4 else {"fi"}))
        for i, a in enumerate(PEOPLE)
    ]

    def daily_gap(people: list[Adviser]) -> float:
        found = [play(arrivals(seed, PER_HOUR, 0.1), people) for seed in DAYS]
        return fmean(abs(mean(day, "sv") - mean(day, "fi")) for day in found)

    assert daily_gap(PEOPLE) < daily_gap(apart) / 3


def test_nobody_gains_by_choosing_the_other_languages_line() -> None:
    """The same customers, each day's every tenth Finnish one choosing Swedish instead."""
    gains, waited = [], []
    for seed in DAYS:
        day = arrivals(seed, PER_HOUR, 0.1)
        speaking = [i for i, a in enumerate(day) if a.language == "fi"][::10]
        honest = play(day, PEOPLE)
        waited += [a.wait_seconds for a in honest]
        moved = [
            type(a)(a.minute, "sv", a.minutes) if i in set(speaking) else a
            for i, a in enumerate(day)
        ]
        tricked = play(moved, PEOPLE)
        gains += [honest[i].wait_seconds - tricked[i].wait_seconds for i in speaking]
    assert fmean(gains) < 0.05 * fmean(waited)


def test_within_a_language_and_service_the_earlier_is_answered_first() -> None:
    day = arrivals(1, PER_HOUR, 0.1)
    found = play(day, PEOPLE)
    for language in ("fi", "sv"):
        starts = [
            a.came_at + timedelta(seconds=a.wait_seconds) for a in found if a.language == language
        ]
        assert starts == sorted(starts)


def test_the_interval_covers_the_true_gap_as_often_as_it_says() -> None:
    """Hours share a mood (+-60 s), Swedish waits 30 s longer: nine of ten intervals know it."""
    chance, covered, plays = random.Random(3), 0, 400
    for _ in range(plays):
        found = []
        for hour in range(10):
            mood = chance.gauss(120, 60)
            for _contact in range(chance.randint(20, 60)):
                language = "sv" if chance.random() < 0.15 else "fi"
                wait = mood + chance.expovariate(1 / 60) + (30 if language == "sv" else 0)
                found.append(Answered(language, at(hour * 60 + chance.uniform(0, 59)), wait))
        gap = language_gap(found, "sv", "fi")
        assert isinstance(gap, Gap)
        covered += gap.low_seconds <= 30 <= gap.high_seconds
    assert 0.90 <= covered / plays <= 0.99


def test_every_contact_weighs_the_same() -> None:
    """A quiet hour with long waits does not count as much as a busy one with short waits."""
    found = [Answered("fi", START, 0.0)] * 90 + [Answered("fi", at(60), 100.0)] * 10
    assert waits_by_language(found)["fi"].mean_seconds == pytest.approx(10)


def test_the_90th_percentile_is_a_wait_that_somebody_had() -> None:
    waits = waits_of([float(n) for n in range(1, 11)])
    assert waits is not None
    assert waits.p90_seconds == 9


def test_too_little_is_unknown_and_not_zero() -> None:
    few = [Answered("sv", at(60 * h), 5.0) for h in range(10)]
    many = [Answered("fi", at(60 * (i % 10)), 5.0) for i in range(200)]
    assert language_gap(few + many, "sv", "fi") == NoGap(WhyNoGap.FEW_CONTACTS)
    one_hour = [Answered(code, START, 5.0) for code in ("fi", "sv") for _ in range(50)]
    assert language_gap(one_hour, "sv", "fi") == NoGap(WhyNoGap.FEW_HOURS)
    assert language_gap([], "sv", "fi") == NoGap(WhyNoGap.FEW_CONTACTS)
    assert waits_of([]) is None
