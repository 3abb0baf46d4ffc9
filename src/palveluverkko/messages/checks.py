"""Django's system check of the settings of messages (``outbox.E001``)."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, register

from palveluverkko.messages.adapters import problems


@register
def check_adapters(app_configs: Any, **options: Any) -> list[CheckMessage]:
    return [Error(problem, id="outbox.E001") for problem in problems()]
