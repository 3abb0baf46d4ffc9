"""The thresholds that every guard takes, and the refusal that it gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from palveluverkko.calendar import Season
from palveluverkko.caseflow.model import Change, Requirement, Role


@dataclass(frozen=True, slots=True)
class Rules:
    """Every threshold, from the policy or the settings; none has a default.

    ``opinion_working_days``: the least time for an opinion. ``notice_days``: calendar days from
    the notice to the change, at least. ``signatures``: how many people sign a decision.
    ``decides``: the lowest level for each change; ``leaving_decides``: for one that leaves a
    municipality without a point. ``hearing_for``: changes on which municipalities are heard.
    ``permission_for``: changes that only a finding "may be replaced" permits; ``substitute_for``:
    those that need a substitute. ``substitute_needs``: what each kind of substitute must have;
    a kind that is not listed must have everything. ``hours_cut_share`` (0 to 1) and
    ``hours_cut_months``: from where a cut must be explained. ``warning_periods``: names and parts
    of the year in which a deadline warns. ``follow_up_months``: ascending.
    """

    opinion_working_days: int
    notice_days: int
    signatures: int
    decides: Mapping[Change, Role]
    leaving_decides: Role
    hearing_for: frozenset[Change]
    permission_for: frozenset[Change]
    substitute_for: frozenset[Change]
    substitute_needs: Mapping[str, frozenset[Requirement]]
    alternatives: frozenset[str]
    hours_cut_share: float
    hours_cut_months: float
    warning_periods: tuple[tuple[str, Season], ...]
    follow_up_months: tuple[int, ...]


class Weight(StrEnum):
    """How far a refusal holds: always, unless set aside with a reason, or as a warning only."""

    ALWAYS = "always"
    OVERRIDABLE = "overridable"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an action may not be done. ``code`` selects the sentence, ``values`` fill it in.

    ``subject``: the point, request, argument, ... that it is about; an override names it too.
    """

    rule: str
    code: str
    subject: str = ""
    weight: Weight = Weight.ALWAYS
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def may_override(self) -> bool:
        return self.weight is Weight.OVERRIDABLE
