"""What staff record: a day's visits, and files of counts or of the register."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.admin.views.decorators import staff_member_required
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from palveluverkko.demand.clock import today
from palveluverkko.demand.services import Imported, import_visits, record_visits
from palveluverkko.network.errors import ImportRejected
from palveluverkko.network.models import ServicePoint
from palveluverkko.network.services import import_register
from palveluverkko.web.forms import ImportForm, VisitsForm

DRAFT = "draft:visits:"
MAY_RECORD = ("demand.add_dailyvisits", "demand.change_dailyvisits")


def _to_login(request: HttpRequest) -> HttpResponse:
    query = urlencode({"next": request.get_full_path()})
    return redirect(f"{resolve_url(settings.LOGIN_URL)}?{query}")


def visits(request: HttpRequest, point_id: str) -> HttpResponse:
    """Record one count. What was typed outlives a session that ended meanwhile."""
    point = get_object_or_404(ServicePoint, pk=point_id)
    key = DRAFT + point_id
    if not request.user.is_authenticated:
        if request.method == "POST":
            # Kept over signing in: Django carries an anonymous session's data into the new one.
            request.session[key] = {
                name: request.POST.get(name, "") for name in VisitsForm.base_fields
            }
            messages.warning(request, _("Please sign in again. What you typed is kept."))
        return _to_login(request)
    if not request.user.has_perms(MAY_RECORD):
        raise PermissionDenied(_("Your account may not record visits."))
    if request.method != "POST":
        draft = request.session.pop(key, None)
        form = VisitsForm(None, point, initial=draft or {"day": today()})
        return render(request, "web/visits.html", {"form": form, "point": point})
    form = VisitsForm(request.POST, point)
    if form.is_valid() and _record(request, form, point):
        return redirect("visits", point_id=point_id)
    return render(request, "web/visits.html", {"form": form, "point": point}, status=422)


def _record(request: HttpRequest, form: VisitsForm, point: ServicePoint) -> bool:
    """Store the count; the register's own objections are shown beside the form."""
    given: dict[str, Any] = form.cleaned_data
    try:
        record_visits(point.pk, given["service"].code, given["mode"], given["day"], given["visits"])
    except ImportRejected as rejected:
        for error in rejected.errors:
            form.add_error(None, error.rule)
        return False
    text = _("Recorded for %(point)s on %(day)s: %(service)s, %(visits)s visits.") % {
        "point": point.name,
        "day": date_format(given["day"], "SHORT_DATE_FORMAT"),
        "service": given["service"].name,
        "visits": given["visits"],
    }
    messages.success(request, text)
    return True


def _login_address() -> str:
    return reverse("login")


def import_file(request: HttpRequest) -> HttpResponse:
    """Take a file; nothing changes unless all of it is right, and every error is listed."""
    return staff_member_required(_import_file, login_url=_login_address())(request)


def _import_file(request: HttpRequest) -> HttpResponse:
    form = ImportForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        if not request.user.has_perms(_rights(form.cleaned_data["content"])):
            raise PermissionDenied
        try:
            context["done"] = _imported(form.cleaned_data["content"], upload)
            context["file_name"] = upload.name
        except ImportRejected as rejected:
            context |= {"rejected": rejected, "file_name": upload.name}
            return render(request, "web/import.html", context, status=422)
    return render(request, "web/import.html", context)


def _rights(content: str) -> tuple[str, ...]:
    """What a person must be allowed, as in the admin: to record visits, or to edit points."""
    if content == "visits":
        return ("demand.add_dailyvisits", "demand.change_dailyvisits")
    return ("network.add_servicepoint", "network.change_servicepoint")


def _imported(content: str, upload: UploadedFile[Any]) -> dict[str, int]:
    """Import the uploaded file; raises :class:`ImportRejected`. What was written, by name."""
    with tempfile.TemporaryDirectory() as folder:
        # Under its own name, which the errors repeat.
        path = Path(folder) / Path(upload.name or "upload.csv").name
        with path.open("wb") as target:
            for chunk in upload.chunks():
                target.write(chunk)
        if content == ImportForm.VISITS:
            return _visit_counts(import_visits(path))
        counts = import_register(path, content).total
        return {_("rows added"): counts.added, _("rows changed"): counts.changed}


def _visit_counts(imported: Imported) -> dict[str, int]:
    return {
        _("counts"): imported.counts,
        _("daily reports"): imported.reports,
        _("points"): imported.points,
        _("weeks made again"): imported.weeks,
    }
