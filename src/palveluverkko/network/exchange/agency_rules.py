"""An agency's holidays must be ones that the holiday library knows: else no day could be told."""

from __future__ import annotations

from collections.abc import Iterable

import holidays

from palveluverkko.network.exchange.collecting import Collector, Located
from palveluverkko.network.exchange.records import AgencyRecord


def check_agencies(found: Collector) -> None:
    """Adds an error for every unknown country, subdivision and category of holidays."""
    countries = holidays.list_supported_countries()
    for located in found.rows["agencies"]:
        agency = located.record
        assert isinstance(agency, AgencyRecord)
        if agency.country not in countries:
            _refuse(found, located, "country", agency.country, countries)
            continue
        calendar = holidays.country_holidays(agency.country)
        subdivisions = (*calendar.subdivisions, *calendar.subdivisions_aliases)
        if agency.subdivision and agency.subdivision not in subdivisions:
            _refuse(found, located, "subdivision", agency.subdivision, calendar.subdivisions)
        for category in agency.closed_categories:
            if category not in calendar.supported_categories:
                known = calendar.supported_categories
                _refuse(found, located, "closed_categories", category, known)


def _refuse(
    found: Collector, located: Located, column: str, value: str, allowed: Iterable[str]
) -> None:
    # A country without subdivisions has a dash here: the cell is to be empty.
    listed = ", ".join(sorted(allowed)) or "–"
    found.errors.add(located.place, column, value, "choice", allowed=listed)
