"""Rules after the change: follow-ups in their months, reviews, and when a case may be closed."""

from __future__ import annotations

from collections.abc import Iterator

from palveluverkko.caseflow.deadlines import months_after
from palveluverkko.caseflow.guards.registry import guard, no
from palveluverkko.caseflow.model import CaseFacts
from palveluverkko.caseflow.rules import Refusal, Rules
from palveluverkko.caseflow.steps import Action, Name


@guard(
    "follow_ups_done",
    "follow_up.unknown_month",
    "follow_up.done",
    "follow_up.too_early",
    "follow_up.not_in_order",
    "review.none_open",
    "review.open",
    on=(Name.FOLLOW_UP, Name.SETTLE_REVIEW, Name.CLOSE),
)
def follow_ups_done(facts: CaseFacts, action: Action, rules: Rules) -> Iterator[Refusal]:
    """Each follow-up once, in order and not early; no case is closed over an open review."""
    done = {f.months for f in facts.follow_ups}
    if action.name is Name.CLOSE:
        for f in facts.follow_ups:
            if f.review_open:
                yield no("review.open", str(f.months), months=f.months)
        for months in sorted(set(rules.follow_up_months) - done):
            yield no("follow_up.not_in_order", str(months), months=months)
    elif action.months is None:
        return
    elif action.name is Name.SETTLE_REVIEW:
        if not any(f.months == action.months and f.review_open for f in facts.follow_ups):
            yield no("review.none_open", str(action.months), months=action.months)
    elif action.months not in rules.follow_up_months:
        yield no("follow_up.unknown_month", str(action.months), months=action.months)
    elif action.months in done:
        yield no("follow_up.done", str(action.months), months=action.months)
    else:
        if any(m < action.months and m not in done for m in rules.follow_up_months):
            yield no("follow_up.not_in_order", str(action.months), months=action.months)
        began = facts.took_effect or facts.effective
        due = months_after(began, action.months) if began else None
        if due is not None and facts.today < due:
            yield no("follow_up.too_early", str(action.months), months=action.months, due=due)
