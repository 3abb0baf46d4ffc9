"""The criteria as a reader's text, with their sources, and as the file itself."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from palveluverkko.criteria import PolicyInvalid
from palveluverkko.decisions.policies import PolicyFile
from palveluverkko.web import reports
from palveluverkko.web.policy_text import policy_tables


def policies(request: HttpRequest) -> HttpResponse:
    try:
        files = reports.known_policies()
    except PolicyInvalid as error:
        return render(request, "web/policy_invalid.html", {"error": error}, status=500)
    return render(request, "web/policies.html", {"policies": [file.policy for file in files]})


def _known(policy_id: str) -> PolicyFile:
    for file in reports.known_policies():
        if file.policy.id == policy_id:
            return file
    raise Http404(policy_id)


def policy(request: HttpRequest, policy_id: str) -> HttpResponse:
    file = _known(policy_id)
    context = {"policy": file.policy, "text": file.text, **policy_tables(file)}
    return render(request, "web/policy.html", context)


def policy_toml(request: HttpRequest, policy_id: str) -> HttpResponse:
    """The file, byte for byte: its hash is the policy's version."""
    file = _known(policy_id)
    response = HttpResponse(file.text, content_type="application/toml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{file.policy.id}.toml"'
    return response
