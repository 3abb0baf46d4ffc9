"""Words, figures and symbols for the templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import template
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from palveluverkko.criteria.model import Outcome
from palveluverkko.web import credits, figures, labels, privacy, symbols
from palveluverkko.web.texts import in_language

register = template.Library()

register.filter("number", figures.number)
register.filter("share", figures.share)
register.filter("interval", figures.interval)
register.filter("in_language", in_language)
register.filter("reason_text", privacy.reason_text)


@register.filter
def label(code: object, kind: str) -> str:
    """``{{ row.kind|label:"kind" }}``: the word for a code."""
    return labels.label(kind, code)


@register.filter
def item(mapping: Mapping[str, Any], key: str) -> Any:
    return mapping.get(key)


@register.filter
def day(value: str | date | None) -> str:
    """A date as the language writes it, from a date or an ISO string."""
    found = parse_date(value) if isinstance(value, str) else value
    return date_format(found, "SHORT_DATE_FORMAT") if found else ""


@register.filter
def weekdays(numbers: Sequence[int]) -> str:
    """Weekdays in short; consecutive ones as a range."""
    if not numbers:
        return _("closed")
    days = sorted(numbers)
    names = [str(labels.WEEKDAY_SHORT[number]) for number in days]
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return f"{names[0]}–{names[-1]}"
    return ", ".join(names)


@register.filter
def synthetic_list(fields: Sequence[str]) -> str:
    return ", ".join(labels.label("synthetic", field) for field in fields)


@register.filter
def visits(value: float | None, shielded: bool = False) -> str:
    return figures.visits(value, shielded)


@register.filter
def no_upper_end(value: float | None, interval: list[float | None] | None) -> bool:
    """Whether every week was at capacity, so that demand is known from below only."""
    return value is not None and interval is not None and interval[1] is None


@register.filter
def or_more(value: float) -> str:
    return _("%(low)s or more") % {"low": figures.visits(value)}


@register.simple_tag
def symbol(outcome: str) -> SafeString:
    """The outcome's shape, as on the map. The word beside it says the same."""
    shape = symbols.SHAPES[Outcome(outcome)]
    return format_html(
        '<svg viewBox="0 0 20 20" aria-hidden="true" focusable="false">'
        '<path d="{}" fill="{}" stroke="{}" stroke-width="2"/></svg>',
        shape.path,
        shape.fill,
        shape.stroke,
    )


@register.simple_tag
def outcome(code: str, size: str = "") -> SafeString:
    """Shape and word of an outcome."""
    return format_html(
        '<span class="outcome{}">{}<span>{}</span></span>',
        f" outcome--{size}" if size else "",
        symbol(code),
        labels.label("outcome", code),
    )


@register.simple_tag(takes_context=True)
def this_page_in(context: Mapping[str, Any], language: str) -> str:
    """The address of the page being shown, filters and all, in another language."""
    request: HttpRequest | None = context.get("request")
    return translate_url(request.get_full_path(), language) if request else f"/{language}/"


@register.simple_tag
def language_name(code: str) -> str:
    """A language by its own name, whatever the page's language."""
    return str(get_language_info(code)["name_local"]).capitalize()


@register.simple_tag
def credit_names() -> str:
    return credits.names()


@register.simple_tag
def credit_line() -> str:
    return credits.map_line()
