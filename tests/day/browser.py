"""What a customer's or an adviser's browser does: pages by HTTP, and one line to the signalling."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import httpx
import websockets

from tests.day.town import Town

CSRF = "D" * 32
PING = 5.0
INPUT = re.compile(r'<input[^>]*\bname="(page|start)"[^>]*\bvalue="([^"]*)"')


class Browser:
    """Each has an address of its own on the loopback, as customers have their own at home."""

    def __init__(self, town: Town, number: int, session: str = "") -> None:
        self.town = town
        address = f"127.{1 + number // 62_500}.{number // 250 % 250}.{1 + number % 250}"
        cookies = {"csrftoken": CSRF} | ({"sessionid": session} if session else {})
        self._http = httpx.AsyncClient(
            base_url=town.url,
            transport=httpx.AsyncHTTPTransport(verify=False, local_address=address),
            cookies=cookies,
            headers={"X-CSRFToken": CSRF},
            timeout=60,
            trust_env=False,
        )

    async def get(self, path: str, **query: str) -> httpx.Response:
        return await self._patiently(lambda: self._http.get(path, params=query or None))

    async def post(self, path: str, **fields: Any) -> httpx.Response:
        """The same once more where the line broke: whoever presses again means the same."""
        return await self._patiently(lambda: self._http.post(path, data=fields))

    async def close(self) -> None:
        await self._http.aclose()

    async def _patiently(self, ask: Callable[[], Any]) -> httpx.Response:
        while True:
            try:
                answer: httpx.Response = await ask()
            except httpx.TransportError:
                await asyncio.sleep(0.05)
                continue
            if answer.status_code >= 500:
                raise AssertionError(f"{answer.request.url}: {answer.status_code}")
            return answer


class Line:
    """A page's connection to the signalling; ``heard`` is called with each word that comes."""

    def __init__(self, town: Town, path: str, page: str, heard: Callable[[dict[str, Any]], None]):
        self.town, self.path, self.page, self.heard = town, path, page, heard
        self.open = False
        self._socket: Any = None
        self._tasks: list[asyncio.Task[None]] = []

    async def connect(self, token: str = "", session: str = "") -> bool:
        cookie = {"Cookie": f"sessionid={session}"} if session else {}
        try:
            self._socket = await websockets.connect(
                f"ws://127.0.0.1:{self.town.port}{self.path}",
                origin=self.town.url,  # type: ignore[arg-type]
                additional_headers=cookie,
                compression=None,
                ping_interval=None,
                open_timeout=30,
            )
        except (OSError, websockets.WebSocketException):
            return False
        self.open = True
        hello = {"type": "hello", "page": self.page} | ({"token": token} if token else {})
        await self.say(**hello)
        self._tasks = [asyncio.create_task(self._hear()), asyncio.create_task(self._ping())]
        return True

    async def say(self, **word: Any) -> None:
        try:
            await self._socket.send(json.dumps(word))
        except websockets.ConnectionClosed:
            self.open = False

    async def vanish(self) -> None:
        """As when a window is closed or a machine sleeps."""
        self.open = False
        for task in self._tasks:
            task.cancel()
        if self._socket is not None:
            self._socket.transport.abort()

    async def _hear(self) -> None:
        try:
            async for text in self._socket:
                self.heard(json.loads(text))
        except websockets.ConnectionClosed:
            pass
        self.open = False

    async def _ping(self) -> None:
        while self.open:
            await asyncio.sleep(PING)
            await self.say(type="ping")


def fields(page: str) -> tuple[str, list[str]]:
    """The page's own name, and the times that it offers."""
    found = [(name, unescape(value)) for name, value in INPUT.findall(page)]
    names = [value for name, value in found if name == "page"]
    return (names[0] if names else ""), [value for name, value in found if name == "start"]


def heading(page: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.S)
    return unescape(found[1]).strip() if found else ""
