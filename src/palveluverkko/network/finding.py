"""Which place a person means: a municipality, a postal code or area, or a service point's name."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

import numpy as np
from rapidfuzz import fuzz, process

from palveluverkko.access.travel import great_circle_km
from palveluverkko.network import revision
from palveluverkko.network.aliases import names_besides
from palveluverkko.network.models import Area, Municipality, ServicePoint

LONGEST = 100  # characters: no place has a longer name, and likeness costs time by length
MOST_SUGGESTIONS = 4
LIKE_ENOUGH = 65.0  # per cent by rapidfuzz: "Kupio" is 91 % like Kuopio
TOO_FAR_KM = 60.0  # from the nearest postal area: somebody abroad is not near any place here

# Letters that Unicode does not take apart into a plain one and a mark.
_PLAIN = str.maketrans(
    {"ø": "o", "đ": "d", "ŋ": "n", "ŧ": "t", "æ": "a", "ł": "l", "ß": "ss", "ʒ": "z", "ʹ": ""}
)


class Kind(IntEnum):
    """What a name may stand for; of one name the first kind wins within a municipality."""

    MUNICIPALITY = 0
    AREA = 1
    POINT = 2


@dataclass(frozen=True, slots=True)
class Place:
    """A place as found: WGS 84 degrees, and the code of its municipality.

    ``name`` finds this very place again, so that an address with it can be shared.
    """

    name: str
    lat: float
    lon: float
    municipality: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Several:
    """The name stands for places in different municipalities: the person must choose."""

    choices: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class NotFound:
    """Nothing has that name; ``suggestions`` are the names most like it, best first."""

    text: str
    suggestions: tuple[str, ...]


def find_place(text: str, language: str) -> Place | Several | NotFound:
    """The place that ``text`` names, whatever its case, marks, hyphens and spaces.

    Names are known in all languages of the register; what is returned is named in ``language``.
    """
    index = _index(revision.current(), language[:2])
    wanted = text.strip()[:LONGEST]
    found = index.exact.get(_key(wanted)) or index.plain.get(plain(wanted))
    if found is None and (code := _leading_code(wanted)):
        found = index.exact.get(code)
    if found is None:
        return NotFound(wanted, _suggestions(wanted, index))
    return found[0] if len(found) == 1 else Several(found)


def nearest_place(lat: float, lon: float, language: str) -> Place | None:
    """The postal area nearest to a position; else the municipality; None far from all of them."""
    index = _index(revision.current(), language[:2])
    if not index.around:
        return None
    km = great_circle_km(
        lat, lon, [place.lat for place in index.around], [place.lon for place in index.around]
    )
    nearest = int(np.argmin(km))
    return index.around[nearest] if km[nearest] <= TOO_FAR_KM else None


def clear_cache() -> None:
    """Forget the index. For tests, whose roll-backs turn the change counter back."""
    _index.cache_clear()


def plain(text: str) -> str:
    """``text`` without case, marks and punctuation, as a hurried person types it."""
    apart = unicodedata.normalize("NFKD", _key(text).translate(_PLAIN))
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def _key(text: str) -> str:
    """Letters and digits in one case, words apart by one space."""
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
    return " ".join("".join(s if s.isalnum() or _is_mark(s) else " " for s in folded).split())


def _is_mark(sign: str) -> bool:
    return unicodedata.category(sign).startswith(("M", "L"))


def _leading_code(text: str) -> str | None:
    """The postal code of "70820 Something": post offices have more names than the register."""
    first = _key(text).split(" ", 1)[0]
    return first if first.isdigit() else None


@dataclass(frozen=True, slots=True)
class _Index:
    """Places by name; ``names``: what to suggest for each plain form; ``around``: for positions."""

    exact: Mapping[str, tuple[Place, ...]]
    plain: Mapping[str, tuple[Place, ...]]
    names: Mapping[str, str]
    around: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class _Town:
    """A municipality's name in the page's language, and all its names as they are compared."""

    name: str
    keys: tuple[str, ...]

    @classmethod
    def of(cls, row: Municipality, language: str) -> _Town:
        names = {row.name_fi, row.name_sv, row.name_en} - {""}
        return cls(_in(language, row), tuple(_key(name) for name in names))

    def with_name(self, name: str) -> str:
        """ "Petonen, Kuopio", but "Kuopio" and "Kuopio Petonen" as they are."""
        key = _key(name)
        if key in self.keys:
            return self.name
        return (
            name if key.startswith(self.keys) or key.endswith(self.keys) else f"{name}, {self.name}"
        )


@lru_cache(maxsize=6)
def _index(_revision: int, language: str) -> _Index:
    rows = list(Municipality.objects.all())
    named = {row.code: _Town.of(row, language) for row in rows}
    areas = list(Area.objects.all())
    entries = [
        *_municipalities(rows, areas, named),
        *_postal(areas, named),
        *_points(named, language),
    ]
    exact: dict[str, list[Place]] = defaultdict(list)
    loose: dict[str, list[Place]] = defaultdict(list)
    for name, place in entries:
        exact[_key(name)].append(place)
        loose[plain(name)].append(place)
    return _Index(
        exact={key: _chosen(places) for key, places in exact.items()},
        plain={key: _chosen(places) for key, places in loose.items()},
        names={plain(name): place.name for name, place in reversed(entries)},
        around=_around(areas, named, [place for _name, place in entries]),
    )


def _chosen(places: Sequence[Place]) -> tuple[Place, ...]:
    """A municipality before all else; then one place a municipality, in the order of kinds."""
    ordered = sorted(places, key=lambda place: place.kind)
    if ordered[0].kind == Kind.MUNICIPALITY:
        ordered = [place for place in ordered if place.kind == Kind.MUNICIPALITY]
    by_town: dict[str, Place] = {}
    for place in ordered:
        by_town.setdefault(place.municipality, place)
    return tuple(sorted(by_town.values(), key=lambda place: place.name.casefold()))


def _municipalities(
    towns: Iterable[Municipality], areas: Sequence[Area], named: Mapping[str, _Town]
) -> Iterator[tuple[str, Place]]:
    inside: dict[str, list[Area]] = defaultdict(list)
    for area in areas:
        inside[area.municipality_id].append(area)
    for town in towns:
        position = _position(town, inside[town.code])
        if position is not None:
            place = Place(named[town.code].name, *position, town.code, Kind.MUNICIPALITY)
            names = {town.name_fi, town.name_sv, town.name_en, *names_besides(town.name_fi)}
            for name in names - {""}:
                yield name, place


def _position(town: Municipality, inside: Sequence[Area]) -> tuple[float, float] | None:
    if town.lat is not None and town.lon is not None:
        return town.lat, town.lon
    return _middle(inside) if inside else None


def _middle(areas: Sequence[Area]) -> tuple[float, float]:
    """Where the residents are on average; areas of a place are too near for the sphere to tell."""
    weights = [max(area.residents, 1) for area in areas]
    lat = float(np.average([area.lat for area in areas], weights=weights))
    return lat, float(np.average([area.lon for area in areas], weights=weights))


def _postal(areas: Sequence[Area], named: Mapping[str, _Town]) -> Iterator[tuple[str, Place]]:
    """Each code by itself and with its name; areas of one name in one municipality together."""
    together: dict[tuple[str, str], list[Area]] = defaultdict(list)
    for area in areas:
        together[area.name, area.municipality_id].append(area)
        place = _area_place(area, named)
        yield area.code, place
        yield place.name, place
    for (name, town), members in together.items():
        full = named[town].with_name(name)
        place = Place(full, *_middle(members), town, Kind.AREA)
        yield name, place
        yield full, place


def _area_place(area: Area, named: Mapping[str, _Town]) -> Place:
    name = f"{area.code} {named[area.municipality_id].with_name(area.name)}"
    return Place(name, area.lat, area.lon, area.municipality_id, Kind.AREA)


def _points(named: Mapping[str, _Town], language: str) -> Iterator[tuple[str, Place]]:
    for point in ServicePoint.objects.all():
        full = named[point.municipality_id].with_name(_in(language, point))
        place = Place(full, point.lat, point.lon, point.municipality_id, Kind.POINT)
        for name in {point.name_fi, point.name_sv, point.name_en, full} - {""}:
            yield name, place


def _around(
    areas: Sequence[Area], named: Mapping[str, _Town], places: Sequence[Place]
) -> tuple[Place, ...]:
    if areas:
        return tuple(_area_place(area, named) for area in areas)
    return tuple(place for place in places if place.kind == Kind.MUNICIPALITY)


def _in(language: str, named: Municipality | ServicePoint) -> str:
    names = {"fi": named.name_fi, "sv": named.name_sv, "en": named.name_en}
    return names.get(language) or named.name_fi or named.name_sv or named.name_en


def _suggestions(text: str, index: _Index) -> tuple[str, ...]:
    """Names like all of the text; where there are none, like its first word."""
    wanted = plain(text)
    if wanted.isdecimal():
        return _next_codes(wanted, index)
    found = _like(wanted, index)
    if not found and " " in wanted:
        found = _like(wanted.split(" ", 1)[0], index)
    return found


def _next_codes(wanted: str, index: _Index) -> tuple[str, ...]:
    """The postal codes next to one that is nobody's: neighbours in number are so on the ground."""
    codes = [key for key in index.names if key.isdecimal() and len(key) == len(wanted)]
    nearest = sorted(codes, key=lambda code: (abs(int(code) - int(wanted)), code))
    return tuple(index.names[code] for code in nearest[:MOST_SUGGESTIONS])


def _like(wanted: str, index: _Index) -> tuple[str, ...]:
    if len(wanted) < 2:
        return ()
    found = process.extract(
        wanted, index.names.keys(), scorer=fuzz.ratio, limit=40, score_cutoff=LIKE_ENOUGH
    )
    begun = [(key, 100.0 - len(key), 0) for key in index.names if key.startswith(wanted)]
    best = sorted([*begun, *found], key=lambda match: -match[1])
    return tuple(dict.fromkeys(index.names[key] for key, *_score in best))[:MOST_SUGGESTIONS]
