"""The ASGI application that ``palveluverkko serve`` runs."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "palveluverkko.config.settings")
application = get_asgi_application()
