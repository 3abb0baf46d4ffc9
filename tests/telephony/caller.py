"""A SIP caller over a WebSocket that does what no page of ours would: forge, repeat, intrude."""

from __future__ import annotations

import hashlib
import re
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from telephony.parts import Agency
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from palveluverkko.contact.dialling.tickets import Ticket

SDP = (
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
    "m=audio 9 RTP/AVP 0 8\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\na=sendrecv\r\n"
)


@dataclass(frozen=True)
class Caller:
    """One connection; every call has an identity of its own."""

    at: Agency
    socket: ClientConnection

    def invite(
        self, ticket: Ticket, to: str = "", caller: str = "", headers: tuple[str, ...] = ()
    ) -> str:
        """The first final answer, with the ticket shown where it is asked for."""
        to, caller = to or ticket.number, caller or self.at.number
        call = secrets.token_hex(8)
        asked = self.say(invite(self.at, to, caller, call, 1, headers))
        if not asked.startswith("SIP/2.0 407"):
            return asked
        self.send(request("ACK", self.at, to, caller, call, 1))
        challenge = re.search(r'nonce="([^"]+)"', asked)
        assert challenge is not None, asked
        shown = credentials(self.at, ticket, to, challenge[1])
        return self.say(invite(self.at, to, caller, call, 2, (*headers, shown)))

    def say(self, message: str) -> str:
        """Send, and wait for a final answer."""
        self.send(message)
        while True:
            answer = str(self.socket.recv(timeout=10))
            if not re.match(r"SIP/2\.0 1", answer):
                return answer

    def send(self, message: str) -> None:
        self.socket.send(message)


@contextmanager
def calling(at: Agency, origin: str = "") -> Iterator[Caller]:
    """A page's connection; ``origin``: of another site."""
    address = f"ws://{at.address}:{at.websocket}"
    shown, spoken = Origin(origin or at.origin), [Subprotocol("sip")]
    with connect(address, origin=shown, subprotocols=spoken) as line:
        yield Caller(at, line)


def request(
    method: str,
    at: Agency,
    to: str,
    caller: str,
    call: str,
    number: int,
    headers: tuple[str, ...] = (),
    body: str = "",
    to_tag: str = "",
    via: str = "WS",
) -> str:
    tag = f";tag={to_tag}" if to_tag else ""
    lines = [
        f"{method} sip:{to}@{at.domain} SIP/2.0",
        f"Via: SIP/2.0/{via} caller.invalid;branch=z9hG4bK{secrets.token_hex(6)};rport",
        "Max-Forwards: 70",
        f"From: <sip:{caller}@{at.domain}>;tag={call}",
        f"To: <sip:{to}@{at.domain}>{tag}",
        f"Call-ID: {call}",
        f"CSeq: {number} {method}",
        "Contact: <sip:caller@caller.invalid;transport=ws>",
        *headers,
        *(("Content-Type: application/sdp",) if body else ()),
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join([*lines, "", body])


def invite(
    at: Agency, to: str, caller: str, call: str, number: int, headers: tuple[str, ...] = ()
) -> str:
    return request("INVITE", at, to, caller, call, number, headers, body=SDP)


def credentials(at: Agency, ticket: Ticket, to: str, nonce: str) -> str:
    """RFC 2617, without qop."""
    uri = f"sip:{to}@{at.domain}"
    own = _md5(f"{ticket.name}:{at.domain}:{ticket.password}")
    response = _md5(f"{own}:{nonce}:{_md5(f'INVITE:{uri}')}")
    return (
        f'Proxy-Authorization: Digest username="{ticket.name}", realm="{at.domain}", '
        f'nonce="{nonce}", uri="{uri}", response="{response}"'
    )


def over_udp(at: Agency, message: str) -> str:
    """What somebody in the telephone network gets who knows our address."""
    with socket.socket(type=socket.SOCK_DGRAM) as line:
        line.settimeout(5)
        line.sendto(message.encode(), (at.address, at.sip))
        return line.recv(4_000).decode()


def _md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()
