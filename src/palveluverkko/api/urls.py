"""The programming interface, documented by itself at ``/api/docs``."""

from ninja import NinjaAPI

from palveluverkko.api import errors, points, remote, visits

api = NinjaAPI(title="Palveluverkko", version="1")
errors.install(api)
api.add_router("", points.router)
api.add_router("", visits.router)
api.add_router("", remote.router)
