"""The ASGI application that ``palveluverkko serve`` runs: pages, and the signalling of calls."""

import gc
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "palveluverkko.config.settings")
django.setup(set_prefix=False)

from channels.auth import AuthMiddlewareStack  # noqa: E402  these need the settings
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402
from django.urls import re_path  # noqa: E402

from palveluverkko.config.http import PooledHandler  # noqa: E402
from palveluverkko.contact.signalling.routing import customers, urlpatterns  # noqa: E402
from palveluverkko.meeting.signalling.routing import urlpatterns as meetings  # noqa: E402

# With SERVER_TIMING=1 every answer says what it cost: for benchmarks, not for the public.
pages = PooledHandler(timed=os.environ.get("SERVER_TIMING", "") == "1")
# Thousands of customers' pages need no session; the others are asked who is signed in.
others = re_path(r"", AuthMiddlewareStack(URLRouter([*urlpatterns, *meetings])))
application = ProtocolTypeRouter(
    {
        "http": pages,
        # Pages of other sites, which a browser would let in with our cookies, are refused.
        "websocket": AllowedHostsOriginValidator(URLRouter([*customers, others])),
    }
)

# What is loaded now stays until the end, and connected pages stay long: a full collection that
# looks through all of it stops every page for a quarter of a second (measured with 2,000 pages).
# So it leaves out what is loaded, and comes seldom.
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 50)
