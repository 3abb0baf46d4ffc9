"""Whose data the pages show, as their licences ask."""

from __future__ import annotations

from django.utils.translation import gettext as _

from palveluverkko.example import attributions
from palveluverkko.example.attributions import Attribution


def names() -> str:
    """The sources' names and licence: the line inside the map's frame and below every page."""
    return _(
        "© Statistics Finland, National Land Survey of Finland, THL, Posti, GeoNames (CC BY 4.0); "
        "partly synthetic"
    )


def map_line() -> str:
    """What each source gave to the map, in full."""
    return str(attributions.MAP_LINE)


def all_credits() -> tuple[Attribution, ...]:
    """Every source with its licence."""
    return attributions.DOCUMENTS
