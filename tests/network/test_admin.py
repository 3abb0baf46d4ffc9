"""The register can be kept in the admin, and every save there counts and is audited."""

from datetime import date

import pytest
from auditlog.models import LogEntry
from django.contrib import admin
from django.urls import reverse

from palveluverkko.network import models, revision
from tests.factories import (
    AgencyFactory,
    AreaFactory,
    JointAgreementFactory,
    OpeningHoursFactory,
    ServiceOfferFactory,
)

pytestmark = pytest.mark.django_db
MODELS = [m for m in admin.site._registry if m._meta.app_label == "network"]


@pytest.fixture
def register():
    AgencyFactory()
    AreaFactory()
    OpeningHoursFactory(point=JointAgreementFactory().point)
    ServiceOfferFactory()
    models.RemoteChannel.objects.create(code="phone", name_fi="Puhelin")
    models.OpeningException.objects.create(
        point=models.ServicePoint.objects.first(), first=date(2018, 6, 4), last=date(2018, 6, 4)
    )


def url(model, what, *args):
    return reverse(f"admin:network_{model._meta.model_name}_{what}", args=args)


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.__name__)
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_table_can_be_listed_searched_and_opened(admin_client, register, model, language):
    headers = {"accept-language": language}
    listed = admin_client.get(url(model, "changelist"), {"q": "a"}, headers=headers)
    opened = admin_client.get(url(model, "change", model.objects.first().pk), headers=headers)
    assert (listed.status_code, opened.status_code) == (200, 200)


def test_all_tables_of_the_register_but_the_imported_and_internal_are_there():
    wanted = {
        models.Agency,
        models.Municipality,
        models.Area,
        models.Service,
        models.ServicePoint,
        models.JointAgreement,
        models.ServiceOffer,
        models.OpeningHours,
        models.OpeningException,
        models.RemoteChannel,
    }
    assert set(MODELS) == wanted


def test_a_save_in_the_admin_counts_as_a_change_and_names_who_made_it(
    admin_client, admin_user, register
):
    service = models.Service.objects.first()
    agency = models.Agency.objects.get()
    before = revision.current()
    admin_client.post(
        url(models.Agency, "change", agency.pk),
        {
            "name_fi": "Kela",
            "name_sv": "FPA",
            "name_en": "Social insurance",
            "country": "FI",
            "timezone": "Europe/Helsinki",
            "languages": '["fi"]',
            "closed_categories": "[]",
            "closed_days": "[]",
        },
    )
    agency.refresh_from_db()
    assert agency.name_en == "Social insurance"
    assert revision.current() > before
    assert LogEntry.objects.get_for_object(agency).first().actor == admin_user
    assert service.pk == models.Service.objects.first().pk


def test_an_id_cannot_be_changed_once_given(admin_client, register):
    point = models.ServicePoint.objects.first()
    page = admin_client.get(url(models.ServicePoint, "change", point.pk)).content.decode()
    assert 'name="id"' not in page
    assert 'name="hours-0-opens"' in page or 'name="offers-0-service"' in page


def test_strangers_are_sent_to_the_login(client):
    assert client.get(url(models.ServicePoint, "changelist")).status_code == 302
