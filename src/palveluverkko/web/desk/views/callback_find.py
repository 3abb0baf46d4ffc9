"""Open a callback request by its number: a customer rings us, and no text message reaches them."""

from __future__ import annotations

from auditlog.signals import accessed
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from palveluverkko.booking.desk_queries import adviser_of_user
from palveluverkko.booking.links import signed
from palveluverkko.contact import callback_queries
from palveluverkko.contact.models import CallbackRequest
from palveluverkko.web.desk.rights import SERVES, is_manager, staff_page
from palveluverkko.web.desk.typed import plain_text


@require_POST
@staff_page
def find(request: HttpRequest) -> HttpResponse:
    """The customer's own page, where the time is changed or the call cancelled. It is logged."""
    serves = adviser_of_user(request.user) is not None and request.user.has_perm(SERVES)
    if not serves and not is_manager(request.user):
        raise PermissionDenied(_("Your account is not an adviser's. Ask your manager."))
    found = callback_queries.by_reference(plain_text(request.POST.get("number"), 20))
    if found is None:
        messages.error(request, _("There is no callback request with this number."))
        return redirect("desk-callbacks")
    accessed.send(sender=CallbackRequest, instance=found)
    return redirect("callback", link=signed("callback", found.token))
