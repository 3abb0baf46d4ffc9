"""How the post office of an address is written in a language."""

from __future__ import annotations

from collections.abc import Mapping


def post_office_in(language: str, office: str, town: Mapping[str, str]) -> str:
    """The office under its town's name in ``language``, where it bears the town's name.

    Registers give one name of it, mostly the Finnish one: to a reader of Swedish the office of
    Närpiö is Närpes. An office with a name of its own stays as it is. ``town``: names by language.
    """
    same = {name.casefold() for name in town.values() if name}
    return (town.get(language) or office) if office.casefold() in same else office
