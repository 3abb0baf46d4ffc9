"""Days on which offices are shut: public holidays of a country, and an agency's own.

A plain list of public holidays is not enough: Finnish offices are shut on Midsummer Eve and
Christmas Eve too (decree 332/1994), which the ``holidays`` library keeps in other categories.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import holidays


@dataclass(frozen=True, slots=True)
class HolidayCalendar:
    """Closed days of ``country`` (ISO 3166-1) and ``subdivision``.

    ``categories`` are those of the ``holidays`` library that count besides ``public``;
    ``closed_days`` are further days of every year as ``MM-DD``.
    """

    country: str
    subdivision: str = ""
    categories: tuple[str, ...] = ()
    closed_days: tuple[str, ...] = ()

    def name_on(self, day: date, language: str | None = None) -> str | None:
        """The holiday's name, the ``MM-DD`` of an own closed day, or ``None`` on an ordinary day.

        ``language``: ``fi``, ``sv``, ...; the country's own where the library has no such names.
        """
        named = _year(self.country, self.subdivision, self.categories, language, day.year).get(day)
        if named is not None:
            return named
        month_day = f"{day:%m-%d}"
        return month_day if month_day in self.closed_days else None


# The library names some languages with their country.
_LIBRARY_LANGUAGE = {"en": "en_US", "sv": "sv_FI"}


@lru_cache(maxsize=512)
def _year(
    country: str, subdivision: str, categories: tuple[str, ...], language: str | None, year: int
) -> Mapping[date, str]:
    """Raises ``NotImplementedError`` from the library for a country that it does not know."""
    return dict(
        holidays.country_holidays(
            country,
            subdiv=subdivision or None,
            years=year,
            language=_LIBRARY_LANGUAGE.get(language or "", language),
            categories=tuple(dict.fromkeys(("public", *categories))),
        )
    )
