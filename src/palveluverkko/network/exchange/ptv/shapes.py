"""The parts of PTV's open API, version 11, that the register reads (names as in its OpenAPI)."""

# ruff: noqa: N815
from __future__ import annotations

from typing import Any

from pydantic import Field

from palveluverkko.network.exchange.json_source import EXTENSION, Shape


class LanguageItem(Shape):
    language: str
    value: str | None = None
    type: str | None = None


Localized = list[LanguageItem] | None


class Municipality(Shape):
    code: str | None = None


class StreetAddress(Shape):
    postalCode: str | None = None
    postOffice: Localized = None
    municipality: Municipality | None = None
    street: Localized = None
    streetNumber: str | None = None
    # Text in the documents of PTV, numbers in some copies of them.
    latitude: str | float | None = None
    longitude: str | float | None = None


class AccessibilitySentences(Shape):
    sentenceGroup: Localized = None
    sentences: list[dict[str, Any]] | None = None


class Entrance(Shape):
    accessibilitySentences: list[AccessibilitySentences] | None = None


class AddressLocation(Shape):
    type: str | None = None
    subType: str | None = None
    country: str | None = None
    streetAddress: StreetAddress | None = None
    otherAddress: StreetAddress | None = None
    entrances: list[Entrance] | None = None


class Phone(Shape):
    number: str
    prefixNumber: str | None = None
    type: str | None = None
    language: str | None = None


class DailyOpeningTime(Shape):
    dayFrom: str | None = None
    dayTo: str | None = None
    from_: str = Field(alias="from")
    to: str


class ServiceHour(Shape):
    serviceHourType: str
    validFrom: str | None = None
    validTo: str | None = None
    isClosed: bool | None = False
    isAlwaysOpen: bool | None = False
    isReservation: bool | None = False
    validForNow: bool | None = False
    additionalInformation: Localized = None
    openingHour: list[DailyOpeningTime] | None = None
    extension: dict[str, Any] | None = Field(default=None, alias=EXTENSION)


class ServiceItem(Shape):
    id: str | None = None
    name: str | None = None


class Connection(Shape):
    service: ServiceItem | None = None
    serviceHours: list[ServiceHour] | None = None
    isASTIConnection: bool | None = False
    extension: dict[str, Any] | None = Field(default=None, alias=EXTENSION)


class Channel(Shape):
    id: str | None = None
    sourceId: str | None = None
    serviceChannelType: str | None = None
    serviceChannelNames: Localized = None
    serviceChannelDescriptions: Localized = None
    languages: list[str] | None = None
    publishingStatus: str | None = None
    phoneNumbers: list[Phone] | None = None
    supportEmails: Localized = None
    addresses: list[AddressLocation] | None = None
    serviceHours: list[ServiceHour] | None = None
    services: list[Connection] | None = None
    extension: dict[str, Any] | None = Field(default=None, alias=EXTENSION)
