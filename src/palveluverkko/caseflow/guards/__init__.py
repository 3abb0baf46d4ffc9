"""The named rules: each says, from the facts alone, why an action may not be done."""

from palveluverkko.caseflow.guards import decision, effect, following, hearing, order
from palveluverkko.caseflow.guards.registry import GUARDS, Check, Guard, check, refusals

__all__ = [
    "GUARDS",
    "Check",
    "Guard",
    "check",
    "decision",
    "effect",
    "following",
    "hearing",
    "order",
    "refusals",
]
