"""What the customers' templates and the navigation ask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import phonenumbers
from django import template
from django.http import HttpRequest

from palveluverkko.web.portal.elsewhere import address_if_known
from palveluverkko.web.texts import in_language

__all__ = ["address_if_known", "register", "section"]

register = template.Library()

register.filter("in_language", in_language)
register.simple_tag(address_if_known)


@register.filter
def phone_number(number: str) -> str:
    """An E.164 number in groups, as people read it: +358 20 634 0200."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL))


SECTIONS = {"palveluverkko.web.portal": "customer", "palveluverkko.web.desk": "desk"}


@register.simple_tag(takes_context=True)
def section(context: Mapping[str, Any]) -> str:
    """Whose page this is: ``customer``, ``desk`` or ``network``; by where its view lives."""
    request: HttpRequest | None = context.get("request")
    match = request.resolver_match if request else None
    module = match.func.__module__ if match else "palveluverkko.web.portal"
    return next((who for folder, who in SECTIONS.items() if module.startswith(folder)), "network")
