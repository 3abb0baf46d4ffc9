"""A page's own name, with which a request sent twice is known to be one."""

from __future__ import annotations

import re
from secrets import token_urlsafe

from django.http import QueryDict

NAME = re.compile(r"[A-Za-z0-9_-]{16,40}")


def new_page() -> str:
    """128 bits that nobody else can know."""
    return token_urlsafe(16)


def page_of(given: QueryDict) -> str | None:
    """The name that a form sent back; None where none of our pages made it."""
    name = given.get("page", "")
    return name if NAME.fullmatch(name) else None
