"""A day's free starts as a short text, for the projection's rows."""

from __future__ import annotations

import json
from collections.abc import Mapping

from palveluverkko.availability.masks import Mask


def pack(starts: Mapping[str, Mask]) -> str:
    """Masks by language as JSON with hexadecimal numbers."""
    return json.dumps({language: f"{mask:x}" for language, mask in sorted(starts.items())})


def unpack(text: str) -> dict[str, Mask]:
    return {language: int(mask, 16) for language, mask in json.loads(text).items()}
