"""The embedded default: a file below ``HOME/outbox/dial``; the page has a link to dial with."""

from __future__ import annotations

import json
from pathlib import Path

from django.conf import settings

from palveluverkko.contact.dialling.base import Dial


class DialFiles:
    name = "file"
    rings = False
    in_page = False

    def dial(self, call: Dial) -> None:
        folder = Path(settings.HOME) / "outbox" / "dial"
        folder.mkdir(parents=True, exist_ok=True)
        content = {"to": call.to, "adviser": call.adviser, "reference": call.reference}
        (folder / f"{call.key[:24]}.json").write_text(json.dumps(content), encoding="utf-8")
