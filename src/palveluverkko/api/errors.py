"""Errors as JSON, in one shape whether a rule or the request's form is broken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import ValidationError

from palveluverkko.network.errors import ImportRejected


class BrokenRule(Schema):
    row: int | None
    column: str | None
    value: str
    rule: str


class Refusal(Schema):
    """Nothing was changed. ``omitted`` counts errors beyond those listed."""

    errors: list[BrokenRule]
    omitted: int = 0


def install(api: NinjaAPI) -> None:
    """Make the interface answer refused input with 422 and :class:`Refusal`."""

    def rejected(request: HttpRequest, refused: ImportRejected | type[ImportRejected]) -> Any:
        assert isinstance(refused, ImportRejected)
        errors = [BrokenRule(**_of(e)) for e in refused.errors]
        return _answer(api, request, errors, refused.omitted)

    def invalid(request: HttpRequest, bad: ValidationError | type[ValidationError]) -> Any:
        assert isinstance(bad, ValidationError)
        return _answer(api, request, [_broken(e) for e in bad.errors])

    api.add_exception_handler(ImportRejected, rejected)
    api.add_exception_handler(ValidationError, invalid)


def _of(error: Any) -> dict[str, Any]:
    return {name: getattr(error, name) for name in ("row", "column", "value", "rule")}


def _answer(
    api: NinjaAPI, request: HttpRequest, errors: Sequence[BrokenRule], omitted: int = 0
) -> HttpResponse:
    content = Refusal(errors=list(errors), omitted=omitted)
    return api.create_response(request, content.model_dump(), status=422)


def _broken(error: Any) -> BrokenRule:
    """A form error: its place is a path such as ``("body", "counts", 3, "visits")``."""
    row = next((part for part in error["loc"] if isinstance(part, int)), None)
    last = error["loc"][-1]
    return BrokenRule(
        row=None if row is None else row + 1,
        column=last if isinstance(last, str) else None,
        value=str(error.get("input", ""))[:200],
        rule=str(error["msg"]),
    )
