"""The addresses of queue numbers."""

from django.urls import URLPattern, path

from palveluverkko.web.kiosk import mine, screen, take

urlpatterns: list[URLPattern] = [
    path("kiosk/<slug:point_id>/", take.kiosk, name="kiosk"),
    path("ticket/<slug:point_id>/", take.phone, name="ticket"),
    path("kiosk/<slug:point_id>/<str:token>/", take.given, name="kiosk-given"),
    path("t/<str:token>/", mine.ticket, name="ticket-page"),
    path("screen/<slug:point_id>/", screen.screen, name="screen"),
]
