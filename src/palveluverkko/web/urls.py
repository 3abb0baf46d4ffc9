"""The pages' addresses."""

from django.contrib.auth import views as auth
from django.urls import URLPattern, URLResolver, include, path, re_path

from palveluverkko.web.desk.rights import after_login
from palveluverkko.web.views import about, access, map, parity, point, points, policies, staff

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("palveluverkko.web.portal.urls")),
    path("", include("palveluverkko.web.portal.booking.urls")),
    path("", include("palveluverkko.web.portal.callback.urls")),
    path("", include("palveluverkko.web.portal.call.urls")),
    path("", include("palveluverkko.web.meeting.urls")),
    path("", include("palveluverkko.web.portal.video.urls")),
    path("map/", map.map_page, name="map"),
    path("map/places.json", map.map_places, name="map-places"),
    path("map/boundaries.json", map.boundaries, name="boundaries"),
    path("points/", points.points, name="points"),
    re_path(r"^points\.(?P<form>csv|json|geojson)$", points.points_export, name="points-export"),
    path("points/<slug:point_id>/", point.point, name="point"),
    path("points/<slug:point_id>/visits/", staff.visits, name="visits"),
    path("parity/", parity.parity, name="parity"),
    path("parity.csv", parity.parity_csv, name="parity-csv"),
    path("policies/", policies.policies, name="policies"),
    path("policies/<str:name>/", policies.policy, name="policy"),
    path("policies/<str:name>.toml", policies.policy_toml, name="policy-toml"),
    path("access/", access.access, name="access"),
    path("about/", about.about, name="about"),
    path("import/", staff.import_file, name="import"),
    path("desk/", include("palveluverkko.web.desk.urls")),
    path("", include("palveluverkko.web.kiosk.urls")),
    path("", include("palveluverkko.web.room.urls")),
    path("login/", auth.LoginView.as_view(), name="login"),
    path("login/go/", after_login, name="after-login"),
    path("logout/", auth.LogoutView.as_view(), name="logout"),
]
