"""Rules of the effective day: when it may be, and what must stand ready on it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from palveluverkko.caseflow.deadlines import is_working_day
from palveluverkko.caseflow.guards.hearing import relevant
from palveluverkko.caseflow.guards.registry import guard, no
from palveluverkko.caseflow.model import CaseFacts, Requirement, Substitute
from palveluverkko.caseflow.rules import Refusal, Rules, Weight
from palveluverkko.caseflow.steps import Action, Name

W = Weight
_PLANS = (Name.REQUEST_OPINIONS, Name.GO_ON_UNHEARD, Name.SIGN, Name.ANNOUNCE)


def _planned(facts: CaseFacts, action: Action) -> date | None:
    """The effective day that ``action`` is about."""
    return action.effective if action.name is Name.SET_EFFECTIVE else facts.effective


@guard(
    "no_effect_before_its_date",
    "effective.not_yet",
    "effective.missing",
    "effective.passed",
    on=(Name.TAKE_EFFECT,),
)
def no_effect_before_its_date(facts: CaseFacts, action: Action, rules: Rules) -> Iterator[Refusal]:
    """Nothing closes before its day. A day that was missed is made up for, with a warning."""
    if facts.effective is None:
        yield no("effective.missing")
    elif facts.today < facts.effective:
        yield no("effective.not_yet", effective=facts.effective, today=facts.today)
    elif facts.today > facts.effective:
        yield no("effective.passed", "", W.WARNING, effective=facts.effective)


@guard(
    "effective_day_ahead",
    "effective.not_set",
    "effective.not_ahead",
    "effective.before_the_deadline",
    "effective.earlier_than_told",
    on=(*_PLANS, Name.SET_EFFECTIVE),
)
def effective_day_ahead(facts: CaseFacts, action: Action, rules: Rules) -> Iterator[Refusal]:
    """The day is set, lies ahead, after the hearing, and no earlier than municipalities heard."""
    day = _planned(facts, action)
    if day is None:
        if action.name is not Name.SET_EFFECTIVE:
            yield no("effective.not_set")
        return
    if day <= facts.today:
        yield no("effective.not_ahead", effective=day, today=facts.today)
    for request in action.requests or ():
        if day <= request.due:
            yield no("effective.before_the_deadline", request.id, effective=day, due=request.due)
    if action.name is Name.SIGN:
        for request in relevant(facts):
            if day < request.effective:
                yield no(
                    "effective.earlier_than_told",
                    request.id,
                    W.OVERRIDABLE,
                    effective=day,
                    told=request.effective,
                    municipality=request.municipality,
                )


@guard(
    "notice_long_enough",
    "notice.too_short",
    "notice.none",
    on=(Name.ANNOUNCE, Name.TAKE_EFFECT),
)
def notice_long_enough(facts: CaseFacts, action: Action, rules: Rules) -> Iterator[Refusal]:
    """So many calendar days lie between the notice and the change."""
    announced = facts.today if action.name is Name.ANNOUNCE else facts.announced
    if announced is None:
        yield no("notice.none")
        return
    if facts.effective is None:
        return
    days = (facts.effective - announced).days
    if days < rules.notice_days:
        earliest = announced + timedelta(days=rules.notice_days)
        weight = W.OVERRIDABLE if action.name is Name.ANNOUNCE else W.WARNING
        yield no(
            "notice.too_short",
            facts.effective.isoformat(),
            weight,
            days=days,
            needed=rules.notice_days,
            earliest=earliest,
        )


@guard(
    "effective_not_on_a_holiday",
    "effective.shut_day",
    on=(*_PLANS, Name.SET_EFFECTIVE),
)
def effective_not_on_a_holiday(facts: CaseFacts, action: Action, rules: Rules) -> Iterator[Refusal]:
    """A change on a day on which the place's offices are shut anyway: a warning."""
    day = _planned(facts, action)
    if day is None:
        return
    concerned = {p.municipality for p in facts.points}
    for place in facts.municipalities:
        if place.id in concerned and not is_working_day(day, place.calendar):
            yield no(
                "effective.shut_day",
                place.id,
                W.WARNING,
                effective=day,
                weekday=day.weekday(),
                holiday=place.calendar.name_on(day),
            )


@guard(
    "substitute_ready",
    "substitute.none",
    "substitute.agreement_missing",
    "substitute.agreement_not_in_force",
    "substitute.room_not_tested",
    "substitute.link_not_tested",
    "substitute.hours_not_published",
    "substitute.gap",
    on=(Name.SIGN, Name.ANNOUNCE, Name.TAKE_EFFECT),
)
def substitute_ready(facts: CaseFacts, action: Action, rules: Rules) -> Iterator[Refusal]:
    """What serves instead stands ready on the day on which the point ends, without a gap.

    A decision is warned; a notice needs a reason for what is to come; the change itself waits.
    """
    weight = {Name.SIGN: W.WARNING, Name.ANNOUNCE: W.OVERRIDABLE}.get(action.name, W.ALWAYS)
    for one in facts.points:
        if one.change not in rules.substitute_for:
            continue
        found = [s for s in facts.substitutes if s.point == one.point]
        if not found:
            yield no("substitute.none", one.point, weight)
        for substitute in found:
            for code, values in _lacks(substitute, facts, rules):
                yield no(
                    code,
                    substitute.id,
                    weight,
                    point=one.point,
                    what=substitute.what,
                    effective=facts.effective,
                    **values,
                )


def _lacks(
    s: Substitute, facts: CaseFacts, rules: Rules
) -> Iterator[tuple[str, dict[str, object]]]:
    needs = rules.substitute_needs.get(s.what, frozenset(Requirement))
    effective = facts.effective
    if Requirement.AGREEMENT in needs:
        if s.agreement is None:
            yield "substitute.agreement_missing", {}
        elif not all(s.agreement.holds_on(d) for d in _days_of_the_change(facts)):
            yield (
                "substitute.agreement_not_in_force",
                {"start": s.agreement.start, "until": s.agreement.until},
            )
    for need, seen, code in (
        (Requirement.ROOM, s.tested_room, "substitute.room_not_tested"),
        (Requirement.LINK, s.tested_link, "substitute.link_not_tested"),
        (Requirement.HOURS, s.hours_published, "substitute.hours_not_published"),
    ):
        if need in needs and (seen is None or seen > facts.today):
            yield code, {}
    if s.available_from is None or (effective is not None and s.available_from > effective):
        yield "substitute.gap", {"available_from": s.available_from}


def _days_of_the_change(facts: CaseFacts) -> tuple[date, ...]:
    """The effective day; and today, where the day was missed."""
    if facts.effective is None:
        return (facts.today,)
    return (facts.effective, max(facts.effective, facts.today))
