"""Names of places that the register's three languages leave out, by the Finnish name.

The municipalities of the Sámi homeland call themselves by these names beside the Finnish one: all
in Northern Sámi, Inari also in Inari Sámi and Skolt Sámi, its other official languages.
"""

from __future__ import annotations

from collections.abc import Mapping

ALIASES: Mapping[str, tuple[str, ...]] = {
    "Utsjoki": ("Ohcejohka",),
    "Inari": ("Anár", "Aanaar", "Aanar"),
    "Enontekiö": ("Eanodat",),
    "Sodankylä": ("Soađegilli",),
}


def names_besides(name_fi: str) -> tuple[str, ...]:
    """Other names of the municipality that people search by."""
    return ALIASES.get(name_fi, ())
