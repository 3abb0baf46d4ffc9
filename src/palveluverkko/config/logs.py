"""What must not be in a log: the secret part of a link that was asked for."""

from __future__ import annotations

import logging
import re

# Links into bookings, requests and meetings are longer than any other part of a path.
SECRET = re.compile(r"(?<=/)[A-Za-z0-9_.:%~-]{20,}(?=[/?\s\"']|$)")


class HideLinks(logging.Filter):
    """Every log line that tells a path tells it without such parts."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(
                SECRET.sub("…", arg) if isinstance(arg, str) else arg for arg in record.args
            )
        return True
