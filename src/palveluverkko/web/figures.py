"""Figures as a reader of the page's language writes them."""

from __future__ import annotations

from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _


def number(value: float | None, decimals: int = 0) -> str:
    """``value`` in the language's own form; a dash where it is not known."""
    if value is None:
        return "–"
    # Rounded first: number_format cuts the digits off, and 1,705.6 would become 1,705.
    value = round(value, decimals) if decimals else round(value)
    return number_format(value, decimal_pos=decimals, use_l10n=True, force_grouping=True)


def visits(value: float | None, shielded: bool = False) -> str:
    """Visits a week: one decimal below a hundred, none above; in words where withheld."""
    if shielded:
        return _("fewer than 5")
    if value is None:
        return _("unknown")
    return number(value, 1 if value < 100 else 0)


def interval(bounds: list[float | None] | None) -> str:
    """The 95 % interval; an open upper end is said as such."""
    if not bounds or bounds[0] is None:
        return ""
    low, high = bounds[0], bounds[1]
    if high is None:
        return _("at least %(low)s") % {"low": visits(low)}
    return f"{visits(low)}–{visits(high)}"


def share(value: float | None, decimals: int = 0) -> str:
    """A share between 0 and 1 as per cent."""
    if value is None:
        return "–"
    percent = number(value * 100, decimals)
    return f"{percent}%" if (get_language() or "").startswith("en") else f"{percent}\u00a0%"
