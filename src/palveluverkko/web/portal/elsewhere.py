"""Addresses of pages that other parts of the portal bring."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse


def address_if_known(name: str, *args: object) -> str:
    """The address of the page of that name; empty where no part has it."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
