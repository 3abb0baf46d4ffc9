"""Credentials for the TURN server hold for a while, are checked by its rule, and name nobody."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import Settings

from palveluverkko.contact.turn import credentials, ice_servers

NOW = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def turn(settings: Settings) -> None:
    settings.STUN_URLS = []
    settings.TURN_URLS = ["turn:turn.example.org:3478?transport=udp"]
    settings.TURN_SECRET = "secret"
    settings.TURN_TTL_SECONDS = 3600


def test_the_server_comes_to_the_same_password() -> None:
    name, password = credentials(NOW)
    digest = hmac.new(b"secret", name.encode(), hashlib.sha1).digest()
    assert base64.b64decode(password) == digest


def test_the_name_begins_with_the_expiry_and_is_never_the_same() -> None:
    one, other = credentials(NOW)[0], credentials(NOW)[0]
    assert one != other
    assert int(one.split(":")[0]) == (NOW + timedelta(hours=1)).timestamp()


def test_without_a_secret_no_credentials_are_given(settings: Settings) -> None:
    settings.TURN_SECRET = ""
    assert ice_servers(NOW) == []


def test_stun_needs_no_credentials(settings: Settings) -> None:
    settings.STUN_URLS = ["stun:stun.example.org"]
    stun, turn = ice_servers(NOW)
    assert stun == {"urls": ["stun:stun.example.org"]}
    assert turn["urls"] == settings.TURN_URLS
