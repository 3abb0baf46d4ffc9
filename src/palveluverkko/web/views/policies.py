"""The criteria as a reader's text, with their sources, and as the file itself."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from palveluverkko.decisions.policies import PolicyFile
from palveluverkko.web import reports
from palveluverkko.web.policy_text import policy_tables


def policies(request: HttpRequest) -> HttpResponse:
    known = reports.known_policies()
    context = {"policies": known.usable.items(), "broken": known.broken.items()}
    return render(request, "web/policies.html", context)


def _known(name: str) -> PolicyFile:
    found = reports.known_policies().usable.get(name)
    if found is None:
        raise Http404(name)
    return found


def policy(request: HttpRequest, name: str) -> HttpResponse:
    file = _known(name)
    context = {"name": name, "policy": file.policy, "text": file.text, **policy_tables(file)}
    return render(request, "web/policy.html", context)


def policy_toml(request: HttpRequest, name: str) -> HttpResponse:
    """The file as it is: its hash is the policy's version."""
    response = HttpResponse(_known(name).text, content_type="application/toml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.toml"'
    return response
