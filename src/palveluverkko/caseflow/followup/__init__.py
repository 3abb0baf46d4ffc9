"""Whether a change lost people: before and after, against areas where nothing was decided."""

from palveluverkko.caseflow.followup.averages import follow_average
from palveluverkko.caseflow.followup.contacts import follow_up
from palveluverkko.caseflow.followup.model import (
    Area,
    Breach,
    Change,
    Compared,
    FollowUp,
    FollowUpRule,
    Look,
    Matched,
    Verdict,
    breach,
)

__all__ = [
    "Area",
    "Breach",
    "Change",
    "Compared",
    "FollowUp",
    "FollowUpRule",
    "Look",
    "Matched",
    "Verdict",
    "breach",
    "follow_average",
    "follow_up",
]
