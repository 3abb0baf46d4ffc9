"""A page's connection with as little of the client's own work as can be, so that a benchmark on the
same cores measures the server: text frames only (RFC 6455), no library between.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from typing import cast

Heard = Callable[[bytes], None]
SHORT, MIDDLE = 126, 127
TEXT, CLOSE, PING, PONG = 1, 8, 9, 10


class Wire(asyncio.Protocol):
    def __init__(self, handshake: bytes, heard: Heard) -> None:
        self._handshake, self._heard = handshake, heard
        self._buffer = b""
        self._open = False
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is no subclass
        self._transport.write(self._handshake)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.opened.done():
            self.opened.set_exception(exc or ConnectionError("closed before it was open"))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._open:
            if b"\r\n\r\n" not in self._buffer:
                return
            head, self._buffer = self._buffer.split(b"\r\n\r\n", 1)
            if b" 101 " not in head.split(b"\r\n", 1)[0]:
                self.opened.set_exception(ConnectionError(head.decode("latin-1")))
                self._transport.close()
                return
            self._open = True
            self.opened.set_result(None)
        while self._frame():
            pass

    def _frame(self) -> bool:
        buffer = self._buffer
        if len(buffer) < 2:
            return False
        size, start = buffer[1], 2
        if size >= SHORT:
            start = 4 if size == SHORT else 10
            if len(buffer) < start:
                return False
            size = int.from_bytes(buffer[2:start], "big")
        if len(buffer) < start + size:
            return False
        payload, self._buffer = buffer[start : start + size], buffer[start + size :]
        kind = buffer[0] & 15
        if kind == TEXT:
            self._heard(payload)
        elif kind == PING:
            self._send(PONG, payload)
        return True

    def say(self, text: str) -> None:
        self._send(TEXT, text.encode())

    def _send(self, kind: int, payload: bytes) -> None:
        assert len(payload) < SHORT
        mask = os.urandom(4)
        masked = bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))
        self._transport.write(bytes([128 | kind, 128 | len(payload)]) + mask + masked)


async def connect(port: int, path: str, heard: Heard, cookie: str = "") -> Wire:
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: localhost:{port}",
        f"Origin: http://localhost:{port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ]
    if cookie:
        lines.append(f"Cookie: {cookie}")
    handshake = ("\r\n".join(lines) + "\r\n\r\n").encode()
    loop = asyncio.get_running_loop()
    _transport, wire = await loop.create_connection(
        lambda: Wire(handshake, heard), "127.0.0.1", port
    )
    await wire.opened
    return wire
