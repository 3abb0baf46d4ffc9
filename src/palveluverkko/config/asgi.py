"""The ASGI application that ``palveluverkko serve`` runs."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "palveluverkko.config.settings")
django.setup(set_prefix=False)

from palveluverkko.config.http import PooledHandler  # noqa: E402  needs the settings

# With SERVER_TIMING=1 every answer says what it cost: for benchmarks, not for the public.
application = PooledHandler(timed=os.environ.get("SERVER_TIMING", "") == "1")
