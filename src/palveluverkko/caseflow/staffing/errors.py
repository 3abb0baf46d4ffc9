"""What can be wrong with an assignment of people to places."""

from __future__ import annotations


class AssignmentInvalid(ValueError):
    """``code``: ``not_lost`` (nothing to move), ``no_receiver`` or ``no_desk`` (full that day)."""

    def __init__(self, code: str, person: str, place: str) -> None:
        super().__init__(f"{code}: {person} at {place}")
        self.code, self.person, self.place = code, person, place
