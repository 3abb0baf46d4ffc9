"""Every reason has its sentence, with figures as the reader's language writes them."""

from __future__ import annotations

import math
import re
from datetime import date

import pytest
from django.utils import translation

from palveluverkko.criteria import Verdict, assess, parity
from palveluverkko.criteria.codes import WHY, all_codes
from palveluverkko.criteria.model import Reason
from palveluverkko.decisions import sentences
from palveluverkko.decisions.reasons import number, render
from tests.criteria import world

LANGUAGES = ("fi", "sv", "en")
TITLES = {"fi": "Otsikko", "sv": "Rubrik", "en": "Title"}
WEEKS = {"complete": 44, "holiday": 5, "closed": 0, "missing": 3}


def reason(code: str, figure: float = 42.0, **values: object) -> Reason:
    """A reason with every value that any sentence asks for."""
    everything: dict[str, object] = {
        "title": TITLES,
        "within": 30.0,
        "kind": "service_point",
        "needs": ("identification",),
        "receivers": ("channel:phone", "Jämsä"),
        "points": ("Šaddu",),
        "areas": ("Area 1",),
        "share": 95.0,
        "minutes": 60.0,
        "residents": 12345.0,
        "count": 2,
        "of": 3,
        "services": "family, pension",
        "municipalities": 310,
        "met": 1,
        "failed": 2,
        "unknown": 3,
        "observed": world.estimate(18.0),
        "capacity": 20.0,
        "capped_weeks": 40,
        "missing": 3,
        "needed": 128.1,
        "busiest": 60.0,
        "day": date(2018, 6, 1),
        "valid_from": date(2024, 5, 1),
        "valid_until": date(2026, 5, 1),
    }
    return Reason(
        code=code,
        criterion="c",
        verdict=Verdict.TRUE,
        figure=world.estimate(figure, 38.5, 47.0),
        unit="visits/week",
        operator="<",
        threshold=100.0,
        values={**everything, **values},
        data={"weeks": WEEKS, "window_weeks": 52, "holiday_weeks": "leave_out"},
    )


def test_every_code_that_the_engine_can_emit_has_a_sentence_and_none_is_left_over():
    assert set(sentences.SENTENCES) == all_codes()
    assert set(sentences.WHY) == set(WHY)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", sorted(all_codes()))
def test_a_sentence_is_whole_in_every_language(code: str, language: str):
    text = render(reason(code), language)
    assert "%(" not in text
    assert text.endswith(".")


@pytest.mark.parametrize("why", sorted(WHY))
def test_an_unknown_figure_says_why(why: str):
    detail = {"usable": 3, "needed": 8, "missing": 40}
    text = render(reason("metric.unknown", why=why, detail=detail), "en")
    assert "(demand." not in text
    assert text.count(".") >= 2


def test_a_cause_without_words_is_told_by_its_code():
    assert "new.cause" in render(reason("metric.unknown", why="new.cause", detail={}), "en")


def test_the_sentence_on_demand_has_figure_interval_threshold_and_weeks():
    text = render(reason("demand.below"), "en")
    for part in ("42 visits", "38.5–47", "95 %", "100", "44 of 52", "weeks without data: 3"):
        assert part in text


def test_numbers_and_dates_follow_the_language():
    long = reason("far_minutes.above", 1234.5)
    assert "12,345" in render(long, "en")
    assert re.search(r"12\s345", render(long, "fi"))
    assert "1.5.2024" in render(reason("policy.not_in_force"), "fi")


def test_a_figure_is_never_rounded_onto_its_threshold():
    with translation.override("en"):
        assert number(99.98, 100.0) == "99.98"
        assert number(99.94, 100.0) == "99.9"
        assert number(100.0, 100.0) == "100"


def test_an_interval_without_upper_end_says_or_more():
    capped = reason("demand.capacity_limited")
    open_ended = Reason(
        **{f: getattr(capped, f) for f in Reason.__slots__}
        | {"figure": world.estimate(18.0, 17.2, math.inf)}
    )
    text = render(open_ended, "en")
    assert "17.2 or more" in text
    assert "inf" not in text


def test_need_classes_and_channels_have_names_and_a_given_name_wins():
    assert "identification in person" in render(reason("needs.not_met"), "en")
    assert "phone service" in render(reason("needs.receiver_full"), "en")
    named = render(reason("needs.not_met"), "en", {"identification": "Showing who you are"})
    assert "Showing who you are" in named


def test_a_long_list_ends_with_how_many_more():
    many = tuple(f"Area {i}" for i in range(20))
    assert "8 more" in render(reason("far_minutes.above", areas=many), "en")


def test_the_reader_language_is_left_as_it_was():
    with translation.override("sv"):
        render(reason("rule.keep"), "fi")
        assert translation.get_language() == "sv"


def test_whole_assessments_render_in_every_language():
    points = [world.point("a"), world.point("b", mode=world.Mode.APPOINTMENT, weekdays=(0,))]
    places = world.areas([(62.0, 25.0, 1000.0), (63.5, 25.0, 400.0)])
    snapshot = world.snapshot(points, places=places)
    for path in sorted(world.POLICIES.glob("*.toml")):
        assessment = assess(world.policy(path.stem), snapshot)
        reasons = [r for p in assessment.points for r in p.reasons]
        reasons += [r for a in assessment.areas for r in a.reasons] + list(assessment.checks)
        reasons += [flag for row in parity(assessment, snapshot) for flag in row.flags]
        for each in reasons:
            assert each.code in all_codes()
            for language in LANGUAGES:
                assert render(each, language)
