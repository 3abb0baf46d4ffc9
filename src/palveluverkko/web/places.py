"""Names of municipalities, regions and services in the page's language."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import get_language

from palveluverkko.network import revision
from palveluverkko.network.models import Municipality, Service


@dataclass(frozen=True, slots=True)
class Place:
    code: str
    name: str
    region_code: str
    region: str


def municipalities() -> dict[str, Place]:
    """Every municipality by code; read again only when the register has changed."""
    return _municipalities(revision.current(), (get_language() or "fi")[:2])


@lru_cache(maxsize=6)
def _municipalities(_revision: int, language: str) -> dict[str, Place]:
    return {
        town.code: Place(
            code=town.code,
            name=town.name,
            region_code=town.region_code,
            region=(town.region_sv if language == "sv" else "") or town.region_fi,
        )
        for town in Municipality.objects.all()
    }


def services() -> dict[str, str]:
    """Names of the need classes by code, in the register's order."""
    return {service.code: service.name for service in Service.objects.all()}
