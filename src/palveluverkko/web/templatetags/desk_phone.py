"""``{% desk_phone %}``: the desk's page as a telephone, where settings say that it is one."""

from __future__ import annotations

from typing import Any

from django import template

from palveluverkko.web.desk.phone.texts import phone_island

register = template.Library()


@register.inclusion_tag("desk/phone/panel.html")
def desk_phone() -> dict[str, Any]:
    """The panel, hidden until a number is called, and its script."""
    return {"phone": phone_island()}
