"""The parts of HSDS 3 that the register reads (names as in the specification's schemas)."""

from __future__ import annotations

from palveluverkko.network.exchange.json_source import Shape


class Attribute(Shape):
    label: str | None = None
    value: str | None = None


class Schedule(Shape):
    id: str | None = None
    valid_from: str | None = None
    valid_to: str | None = None
    dtstart: str | None = None
    until: str | None = None
    freq: str | None = None
    interval: float | None = None
    byday: str | None = None
    opens_at: str | None = None
    closes_at: str | None = None
    description: str | None = None
    attending_type: str | None = None
    attributes: list[Attribute] | None = None


class Language(Shape):
    code: str | None = None
    name: str | None = None


class Address(Shape):
    address_1: str | None = None
    city: str | None = None
    region: str | None = None
    postal_code: str | None = None
    country: str | None = None
    address_type: str | None = None


class Phone(Shape):
    number: str


class Contact(Shape):
    email: str | None = None


class Accessibility(Shape):
    description: str | None = None


class Location(Shape):
    id: str
    location_type: str | None = None
    name: str | None = None
    alternate_name: str | None = None
    description: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    external_identifier: str | None = None
    external_identifier_type: str | None = None
    languages: list[Language] | None = None
    addresses: list[Address] | None = None
    phones: list[Phone] | None = None
    contacts: list[Contact] | None = None
    accessibility: list[Accessibility] | None = None
    schedules: list[Schedule] | None = None
    attributes: list[Attribute] | None = None


class ServiceAtLocation(Shape):
    id: str | None = None
    location: Location | None = None
    schedules: list[Schedule] | None = None
    attributes: list[Attribute] | None = None


class Service(Shape):
    id: str
    name: str
    alternate_name: str | None = None
    service_at_locations: list[ServiceAtLocation] | None = None
    attributes: list[Attribute] | None = None


class Identifier(Shape):
    identifier_scheme: str | None = None
    identifier: str | None = None


class Organization(Shape):
    id: str | None = None
    name: str
    locations: list[Location] | None = None
    services: list[Service] | None = None
    attributes: list[Attribute] | None = None
    organization_identifiers: list[Identifier] | None = None
