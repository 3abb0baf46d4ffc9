"""What a package of changes does to the people who work: days, places, roles and travel."""

from palveluverkko.caseflow.staffing.assigning import cheapest, check, lost_blocks
from palveluverkko.caseflow.staffing.claims import contradictions
from palveluverkko.caseflow.staffing.effect import daily_travel, staff_effect
from palveluverkko.caseflow.staffing.errors import AssignmentInvalid
from palveluverkko.caseflow.staffing.model import (
    Assignment,
    Block,
    Checked,
    Claim,
    Contradiction,
    DailyTravel,
    Duty,
    Effect,
    Move,
    Package,
    Person,
    PersonEffect,
    Receiver,
    StaffEffect,
    Statement,
    Total,
    Travel,
    Trip,
)

__all__ = [
    "Assignment",
    "AssignmentInvalid",
    "Block",
    "Checked",
    "Claim",
    "Contradiction",
    "DailyTravel",
    "Duty",
    "Effect",
    "Move",
    "Package",
    "Person",
    "PersonEffect",
    "Receiver",
    "StaffEffect",
    "Statement",
    "Total",
    "Travel",
    "Trip",
    "cheapest",
    "check",
    "contradictions",
    "daily_travel",
    "lost_blocks",
    "staff_effect",
]
