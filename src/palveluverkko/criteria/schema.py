"""The shape of a policy file, section by section (Pydantic); meanings are checked in ``load``."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    field_validator,
    model_validator,
)

from palveluverkko.criteria.metrics import METRICS
from palveluverkko.criteria.policy import Action, Role
from palveluverkko.criteria.suggest import one_of
from palveluverkko.snapshot.model import PointKind

Text = Annotated[str, Field(min_length=1)]
Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Positive = Annotated[float, Field(strict=True, gt=0, allow_inf_nan=False)]
Weeks = Annotated[int, Field(strict=True, ge=1, le=520)]


def _decided(value: str | date) -> str | date:
    if isinstance(value, str) and not re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2]))?", value):
        raise ValueError('a date, a month as "2017-12", or a year as "2017"')
    return value


def _metric(value: str) -> str:
    if value not in METRICS:
        raise ValueError(one_of(METRICS, value))
    return value


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Texts(Part):
    fi: Text
    sv: Text
    en: Text


class Head(Part):
    id: Id
    title: Texts
    decided_by: Texts
    decided: Annotated[date | str, AfterValidator(_decided)]
    valid_from: date
    valid_until: date | None = None
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    sources: Annotated[list[Text], Field(min_length=1)]
    notes: Texts | None = None
    assumptions: list[Texts] = []


class PeriodPart(Part):
    weeks: Weeks = 52
    minimum_weeks: Weeks = 8
    holiday_weeks: Literal["leave_out", "include"] = "leave_out"
    unseen_week_factor: Annotated[float, Field(strict=True, ge=0)] | None = None
    capped_share: Annotated[float, Field(strict=True, gt=0, le=100)] = 50.0


class CriterionPart(Part):
    id: Id
    title: Texts
    metric: Annotated[str, AfterValidator(_metric)]
    operator: Literal["<", "<=", ">", ">=", "is"]
    threshold: StrictBool | Number
    unit: str = ""
    aggregation: Literal["point", "area", "municipality", "nation"]
    role: Role
    basis: Literal["estimate", "upper", "lower"] = "estimate"
    period: PeriodPart | None = None
    within: Positive | None = None
    stratum: Text = "all"
    kinds: Annotated[list[PointKind], Field(min_length=1)] = list(PointKind)
    services: list[Text] = []


class AppliesTo(Part):
    kinds: Annotated[list[PointKind], Field(min_length=1)] = list(PointKind)


class RulePart(Part):
    id: Id
    title: Texts
    applies_to: AppliesTo = AppliesTo()
    when: Any
    action: Action


class Sourced(Part):
    """A parameter with its source, or marked as this project's assumption: one of the two."""

    source: Text | None = None
    assumption: StrictBool = False

    @model_validator(mode="after")
    def _one_of_them(self) -> Sourced:
        if (self.source is None) is not self.assumption:
            raise ValueError('either source = "…" or assumption = true')
        return self


class SourcedPositive(Sourced):
    value: Positive


class SourcedPercent(Sourced):
    value: Annotated[float, Field(strict=True, ge=0, le=100)]


class SourcedSwitch(Sourced):
    value: StrictBool


class SourcedServices(Sourced):
    value: list[Text]


Channel = Literal["neighbour", "video_room", "phone", "video", "online"]


class SubstitutionPart(Part):
    """Shares are percentages; ``full`` is load as a percentage of capacity."""

    minutes: SourcedPositive
    minimum_share: SourcedPercent
    same_weekdays: SourcedSwitch
    full: SourcedPositive
    meets: dict[Channel, SourcedServices]
    shift: dict[Channel, SourcedPercent]

    @field_validator("shift")
    @classmethod
    def _shares_of_one_whole(
        cls, shift: dict[Channel, SourcedPercent]
    ) -> dict[Channel, SourcedPercent]:
        total = sum(share.value for share in shift.values())
        if not 0 < total <= 100 + 1e-9:
            raise ValueError("shares that add up to more than 0 and at most 100")
        return shift


class SpeedPart(Part):
    up_to_km: Positive | None = None
    kmh: Positive


class TravelPart(Part):
    detour: Annotated[float, Field(strict=True, ge=1)] = 1.3
    terminal_minutes: Annotated[float, Field(strict=True, ge=0)] = 5.0
    speeds: list[SpeedPart] | None = None

    @field_validator("speeds")
    @classmethod
    def _speeds_grow(cls, speeds: list[SpeedPart] | None) -> list[SpeedPart] | None:
        limits = [speed.up_to_km for speed in speeds or []]
        inner = [limit for limit in limits[:-1] if limit is not None]
        if limits and (limits[-1] is not None or len(inner) != len(limits) - 1):
            raise ValueError("up_to_km in every speed but the last, which has none")
        if inner != sorted(set(inner)):
            raise ValueError("speeds in order of growing up_to_km")
        return speeds
