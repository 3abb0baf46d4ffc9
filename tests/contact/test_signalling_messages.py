"""What a page may say is checked for size, type, role and content before anybody gets it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palveluverkko.contact.signalling.messages import MOST_BYTES, MessageRefused, read
from palveluverkko.contact.signalling.rate import Bucket
from palveluverkko.contact.signalling.sdp import is_description

SDP = (
    "v=0\r\no=- 46117317 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\n"
    "m=audio 9 UDP/TLS/RTP/SAVPF 111 63\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\na=sendrecv\r\n"
)
PEER = "0123456789-abc"
ROLES = ("customer", "desk")


def refusal(word: Any, role: Any = "customer") -> str:
    with pytest.raises(MessageRefused) as refused:
        read(word if isinstance(word, str) else json.dumps(word), role)
    return refused.value.code


def test_a_session_description_is_taken() -> None:
    read(json.dumps({"type": "offer", "peer": PEER, "sdp": SDP}), "desk")
    read(json.dumps({"type": "answer", "peer": PEER, "page": PEER, "sdp": SDP}), "customer")


@pytest.mark.parametrize(
    "sdp",
    ["", "hello", "v=0", "v=1" + SDP[3:], SDP + "<script>", SDP.replace("m=audio 9", "m=x"), "\0"],
)
def test_what_is_no_session_description_is_refused(sdp: str) -> None:
    assert refusal({"type": "answer", "peer": PEER, "page": PEER, "sdp": sdp}) == "not_sdp"


def test_a_candidate_that_is_none_is_refused() -> None:
    word = {"type": "candidate", "peer": PEER, "candidate": "javascript:", "mid": "0", "line": 0}
    assert refusal(word) == "not_sdp"


@pytest.mark.parametrize("role", ROLES)
def test_more_than_64_kilobytes_are_refused_whatever_they_say(role: str) -> None:
    assert refusal("ä" * (MOST_BYTES // 2 + 1), role) == "too_large"


@pytest.mark.parametrize("kind", ["accept", "finish", "ready", "notes", "offer"])
def test_a_customer_cannot_do_what_an_adviser_does(kind: str) -> None:
    word = {"type": kind, "contact": 1, "peer": PEER, "sdp": SDP, "text": ""}
    known = {"offer": ("peer", "sdp")}.get(kind, ())
    given = {k: v for k, v in word.items() if kind != "offer" or k in ("type", *known)}
    assert refusal(given) == "not_allowed"


@pytest.mark.parametrize("kind", ["answer", "leave", "here"])
def test_an_adviser_cannot_do_what_a_customer_does(kind: str) -> None:
    word = {"type": kind} | ({"peer": PEER, "sdp": SDP} if kind == "answer" else {})
    assert refusal(word, "desk") == "not_allowed"


def test_an_unknown_fact_is_refused() -> None:
    assert refusal({"type": "ping", "room": "7"}) == "malformed"


@given(st.text() | st.binary().map(repr), st.sampled_from(ROLES))
def test_garble_is_refused_and_breaks_nothing(text: str, role: Any) -> None:
    with pytest.raises(MessageRefused):
        read(text, role)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
KINDS = ["hello", "offer", "answer", "candidate", "chat", "accept", "notes", "here", "muted"]


@given(st.sampled_from(KINDS), st.dictionaries(st.text(), json_values), st.sampled_from(ROLES))
def test_any_object_is_read_or_refused(kind: str, facts: dict[str, Any], role: Any) -> None:
    code = ""
    try:
        read(json.dumps(facts | {"type": kind}), role)
    except MessageRefused as refused:
        code = refused.code
    assert code in ("", "malformed", "not_allowed", "not_sdp", "too_large")


@given(st.lists(st.sampled_from(SDP.split("\r\n")[:-1])))
def test_a_description_has_its_version_origin_and_media(lines: list[str]) -> None:
    found = is_description("\r\n".join(lines))
    assert not found or (lines[0] == "v=0" and any(line.startswith("m=") for line in lines))


def test_a_page_speaks_no_faster_than_its_bucket_fills() -> None:
    now = 0.0
    bucket = Bucket(burst=3, per_second=2, clock=lambda: now)
    assert [bucket.take() for _ in range(5)] == [True, True, True, False, False]
    now = 1.0
    assert [bucket.take() for _ in range(3)] == [True, True, False]
