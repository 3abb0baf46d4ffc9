"""The database itself refuses what the register must never hold, whoever writes it."""

from datetime import date, time

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from palveluverkko.network import models
from tests.factories import (
    JointAgreementFactory,
    OpeningHoursFactory,
    ServiceOfferFactory,
    ServicePointFactory,
)

pytestmark = pytest.mark.django_db
REVERSED = {"valid_from": date(2018, 6, 2), "valid_until": date(2018, 6, 1)}
DAY = date(2018, 6, 4)


@pytest.mark.parametrize(
    ("factory", "fields"),
    [
        (ServicePointFactory, {"kind": "kiosk"}),
        (ServicePointFactory, {"lat": 90.1}),
        (ServicePointFactory, {"lon": -180.1}),
        (ServicePointFactory, REVERSED),
        (JointAgreementFactory, REVERSED),
        (ServiceOfferFactory, REVERSED),
        (ServiceOfferFactory, {"mode": "by_pigeon"}),
        (OpeningHoursFactory, REVERSED),
        (OpeningHoursFactory, {"weekday": 7}),
        (OpeningHoursFactory, {"opens": time(16), "closes": time(9)}),
        (OpeningHoursFactory, {"opens": time(9), "closes": time(9)}),
        (OpeningHoursFactory, {"season_from": "06-01"}),
    ],
)
def test_impossible_rows_are_refused(factory, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        factory(**fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"last": date(2018, 6, 3)},
        {"closed": False},
        {"opens": time(9), "closes": time(12)},
        {"closed": False, "opens": time(12), "closes": time(9)},
        {"closed": False, "opens": time(12)},
    ],
)
def test_impossible_exceptions_are_refused(fields):
    row = {"point": ServicePointFactory(), "first": DAY, "last": DAY} | fields
    with pytest.raises(IntegrityError), transaction.atomic():
        models.OpeningException.objects.create(**row)


def test_hours_may_end_on_the_next_day():
    assert OpeningHoursFactory(opens=time(22), closes=time(6), overnight=True).pk


def test_an_undated_offer_is_there_once():
    offer = ServiceOfferFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        ServiceOfferFactory(point=offer.point, service=offer.service)


@pytest.mark.parametrize("wrong", [{"country": "XX"}, {"closed_categories": ["nothing"]}])
def test_an_agency_with_unknown_holidays_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        models.Agency(**{"code": "a", "name_fi": "A", "country": "FI", **wrong}).clean()
    models.Agency(code="a", name_fi="A", country="FI").clean()
