"""What a signature is put to: hashes of the proposal, and of all that the decision says."""

from __future__ import annotations

from datetime import date

from palveluverkko.caseflow.chain import digest
from palveluverkko.caseflow.model import CaseFacts, Signature


def proposal(facts: CaseFacts) -> str:
    """SHA-256 of what will change: points, changes, the day, the policy and the frozen file."""
    return digest(_proposal(facts))


def content(facts: CaseFacts) -> str:
    """SHA-256 of what a signer sees: the proposal, opinions with answers, and what was set aside.

    Whatever of it changes between two signatures, the earlier one no longer counts.
    """
    opinions = [
        [o.id, o.municipality, o.received.isoformat(), o.stance.value, o.request]
        + [[a.number, a.answer] for a in o.arguments]
        for o in facts.opinions
    ]
    overrides = [[o.action, o.rule, o.code, o.subject, o.reason] for o in facts.overrides]
    statements = sorted(s.code for s in facts.statements)
    return digest([_proposal(facts), opinions, overrides, statements])


def counting_signatures(facts: CaseFacts, signed: str) -> tuple[Signature, ...]:
    """The signatures put to ``signed``, one of each signer."""
    of_signer: dict[str, Signature] = {}
    for signature in facts.signatures:
        if signature.content == signed:
            of_signer.setdefault(signature.signer, signature)
    return tuple(of_signer.values())


def _proposal(facts: CaseFacts) -> list[object]:
    points = sorted([p.point, p.change.value, p.municipality] for p in facts.points)
    policy = [facts.policy.id, facts.policy.hash]
    return [facts.id, points, _day(facts.effective), policy, facts.file_hash]


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
