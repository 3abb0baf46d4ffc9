"""Rules of the hearing: whom to ask, for how long, and when the answers are in."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from palveluverkko.caseflow.deadlines import deadline, is_late, period_warnings
from palveluverkko.caseflow.guards.order import find_request, to_be_heard
from palveluverkko.caseflow.guards.registry import guard, no
from palveluverkko.caseflow.model import Argument, CaseFacts, Opinion, OpinionRequest, State
from palveluverkko.caseflow.rules import Refusal, Rules, Weight
from palveluverkko.caseflow.steps import Action, Name

W = Weight


def settled(facts: CaseFacts, request: OpinionRequest) -> bool:
    """Answered, or its last day is past."""
    answered = any(
        o.request == request.id and o.municipality == request.municipality for o in facts.opinions
    )
    return answered or facts.today > request.due


def relevant(facts: CaseFacts) -> tuple[OpinionRequest, ...]:
    """Requests on points that are still in the case; a neighbour's opinion counts as well."""
    points = {p.point for p in facts.points}
    return tuple(r for r in facts.requests if any(point in points for point, _ in r.asked))


@guard(
    "no_decision_before_opinions_or_deadline",
    "hearing.not_asked",
    "hearing.open",
    "hearing.extension_unanswered",
    on=(Name.CLOSE_HEARING, Name.SIGN),
)
def no_decision_before_opinions_or_deadline(
    facts: CaseFacts, action: Action, rules: Rules
) -> Iterator[Refusal]:
    """Every municipality was asked about what is decided, and has answered or let the day pass."""
    for one in to_be_heard(facts, rules):
        asked = any(
            r.municipality == one.municipality and (one.point, one.change) in r.asked
            for r in facts.requests
        )
        if not asked:
            yield no(
                "hearing.not_asked", one.point, municipality=one.municipality, change=one.change
            )
    for request in relevant(facts):
        if not settled(facts, request):
            yield no("hearing.open", request.id, municipality=request.municipality, due=request.due)
        if request.extension_open is not None:
            yield no(
                "hearing.extension_unanswered",
                request.id,
                municipality=request.municipality,
                until=request.extension_open,
            )


@guard(
    "time_enough_to_answer",
    "deadline.too_short",
    on=(Name.REQUEST_OPINIONS, Name.CLOSE_HEARING, Name.SIGN),
)
def time_enough_to_answer(facts: CaseFacts, action: Action, rules: Rules) -> Iterator[Refusal]:
    """The least number of working days, unless the municipality has answered anyway.

    A form with a short deadline is refused; a request that is out with one, may be set aside.
    """
    for request in action.requests or ():
        yield from _too_short(facts, request, rules, W.ALWAYS)
    if action.name is Name.REQUEST_OPINIONS:
        return
    for request in relevant(facts):
        if not any(o.request == request.id for o in facts.opinions):
            yield from _too_short(facts, request, rules, W.OVERRIDABLE)


def _too_short(
    facts: CaseFacts, request: OpinionRequest, rules: Rules, weight: Weight
) -> Iterator[Refusal]:
    place = facts.municipality(request.municipality)
    if place is None:
        return
    earliest = deadline(request.sent, rules.opinion_working_days, place.calendar)
    if request.due < earliest:
        yield no(
            "deadline.too_short",
            request.id,
            weight,
            municipality=request.municipality,
            due=request.due,
            earliest=earliest,
            working_days=rules.opinion_working_days,
        )


@guard("deadline_in_a_quiet_time", "deadline.period", on=(Name.REQUEST_OPINIONS, Name.EXTEND))
def deadline_in_a_quiet_time(facts: CaseFacts, action: Action, rules: Rules) -> Iterator[Refusal]:
    """July and Christmas take from the time in which boards can meet: a warning."""
    times = [(r, r.due) for r in action.requests or ()]
    extended = find_request(facts, action.request)
    if extended is not None and action.until is not None:
        times.append((extended, action.until))
    for request, due in times:
        place = facts.municipality(request.municipality)
        if place is None:
            continue
        for found in period_warnings(request.sent, due, place.calendar, rules.warning_periods):
            yield no(
                "deadline.period",
                request.id,
                W.WARNING,
                municipality=request.municipality,
                period=found.period,
                working_days=found.working_days,
                ends_inside=found.ends_inside,
                due=due,
            )


@guard(
    "request_as_it_goes_out",
    "request.not_today",
    "request.id_taken",
    "request.unknown_municipality",
    "request.unknown_point",
    "request.other_effective_day",
    "request.begins_extended",
    on=(Name.REQUEST_OPINIONS,),
)
def request_as_it_goes_out(facts: CaseFacts, action: Action, rules: Rules) -> Iterator[Refusal]:
    """A request is dated today, on points of the case, and tells the day that is proposed."""
    points = {p.point for p in facts.points}
    taken = [r.id for r in (*facts.requests, *(action.requests or ()))]
    for r in action.requests or ():
        if r.sent != facts.today:
            yield no("request.not_today", r.id, sent=r.sent, today=facts.today)
        if taken.count(r.id) > 1:
            yield no("request.id_taken", r.id)
        if facts.municipality(r.municipality) is None:
            yield no("request.unknown_municipality", r.id, municipality=r.municipality)
        for point in sorted({point for point, _ in r.asked} - points):
            yield no("request.unknown_point", r.id, point=point)
        if r.effective != facts.effective:
            yield no("request.other_effective_day", r.id, told=r.effective)
        if r.extended_to is not None or r.extension_open is not None:
            yield no("request.begins_extended", r.id)


@guard(
    "file_is_complete",
    "file.not_frozen",
    "file.alternative_missing",
    on=(Name.REQUEST_OPINIONS, Name.GO_ON_UNHEARD, Name.SIGN),
)
def file_is_complete(facts: CaseFacts, action: Action, rules: Rules) -> Iterator[Refusal]:
    """The data are frozen, and alternatives stand beside the proposal, "no change" among them."""
    if not facts.file_hash:
        yield no("file.not_frozen")
    for code in sorted(rules.alternatives - facts.alternatives):
        yield no("file.alternative_missing", code)


@guard("hearing_where_required", "hearing.required", on=(Name.GO_ON_UNHEARD,))
def hearing_where_required(facts: CaseFacts, action: Action, rules: Rules) -> Iterator[Refusal]:
    """Only changes on which nobody need be heard, such as a new point, go on without it."""
    for one in to_be_heard(facts, rules):
        yield no("hearing.required", one.point, change=one.change, municipality=one.municipality)


@guard(
    "extension_of_a_request",
    "request.unknown",
    "extension.not_later",
    "extension.none_asked",
    on=(Name.ASK_EXTENSION, Name.EXTEND, Name.REFUSE_EXTENSION),
)
def extension_of_a_request(facts: CaseFacts, action: Action, rules: Rules) -> Iterator[Refusal]:
    """More time ends later than the time there is, and not in the past."""
    if action.request is None:
        return
    request = find_request(facts, action.request)
    if request is None:
        yield no("request.unknown", action.request)
        return
    if action.name is Name.REFUSE_EXTENSION:
        if request.extension_open is None:
            yield no("extension.none_asked", request.id)
    elif action.until is not None and action.until <= max(request.due, facts.today):
        yield no("extension.not_later", request.id, until=action.until, due=request.due)


@guard(
    "opinion_as_it_came",
    "opinion.id_taken",
    "opinion.in_the_future",
    "opinion.before_the_request",
    "opinion.of_another_request",
    "opinion.arguments_numbered_twice",
    "opinion.late",
    "opinion.not_asked",
    "opinion.after_the_decision",
    on=(Name.RECORD_OPINION,),
)
def opinion_as_it_came(facts: CaseFacts, action: Action, rules: Rules) -> Iterator[Refusal]:
    """Nothing that comes is lost: late, unasked or after the decision, it is kept and marked."""
    o = action.opinion
    if o is None:
        return
    if o.id in {known.id for known in facts.opinions}:
        yield no("opinion.id_taken", o.id)
    if o.received > facts.today:
        yield no("opinion.in_the_future", o.id, received=o.received)
    numbers = [a.number for a in o.arguments]
    if len(set(numbers)) < len(numbers):
        yield no("opinion.arguments_numbered_twice", o.id)
    yield from _opinion_and_request(facts, o)
    if facts.state not in (State.DRAFT, State.HEARING, State.HEARD):
        yield no("opinion.after_the_decision", o.id, W.WARNING, state=facts.state)


def _opinion_and_request(facts: CaseFacts, o: Opinion) -> Iterator[Refusal]:
    if not o.request:
        yield no("opinion.not_asked", o.id, W.WARNING, municipality=o.municipality)
        return
    request = find_request(facts, o.request)
    if request is None or request.municipality != o.municipality:
        yield no("opinion.of_another_request", o.id, request=o.request)
    elif o.received < request.sent:
        yield no("opinion.before_the_request", o.id, sent=request.sent)
    elif is_late(o, request):
        yield no("opinion.late", o.id, W.WARNING, due=request.due, received=o.received)


@guard(
    "answer_to_an_argument",
    "argument.unknown",
    "argument.answer_signed",
    on=(Name.ANSWER_ARGUMENT,),
)
def answer_to_an_argument(facts: CaseFacts, action: Action, rules: Rules) -> Iterator[Refusal]:
    """Answers are written until the decision; after it, only to arguments without one."""
    if action.subject is None or action.number is None:
        return
    found = find_argument(facts, action.subject, action.number)
    if found is None:
        yield no("argument.unknown", action.subject, number=action.number)
    elif found.answered and facts.decision is not None:
        yield no("argument.answer_signed", action.subject, number=action.number)


def find_argument(facts: CaseFacts, opinion: str, number: int) -> Argument | None:
    every = chain.from_iterable(o.arguments for o in facts.opinions if o.id == opinion)
    return next((a for a in every if a.number == number), None)
