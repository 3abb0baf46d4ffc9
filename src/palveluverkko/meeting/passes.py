"""The browser's pass to a meeting: a cookie that no script reads.

One cookie for all: pages have the language before their address and the signalling has an address
of its own, so it cannot be narrowed to one path. It comes along from a link in a message ("Lax"),
or the link opened again in the same browser would not know it. A browser is in one meeting at a
time.
"""

from __future__ import annotations

COOKIE = "meeting"
