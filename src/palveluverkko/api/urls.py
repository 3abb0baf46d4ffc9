"""The programming interface, documented by itself at ``/api/docs``."""

from ninja import NinjaAPI

api = NinjaAPI(title="Palveluverkko", version="1")
