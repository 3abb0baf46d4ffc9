"""Pydantic's errors in the words of a policy file: key path, what was found, what was expected."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from palveluverkko.criteria.suggest import one_of

LONGEST = 80
UNION_TAGS = {"bool", "float", "date", "function-after[_decided(), union[date,str]]", "str"}


def found(value: object) -> str:
    """A short quotation of what the file holds."""
    if value == "nothing":
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def key_path(key: str, loc: Sequence[int | str]) -> str:
    """``criterion[2].threshold``: entries of lists are counted from 1."""
    path = key
    for step in loc:
        if isinstance(step, int):
            path += f"[{step + 1}]"
        elif step == "[key]":
            continue
        elif step not in UNION_TAGS and not step.startswith(("function-", "constrained-")):
            path += f".{step}"
    return path


def expected(error: ErrorDetails, shape: type[BaseModel]) -> str:
    """What should stand there."""
    context: dict[str, Any] = error.get("ctx", {})
    kind = error["type"]
    if kind == "extra_forbidden":
        return f"a known key: {one_of(_keys_at(shape, error['loc'][:-1]), error['loc'][-1])}"
    if kind in ("literal_error", "enum"):
        names = [name.strip(" '") for name in context["expected"].replace(" or ", ",").split(",")]
        return one_of(names, error["input"])
    if kind == "missing":
        return "this key"
    if kind == "value_error":
        return str(context["error"])
    return WORDS.get(kind, "{}").format(**context) if kind in WORDS else error["msg"]


WORDS = {
    "string_pattern_mismatch": "text of the form {pattern}",
    "string_too_short": "text that is not empty",
    "string_type": "text in quotation marks",
    "float_type": "a number",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "finite_number": "a finite number",
    "greater_than": "a number above {gt:g}",
    "greater_than_equal": "a number of at least {ge:g}",
    "less_than_equal": "a number of at most {le:g}",
    "list_type": "a list in square brackets",
    "too_short": "a list that is not empty",
    "model_type": "a table with keys",
    "dict_type": "a table with keys",
    "date_type": "a date without quotation marks, such as 2017-12-01",
    "date_from_datetime_parsing": "a date such as 2017-12-01",
    "date_from_datetime_inexact": "a date without a time",
    "date_parsing": "a date such as 2017-12-01",
}


def _keys_at(shape: type[BaseModel], loc: Iterable[int | str]) -> Iterable[str]:
    """The keys that a nested table may have; follows field annotations down the path."""
    model = shape
    for step in loc:
        field = model.model_fields.get(str(step))
        if field is not None:
            inner = _model_in(field.annotation)
            model = inner or model
    return model.model_fields


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    arguments = getattr(annotation, "__args__", ())
    return next((m for m in map(_model_in, arguments) if m is not None), None)
