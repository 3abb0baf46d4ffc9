"""Types of the register's fields at its border: how text from a file becomes a value, or a rule.

Every parser takes what a CSV cell or a JSON document can hold and raises a
``PydanticCustomError`` whose type is a key of :data:`~.messages.RULES`.
"""

from __future__ import annotations

import json
import re
from datetime import date, datetime, time
from functools import cache
from typing import Annotated, Any
from zoneinfo import available_timezones

import langcodes
from django.core.exceptions import ValidationError as DjangoValidationError
from django.core.validators import validate_email
from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from palveluverkko.snapshot.model import Mode, PointKind

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(\.\d{1,6})?)?", re.ASCII)
_MONTH_DAY = re.compile(r"(\d{2})-(\d{2})", re.ASCII)


def _broken(rule: str, **context: Any) -> PydanticCustomError:
    # The rule's name stands in for the text: faces show the translated sentence, not this one.
    return PydanticCustomError(rule, rule, context)


def parse_date(value: object) -> object:
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    if isinstance(value, str) and _DATE.fullmatch(value.strip()):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            pass
    raise _broken("date")


def parse_time(value: object) -> object:
    """``8:00``, ``08.00`` and ``08:00:00`` are all the same time of day."""
    if value is None or isinstance(value, time):
        return value
    if isinstance(value, str) and (found := _TIME.fullmatch(value.strip())):
        hour, minute, second, fraction = found.groups()
        try:
            return time(
                int(hour),
                int(minute),
                int(second or 0),
                round(float(fraction) * 1_000_000) if fraction else 0,
            )
        except ValueError:
            pass
    raise _broken("time")


def parse_number(value: object) -> object:
    """A number; a decimal comma is accepted in text."""
    if isinstance(value, bool):
        raise _broken("number")
    if isinstance(value, str):
        text = value.strip()
        if text.count(",") == 1 and "." not in text:
            text = text.replace(",", ".")
        try:
            return float(text)
        except ValueError:
            raise _broken("number") from None
    return value


def parse_tokens(value: object) -> object:
    """A list, or words separated by spaces."""
    return value.split() if isinstance(value, str) else value


def parse_strata(value: object) -> object:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except json.JSONDecodeError:
            raise _broken("strata") from None
    if not isinstance(value, dict):
        raise _broken("strata")
    return value


def storable(value: str) -> str:
    """PostgreSQL stores no NUL, and half a surrogate pair is not text."""
    if "\x00" in value or any("\ud800" <= c <= "\udfff" for c in value):
        raise _broken("control_character")
    return value


def _language(value: str) -> str:
    if not value or not langcodes.tag_is_valid(value):
        raise _broken("language")
    return value


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _timezone(value: str) -> str:
    if value and value not in _zones():
        raise _broken("timezone")
    return value


def _email(value: str) -> str:
    if value:
        try:
            validate_email(value)
        except DjangoValidationError:
            raise _broken("email") from None
    return value


def month_day(value: str) -> str:
    if not value:
        return value
    found = _MONTH_DAY.fullmatch(value)
    try:
        if found:
            date(2000, int(found[1]), int(found[2]))  # a leap year: 02-29 is a day
            return value
    except ValueError:
        pass
    raise _broken("month_day")


def _one_of(*allowed: str) -> Any:
    def check(value: str) -> str:
        if value not in allowed:
            raise _broken("choice", allowed=", ".join(a for a in allowed if a))
        return value

    return AfterValidator(check)


def _code(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", value, re.ASCII):
        raise _broken("code")
    return value


def _token(value: str) -> str:
    if not re.fullmatch(r"\S+", value):
        raise _broken("token")
    return value


def _number(**limits: Any) -> Any:
    return Field(allow_inf_nan=False, **limits)


_STORABLE = AfterValidator(storable)
_NUMBER = BeforeValidator(parse_number)

LongText = Annotated[str, _STORABLE]
Text300 = Annotated[str, StringConstraints(max_length=300), _STORABLE]
Text200 = Annotated[str, StringConstraints(max_length=200), _STORABLE]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200), _STORABLE]
Text150 = Annotated[str, StringConstraints(max_length=150), _STORABLE]
Text100 = Annotated[str, StringConstraints(max_length=100), _STORABLE]
Text40 = Annotated[str, StringConstraints(max_length=40), _STORABLE]
Text20 = Annotated[str, StringConstraints(max_length=20), _STORABLE]
Text10 = Annotated[str, StringConstraints(max_length=10), _STORABLE]
Key20 = Annotated[
    str, StringConstraints(min_length=1, max_length=20), _STORABLE, AfterValidator(_token)
]
Code20 = Annotated[str, StringConstraints(max_length=20), AfterValidator(_code)]
Code60 = Annotated[str, StringConstraints(max_length=60), AfterValidator(_code)]
Code80 = Annotated[str, StringConstraints(max_length=80), AfterValidator(_code)]
# A reference may be a municipality's name, which the import turns into its code.
MunicipalityReference = Annotated[str, StringConstraints(min_length=1, max_length=200), _STORABLE]
PhoneNumber = Annotated[str, StringConstraints(pattern=r"^(\+[1-9][0-9]{5,14})?$")]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Kind = Annotated[str, _one_of(*[k.value for k in PointKind])]
Mode_ = Annotated[str, _one_of(*[m.value for m in Mode])]
AnyMode = Annotated[str, _one_of("", *[m.value for m in Mode])]
LanguageStatus = Annotated[str, _one_of("fi", "sv", "bilingual_fi", "bilingual_sv", "other")]
Urbanity = Annotated[str, _one_of("urban", "semi_urban", "rural", "unknown")]
TimeZone = Annotated[str, StringConstraints(max_length=60), AfterValidator(_timezone)]
OwnTimeZone = Annotated[
    str, StringConstraints(min_length=1, max_length=60), AfterValidator(_timezone)
]
Email = Annotated[str, StringConstraints(max_length=254), AfterValidator(_email)]
MonthDay = Annotated[str, AfterValidator(month_day)]
Weekday = Annotated[int, Field(ge=0, le=6)]
Count = Annotated[int, Field(ge=0, le=2_147_483_647)]
SmallCount = Annotated[int, Field(ge=0, le=32_767)]
Latitude = Annotated[float, _number(ge=-90, le=90), _NUMBER]
Longitude = Annotated[float, _number(ge=-180, le=180), _NUMBER]
Amount = Annotated[float, _number(ge=0), _NUMBER]
Day = Annotated[date, BeforeValidator(parse_date)]
MaybeDay = Annotated[date | None, BeforeValidator(parse_date)]
Clock = Annotated[time, BeforeValidator(parse_time)]
MaybeClock = Annotated[time | None, BeforeValidator(parse_time)]
Languages = Annotated[
    tuple[Annotated[str, AfterValidator(_language)], ...], BeforeValidator(parse_tokens)
]
Tokens = Annotated[
    tuple[Annotated[str, _STORABLE, AfterValidator(_token)], ...], BeforeValidator(parse_tokens)
]
MonthDays = Annotated[
    tuple[Annotated[str, StringConstraints(min_length=5), AfterValidator(month_day)], ...],
    BeforeValidator(parse_tokens),
]
Strata = Annotated[dict[str, Annotated[float, _number(ge=0)]], BeforeValidator(parse_strata)]
