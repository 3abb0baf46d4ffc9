"""A reason as a sentence for people, in the reader's language.

Figures, intervals and dates are written the way the language writes them; a figure gets as many
decimals as it takes to see on which side of the threshold it lies.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from django.utils import formats, translation
from django.utils.translation import gettext as _

from palveluverkko.criteria.model import Reason
from palveluverkko.decisions.sentences import CHANNELS, KINDS, NEED_CLASSES, SENTENCES, WHY
from palveluverkko.snapshot.values import Estimate

Names = Mapping[str, str]
NO_NAMES: Names = {}
MOST_DECIMALS = 6
LISTED = 12


def render(reason: Reason, language: str, names: Names = NO_NAMES) -> str:
    """The sentence of ``reason`` in ``language`` (``fi``, ``sv``, ``en``).

    ``names`` gives names in that language: of services by code, of points and municipalities by
    the name that the snapshot gives them. Without one, the need classes of the example have names
    of their own, and anything else is called as the reason calls it.
    Raises ``KeyError`` for a code without a sentence.
    """
    if translation.get_language() == language:
        return _sentence(reason, language, names)
    with translation.override(language):
        return _sentence(reason, language, names)


def _sentence(reason: Reason, language: str, names: Names) -> str:
    values = {**_figures(reason), **_values(reason, language, names)}
    values |= _weeks(reason.data)
    sentence = str(SENTENCES[reason.code]) % values
    why = reason.values.get("why")
    if why is None:
        return sentence
    detail = {k: _plain(v) for k, v in reason.values.get("detail", {}).items()}
    return f"{sentence} {_why(str(why), detail)}"


def _why(code: str, detail: Mapping[str, str]) -> str:
    """Why there is no figure, as a sentence of its own."""
    try:
        return str(WHY[code]) % detail
    except KeyError:  # a cause that this program version has no words for, or a detail left out
        return _("The data do not tell (%(code)s).") % {"code": code}


def number(value: float | None, threshold: float | None = None) -> str:
    """A number in the active language, never rounded onto or across ``threshold``."""
    if value is None or math.isnan(value):
        return _("unknown")
    if math.isinf(value):
        return _("no limit")
    decimals = 0 if float(value).is_integer() else 1
    if threshold is not None:
        while decimals < MOST_DECIMALS and _side(value, threshold) != _side(
            round(value, decimals), threshold
        ):
            decimals += 1
    return str(formats.number_format(round(value, decimals), decimals, force_grouping=True))


def _side(value: float, threshold: float) -> int:
    return (value > threshold) - (value < threshold)


def day(value: date) -> str:
    """A date in the active language."""
    return str(formats.date_format(value, "SHORT_DATE_FORMAT"))


def _interval(figure: Estimate) -> str:
    if math.isinf(figure.high):
        return _("%(low)s or more") % {"low": number(figure.low)}
    return _("%(low)s–%(high)s") % {"low": number(figure.low), "high": number(figure.high)}


def _figures(reason: Reason) -> dict[str, str]:
    figure = reason.figure
    found = {"threshold": number(reason.threshold), "unit": _unit(reason.unit)}
    if isinstance(figure, Estimate):
        found["figure"] = number(figure.value, reason.threshold)
        found["interval"] = _interval(figure)
        found["level"] = number(100.0 * figure.level)
    elif isinstance(figure, (int, float)):
        found["figure"] = number(float(figure), reason.threshold)
        found["interval"] = found["level"] = _("unknown")
    return found


def _unit(unit: str) -> str:
    units = {
        "visits/week": _("visits a week"),
        "%": _("per cent"),
        "%/year": _("per cent a year"),
        "days/week": _("days a week"),
        "h/week": _("hours a week"),
        "h/day": _("hours a day"),
        "min": _("minutes"),
        "km": _("kilometres"),
        "people": _("people"),
        "residents": _("residents"),
    }
    return units.get(unit, unit)


def _weeks(data: Mapping[str, Any]) -> dict[str, str]:
    """The weeks behind a figure: how many were counted, of how many, and how many are missing."""
    tally = data.get("weeks")
    if not tally:
        return {}
    counted = tally["complete"]
    if data.get("holiday_weeks") == "include":
        counted += tally["holiday"]
    return {
        "weeks": number(counted),
        "window": number(data["window_weeks"]),
        "missing_weeks": number(tally["missing"]),
    }


def _values(reason: Reason, language: str, names: Names) -> dict[str, str]:
    """Placeholders from the reason's own values: names looked up, numbers written out."""
    special: dict[str, Callable[[Any], str]] = {
        "title": lambda texts: texts.get(language) or texts.get("en", ""),
        "kind": lambda kind: str(KINDS.get(kind, kind)),
        "needs": lambda codes: _listed(_named(codes, NEED_CLASSES, names)),
        "receivers": lambda found: _listed(_named(found, CHANNELS, names)),
        "points": lambda found: (
            _listed(_named(found, {}, names)) if isinstance(found, tuple) else _plain(found)
        ),
        "areas": lambda found: _listed(_named(found, {}, names)),
    }
    return {
        key: special.get(key, _plain)(value)
        for key, value in reason.values.items()
        if key not in ("why", "detail")
    }


def _named(codes: Iterable[str], known: Mapping[str, Any], names: Names) -> list[str]:
    return [names.get(code) or str(known.get(code, code)) for code in codes]


def _listed(found: Iterable[str]) -> str:
    """Names with commas; a long list ends with how many more there are."""
    all_names = list(found)
    shown = ", ".join(all_names[:LISTED])
    more = len(all_names) - LISTED
    if more <= 0:
        return shown
    return _("%(names)s and %(count)s more") % {"names": shown, "count": number(more)}


def _plain(value: object) -> str:
    if isinstance(value, Estimate):
        return number(value.value)
    if isinstance(value, bool) or value is None:
        return _("unknown") if value is None else str(value)
    if isinstance(value, (int, float)):
        return number(float(value))
    if isinstance(value, date):
        return day(value)
    return ", ".join(map(str, value)) if isinstance(value, (tuple, list)) else str(value)
