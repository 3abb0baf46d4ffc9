"""Addresses: the language prefix is part of the address, so that a page can be shared as seen."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from palveluverkko.api.urls import api
from palveluverkko.web.portal.call import views as call

admin.site.site_header = admin.site.site_title = "Palveluverkko"

urlpatterns = [
    path("embed.js", call.embed, name="call-embed"),
    path("api/", api.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    *i18n_patterns(
        path("admin/", admin.site.urls),
        path("", include("palveluverkko.web.urls")),
    ),
]
