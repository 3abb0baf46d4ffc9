"""What booking a service takes, by service and mode."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from palveluverkko.availability import Takes
from palveluverkko.availability.masks import CELL, CELL_MINUTES
from palveluverkko.booking.models import Terms
from palveluverkko.network.moment import once


@dataclass(frozen=True, slots=True)
class TermsBook:
    """All terms at one moment; a service without any has the defaults of :class:`Terms`."""

    rows: Mapping[tuple[str, str], Terms]

    @classmethod
    def load(cls) -> TermsBook:
        return cls(_rows())

    def of(self, service: str, mode: str) -> Terms:
        found = self.rows.get((service, mode)) or self.rows.get((service, ""))
        return found or Terms(service_id=service, mode=mode)

    @property
    def horizon_days(self) -> int:
        """How far ahead anything can be booked."""
        given = [t.horizon_days for t in self.rows.values()]
        default: int = Terms._meta.get_field("horizon_days").default
        return max([*given, default])

    @property
    def reach(self) -> timedelta:
        """As far as one meeting can hinder another from beginning: both whole, buffers too."""
        cells = [takes(terms).whole for terms in (*self.rows.values(), Terms())]
        return 2 * max(cells) * CELL


@once
def _rows() -> Mapping[tuple[str, str], Terms]:
    return {(terms.service_id, terms.mode): terms for terms in Terms.objects.all()}


def at_any_cell(need: Takes) -> Takes:
    """The same meeting for people who come to no point: the point's own clock says when."""
    return replace(need, step_minutes=CELL_MINUTES)


def takes(terms: Terms) -> Takes:
    """The terms as the engine knows them."""
    return Takes.of_minutes(
        terms.minutes,
        before=terms.buffer_before,
        after=terms.buffer_after,
        step=terms.step_minutes,
        urgent=terms.urgent,
    )
