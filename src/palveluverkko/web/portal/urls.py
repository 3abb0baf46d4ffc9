"""The customers' addresses."""

from django.urls import URLPattern, path

from palveluverkko.web.portal.views import feeds, find, near, point

urlpatterns: list[URLPattern] = [
    path("", find.home, name="home"),
    path("find/", find.find, name="find"),
    path("near/", near.near, name="near"),
    path("service-points/<slug:point_id>/", point.point, name="portal-point"),
    path("service-points/<slug:point_id>/hours.json", feeds.hours_json, name="point-hours-json"),
    path("service-points/<slug:point_id>/hours.ics", feeds.hours_ics, name="point-hours-ics"),
]
