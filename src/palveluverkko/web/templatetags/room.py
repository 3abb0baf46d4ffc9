"""What pages that a video room's screen may show ask: is this such a screen, in whose turn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from palveluverkko.web.room.device import turn_here

register = template.Library()


@register.simple_tag(takes_context=True)
def room_turn(context: Mapping[str, Any], idle: int = 0) -> SafeString:
    """The attributes by which the page's script follows the turn; empty on any other screen."""
    request: HttpRequest | None = context.get("request")
    turn = turn_here(request) if request is not None else None
    if turn is None:
        return SafeString("")
    return format_html(
        'data-room="{}" data-state="{}" data-turn="{}" data-idle="{}" data-asked="{}" '
        'data-coming="{}"',
        reverse("room"),
        reverse("room-state"),
        turn.pk,
        idle,
        _("The staff have been asked to come."),
        _("The staff are coming."),
    )
