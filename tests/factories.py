"""Factories that build the least that matters."""

from datetime import date, time

import factory
from factory.django import DjangoModelFactory

from palveluverkko.network import models


class AgencyFactory(DjangoModelFactory):
    class Meta:
        model = models.Agency
        django_get_or_create = ("code",)

    code = "kela"
    name_fi = "Kela"
    name_sv = "FPA"
    name_en = "Kela"
    country = "FI"
    timezone = "Europe/Helsinki"
    languages = ["fi", "sv", "en"]


class MunicipalityFactory(DjangoModelFactory):
    class Meta:
        model = models.Municipality
        django_get_or_create = ("code",)

    code = "213"
    name_fi = "Kangasniemi"
    language_status = models.Municipality.Language.FI
    urbanity = models.Municipality.Urbanity.RURAL
    population = 5500
    lat = 61.99
    lon = 26.64


class AreaFactory(DjangoModelFactory):
    class Meta:
        model = models.Area
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"{51200 + n}")
    name = "Kangasniemi"
    municipality = factory.SubFactory(MunicipalityFactory)
    lat = 61.99
    lon = 26.64
    residents = 1000


class ServiceFactory(DjangoModelFactory):
    class Meta:
        model = models.Service
        django_get_or_create = ("code",)

    code = "general"
    name_fi = "Yleinen neuvonta"
    name_sv = "Allmän rådgivning"
    name_en = "General advice"


class ServicePointFactory(DjangoModelFactory):
    class Meta:
        model = models.ServicePoint
        django_get_or_create = ("id",)

    id = factory.Sequence(lambda n: f"point-{n}")
    name_fi = factory.LazyAttribute(lambda point: point.id.title())
    kind = models.KindChoices.SERVICE_POINT
    municipality = factory.SubFactory(MunicipalityFactory)
    lat = 61.99
    lon = 26.64
    valid_from = date(2010, 1, 1)


class OpeningHoursFactory(DjangoModelFactory):
    class Meta:
        model = models.OpeningHours

    point = factory.SubFactory(ServicePointFactory)
    weekday = 0
    opens = time(9)
    closes = time(16)


class ServiceOfferFactory(DjangoModelFactory):
    class Meta:
        model = models.ServiceOffer

    point = factory.SubFactory(ServicePointFactory)
    service = factory.SubFactory(ServiceFactory)
    mode = models.ModeChoices.WALK_IN


class JointAgreementFactory(DjangoModelFactory):
    class Meta:
        model = models.JointAgreement

    point = factory.SubFactory(ServicePointFactory, kind=models.KindChoices.JOINT_SERVICE_POINT)
    host = "Kangasniemen kunta"
    valid_from = date(2015, 1, 1)
    notice_days = 180
    video_room = True
