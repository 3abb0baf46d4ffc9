"""Secrets of links and passes: long enough that nobody guesses them, kept as hashes only."""

from __future__ import annotations

import hashlib
import secrets

BYTES = 32


def new_secret() -> str:
    return secrets.token_urlsafe(BYTES)


def hashed(secret: str) -> str:
    """A plain hash is enough for 256 random bits, and finds its row through an index: how long
    that takes tells nothing of how near a guess was."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
