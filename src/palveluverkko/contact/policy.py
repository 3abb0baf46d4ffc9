"""The pool's conventions: how long it rings, what silence means, what counts as in time.

docs/methods/routing.md tells why these. They are conventions of ours, not an agency's figures.
"""

from __future__ import annotations

from datetime import timedelta

RINGS = timedelta(seconds=30)  # then the customer waits again, with the place kept
MISSED_MOST = 2  # offers not taken one after the other; then the adviser is on a break
WRAP_UP = timedelta(seconds=60)

CUSTOMER_SILENT = timedelta(seconds=30)
ADVISER_SILENT = timedelta(seconds=60)
# Listened to this rarely, silence may be ours: the web process was away, not the people.
WATCH_HOLE = timedelta(seconds=20)

MOST_WAITING = 500
REDIAL = timedelta(hours=24)
IN_TIME_SECONDS = 120
