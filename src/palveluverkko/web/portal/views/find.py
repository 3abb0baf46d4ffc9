"""The front door, and the answer to a search: every channel on one page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from palveluverkko.contact.models import Channel
from palveluverkko.contact.openness import is_served
from palveluverkko.demand.clock import today
from palveluverkko.network.finding import NotFound, Place, Several, find_place
from palveluverkko.web.portal import clock, register
from palveluverkko.web.portal.asked import Asked, FindForm
from palveluverkko.web.portal.cards import point_card
from palveluverkko.web.portal.search import Offers, offers_for
from palveluverkko.web.texts import in_language

FIRST = 6  # points on the first page: a phone shows them in a few strokes
MORE = 12
MOST = 300


@dataclass(frozen=True, slots=True)
class Link:
    text: str
    href: str
    about: str = ""


def home(request: HttpRequest) -> HttpResponse:
    """The question alone."""
    known = register.current()
    if not known.points:
        return render(request, "web/empty.html")
    form = FindForm(None, known, today(known.timezone))
    context = {"form": form, "video_now": is_served(Channel.VIDEO, clock.now()), **_island()}
    return render(request, "portal/home.html", context)


def find(request: HttpRequest) -> HttpResponse:
    """What answers the search in the address; an address can be shared and kept."""
    known, now = register.current(), clock.now()
    if not known.points:
        return render(request, "web/empty.html")
    form = FindForm(request.GET, known, today(known.timezone))
    form.is_valid()
    place = _place(form.cleaned_data.get("place", ""))
    asked = form.asked(place if isinstance(place, Place) else None)
    offers = offers_for(asked, known, now, _most(request.GET.get("show", "")))
    context = {
        "form": form,
        "asked": asked,
        "offers": offers,
        "cards": [point_card(offer, asked, known, now) for offer in offers.points],
        "phone": known.phone,
        "video_now": is_served(Channel.VIDEO, now),
        "service": in_language(known.services.get(asked.service, "")),
        "more": _more(request.GET, offers),
        "looser": list(_looser(request.GET, asked)),
        "services": [] if asked.service else _services(request.GET, known),
        **_problem(request.GET, place, form),
        **_island(),
    }
    return render(request, "portal/find.html", context)


def _place(text: str) -> Place | Several | NotFound | None:
    return find_place(text, get_language() or "fi") if text.strip() else None


def _problem(given: QueryDict, place: object, form: FindForm) -> dict[str, Any]:
    """What is wrong with the place, and the places that may have been meant."""
    if isinstance(place, Several):
        names = [choice.name for choice in place.choices]
        text = _("There are several places of that name. Which one do you mean?")
    elif isinstance(place, NotFound):
        names = list(place.suggestions)
        text = _("We do not know the place “%(place)s”.") % {"place": place.text}
        text += " " + (_("Did you mean one of these?") if names else "")
    else:
        return {}
    form.fields["place"].widget.attrs["aria-invalid"] = "true"
    links = [Link(name, _address(given, place=name)) for name in names]
    return {"place_problem": text, "place_choices": links}


def _most(text: str) -> int:
    """How many points to show, from the address; nonsense is the first page."""
    return max(FIRST, min(int(text), MOST)) if text.isascii() and text.isdigit() else FIRST


def _more(given: QueryDict, offers: Offers) -> Link | None:
    shown = len(offers.points)
    if shown >= min(offers.total, MOST):
        return None
    return Link(_("Show more points"), f"{_address(given, show=str(shown + MORE))}#offer-{shown}")


def _looser(given: QueryDict, asked: Asked) -> Iterator[Link]:
    """Searches that ask for less, for somebody who has found nothing."""
    if asked.day:
        yield Link(_("Search for any day"), _address(given, day=""))
    if asked.language:
        yield Link(_("Search in any language"), _address(given, language=""))
    if asked.way:
        yield Link(_("Search for any way of service"), _address(given, way=""))
    if asked.service:
        yield Link(_("Search without choosing a service"), _address(given, service=""))


def _services(given: QueryDict, known: register.Register) -> list[Link]:
    """This search for each service: without one no free times can be shown."""
    return [
        Link(
            in_language(names),
            _address(given, service=code),
            in_language(known.descriptions.get(code, "")),
        )
        for code, names in known.services.items()
    ]


def _address(given: QueryDict, **changes: str) -> str:
    """This search with changes; empty fields are left out."""
    asked = {name: given.get(name, "") for name in FindForm.base_fields} | changes
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{reverse('find')}?{query}" if query else reverse("find")


def _island() -> dict[str, Any]:
    """What the page's script needs: where to ask, and what to say."""
    texts = {
        "asking": _("Finding where you are…"),
        "denied": _(
            "Your browser does not let this page see where you are. "
            "Write your municipality or postal code instead."
        ),
        "failed": _("We could not find where you are. Write your municipality or postal code."),
        "found": _("You are near this place: %(place)s."),
        "offline": _("The search did not get through. Check your connection and try again."),
    }
    return {"island": {"near": reverse("near"), "texts": texts}}
