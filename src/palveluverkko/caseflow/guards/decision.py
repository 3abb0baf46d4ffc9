"""Rules of the decision: who signs what, on which grounds, and what the documents may say."""

from __future__ import annotations

from collections.abc import Iterator

from palveluverkko.caseflow.content import content, counting_signatures, proposal
from palveluverkko.caseflow.deadlines import is_late
from palveluverkko.caseflow.guards.order import find_request
from palveluverkko.caseflow.guards.registry import guard, no
from palveluverkko.caseflow.model import BEGINS, ENDS, LEVELS, CaseFacts, Change, Role
from palveluverkko.caseflow.rules import Refusal, Rules, Weight
from palveluverkko.caseflow.steps import Action, Name
from palveluverkko.criteria import Outcome

W = Weight


def left_without_a_point(facts: CaseFacts) -> tuple[str, ...]:
    """Municipalities that lose a point by this case and have none afterwards.

    The whole package counts, not each point alone. A point that moves stays in its municipality
    (to another one: close and open); a pop-up is no point; what nobody counted is not there.
    """
    losing = {p.municipality for p in facts.points if p.change in ENDS}
    stays = {
        p.municipality
        for p in facts.points
        if p.change not in ENDS | {Change.POP_UP} and p.ended is None
    }
    left = []
    for id in sorted(losing):
        place = facts.municipality(id)
        others = place.other_points if place is not None else None
        if not others and id not in stays:
            left.append(id)
    return tuple(left)


def required_level(facts: CaseFacts, rules: Rules) -> Role:
    """The lowest role that may decide the whole case; the highest where a change has none."""
    levels = [rules.decides.get(p.change, LEVELS[-1]) for p in facts.points]
    if left_without_a_point(facts):
        levels.append(rules.leaving_decides)
    return max(levels, key=LEVELS.index, default=LEVELS[-1])


@guard(
    "right_level",
    "level.too_low",
    on=(Name.SIGN, Name.OVERRIDE, Name.WITHDRAW, Name.TAKE_OUT_POINT, Name.SET_EFFECTIVE),
)
def right_level(facts: CaseFacts, action: Action, rules: Rules) -> Iterator[Refusal]:
    """Who decides depends on what the case does; what was decided, the same level amends."""
    prepares = action.name in (Name.WITHDRAW, Name.TAKE_OUT_POINT, Name.SET_EFFECTIVE)
    if prepares and facts.decision is None:
        return
    required = required_level(facts, rules)
    role = action.actor.role
    if role not in LEVELS or LEVELS.index(role) < LEVELS.index(required):
        yield no(
            "level.too_low",
            required=required,
            used=role,
            leaves=left_without_a_point(facts),
        )


@guard(
    "no_signature_with_unanswered_argument",
    "argument.unanswered",
    "argument.unanswered_late",
    on=(Name.SIGN,),
)
def no_signature_with_unanswered_argument(
    facts: CaseFacts, action: Action, rules: Rules
) -> Iterator[Refusal]:
    """Each argument of each opinion has an answer; of a late one, unless a reason is given."""
    for opinion in facts.opinions:
        late = is_late(opinion, find_request(facts, opinion.request))
        for argument in opinion.arguments:
            if argument.answered:
                continue
            code = "argument.unanswered_late" if late else "argument.unanswered"
            yield no(
                code,
                f"{opinion.id}/{argument.number}",
                W.OVERRIDABLE if late else W.ALWAYS,
                municipality=opinion.municipality,
                number=argument.number,
            )


@guard(
    "not_permitted_point_stays",
    "outcome.not_permitted",
    on=(Name.REQUEST_OPINIONS, Name.SIGN, Name.ANNOUNCE, Name.TAKE_EFFECT),
)
def not_permitted_point_stays(facts: CaseFacts, action: Action, rules: Rules) -> Iterator[Refusal]:
    """Only "may be replaced" permits; unknown and capacity-limited do not. Asking only warns."""
    weight = W.WARNING if action.name is Name.REQUEST_OPINIONS else W.ALWAYS
    for one in facts.points:
        permits = one.outcome is Outcome.MAY_BE_REPLACED
        if one.change in rules.permission_for and not permits:
            yield no(
                "outcome.not_permitted",
                one.point,
                weight,
                outcome=one.outcome,
                change=one.change,
                policy=facts.policy.id,
            )


@guard(
    "hours_cut_explained",
    "hours.cut_before",
    "hours.history_unknown",
    on=(Name.REQUEST_OPINIONS, Name.SIGN),
)
def hours_cut_explained(facts: CaseFacts, action: Action, rules: Rules) -> Iterator[Refusal]:
    """A point whose hours were cut shortly before is not ended without a word on it."""
    weight = W.OVERRIDABLE if action.name is Name.SIGN else W.WARNING
    for one in facts.points:
        if one.change not in rules.permission_for:
            continue
        cut = one.hours_cut
        if not one.hours_known:
            yield no("hours.history_unknown", one.point, weight)
        elif (
            cut is not None
            and cut.share >= rules.hours_cut_share
            and cut.months <= rules.hours_cut_months
        ):
            yield no("hours.cut_before", one.point, weight, share=cut.share, months=cut.months)


@guard(
    "statements_true",
    "statement.contradicted",
    "statement.unchecked",
    on=(Name.REQUEST_OPINIONS, Name.SIGN, Name.ANNOUNCE),
)
def statements_true(facts: CaseFacts, action: Action, rules: Rules) -> Iterator[Refusal]:
    """A statement that the figures contradict is not published; nor is one nobody checked."""
    for statement in facts.statements:
        if statement.contradictions is None:
            yield no("statement.unchecked", statement.code, W.OVERRIDABLE)
        elif statement.contradictions:
            yield no(
                "statement.contradicted", statement.code, contradicted_by=statement.contradictions
            )


@guard(
    "point_still_there",
    "point.closed_meanwhile",
    "point.other_case",
    on=(Name.ADD_POINT, Name.REQUEST_OPINIONS, Name.SIGN, Name.ANNOUNCE, Name.TAKE_EFFECT),
)
def point_still_there(facts: CaseFacts, action: Action, rules: Rules) -> Iterator[Refusal]:
    """A point that closed meanwhile is taken out; once announced, that it is shut only warns."""
    weight = W.WARNING if action.name is Name.TAKE_EFFECT else W.ALWAYS
    points = facts.points
    if action.name is Name.ADD_POINT:
        points = (action.added,) if action.added else ()
    for one in points:
        if one.change in BEGINS:
            continue
        if one.ended is not None and one.ended <= facts.today:
            yield no("point.closed_meanwhile", one.point, weight, ended=one.ended)
        if one.other_case and action.name is Name.SIGN:
            yield no("point.other_case", one.point, W.OVERRIDABLE, case=one.other_case)


@guard("one_signature_each", "signature.already_given", on=(Name.SIGN,))
def one_signature_each(facts: CaseFacts, action: Action, rules: Rules) -> Iterator[Refusal]:
    """Two signatures are two people's."""
    given = counting_signatures(facts, content(facts))
    if action.actor.name in {s.signer for s in given}:
        yield no("signature.already_given", action.actor.name)


@guard("signs_what_was_seen", "signature.changed_since", on=(Name.SIGN,))
def signs_what_was_seen(facts: CaseFacts, action: Action, rules: Rules) -> Iterator[Refusal]:
    """A signature is put to what the signer saw, not to what it became meanwhile."""
    if action.content is not None and action.content != content(facts):
        yield no("signature.changed_since")


@guard(
    "decision_stands",
    "decision.none",
    "decision.changed_since",
    "decision.signatures_missing",
    on=(Name.ANNOUNCE, Name.TAKE_EFFECT),
)
def decision_stands(facts: CaseFacts, action: Action, rules: Rules) -> Iterator[Refusal]:
    """What is announced and takes effect is what enough people of the right level signed."""
    if facts.decision is None:
        yield no("decision.none")
        return
    if facts.decision.proposal != proposal(facts):
        yield no("decision.changed_since", decided=facts.decision.on)
    counting = len(valid_signatures(facts, facts.decision.content, rules))
    if counting < rules.signatures:
        yield no("decision.signatures_missing", given=counting, needed=rules.signatures)


def valid_signatures(facts: CaseFacts, signed: str, rules: Rules) -> tuple[str, ...]:
    """The signers of ``signed`` whose level suffices for the case as it is."""
    least = LEVELS.index(required_level(facts, rules))
    return tuple(
        s.signer
        for s in counting_signatures(facts, signed)
        if s.role in LEVELS and LEVELS.index(s.role) >= least
    )
