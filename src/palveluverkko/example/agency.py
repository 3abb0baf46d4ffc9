"""The agency of the example, its need classes and its nationwide channels."""

from __future__ import annotations

from typing import Any

from palveluverkko.example.facts import read_measures
from palveluverkko.example.records import ChannelRecord, ServiceRecord

AGENCY: dict[str, Any] = {
    "code": "kela",
    "name_fi": "Kela",
    "name_sv": "FPA",
    "name_en": "Kela",
    "country": "FI",
    "subdivision": "",
    "timezone": "Europe/Helsinki",
    "languages": ["fi", "sv", "en"],
    # In the library's Finnish calendar "public" holds Midsummer Eve and Christmas Eve too, on
    # which offices are shut though the law does not make them public holidays. Christmas Eve is
    # named once more, so that a library that takes the law at its word changes nothing.
    "closed_categories": ["public"],
    "closed_days": ["12-24"],
}

# The descriptions are example texts, written for this example: the agency has not said them.
SERVICES = (
    ServiceRecord(
        "identification",
        "Henkilökohtainen tunnistaminen",
        "Personlig identifiering",
        "Identification in person",
        (
            "Haluan todistaa henkilöllisyyteni, esimerkiksi koska minulla ei ole pankkitunnuksia. "
            "(Esimerkkiteksti.)",
            "Jag vill styrka min identitet, till exempel för att jag saknar bankkoder. "
            "(Exempeltext.)",
            "I want to prove who I am, for example because I have no online bank codes. "
            "(Example text.)",
        ),
        requires_official=True,
    ),
    ServiceRecord(
        "social_assistance_urgent",
        "Kiireellinen toimeentulotuki",
        "Brådskande utkomststöd",
        "Urgent social assistance",
        (
            "Rahani eivät riitä ruokaan, lääkkeisiin tai vuokraan. (Esimerkkiteksti.)",
            "Mina pengar räcker inte till mat, mediciner eller hyra. (Exempeltext.)",
            "My money is not enough for food, medicine or rent. (Example text.)",
        ),
    ),
    ServiceRecord(
        "family",
        "Lapsiperheiden etuudet",
        "Förmåner för barnfamiljer",
        "Family",
        (
            "Odotan lasta, hoidan lasta kotona tai kysyn lapsilisästä. (Esimerkkiteksti.)",
            "Jag väntar barn, sköter barn hemma eller undrar över barnbidraget. (Exempeltext.)",
            "I am expecting a child, look after one at home or ask about child benefit. "
            "(Example text.)",
        ),
    ),
    ServiceRecord(
        "pension",
        "Eläkkeet",
        "Pensioner",
        "Pension",
        (
            "Jään eläkkeelle, en pysty tekemään työtä tai läheiseni on kuollut. (Esimerkkiteksti.)",
            "Jag går i pension, kan inte arbeta eller har förlorat en anhörig. (Exempeltext.)",
            "I am about to retire, cannot work or have lost somebody close. (Example text.)",
        ),
    ),
    ServiceRecord(
        "general",
        "Yleinen neuvonta",
        "Allmän rådgivning",
        "General advice",
        (
            "Hakemukseni on jumissa, tarvitsen neuvoa tai en tiedä, mitä valita. "
            "(Esimerkkiteksti.)",
            "Min ansökan står stilla, jag behöver råd eller vet inte vad jag ska välja. "
            "(Exempeltext.)",
            "My application is stuck, I need advice or do not know what to choose. (Example text.)",
        ),
    ),
)

# How visits divide over the need classes on average: made up, like every point's own shares.
SERVICE_SHARES = (0.06, 0.22, 0.22, 0.15, 0.35)
WEEKS_IN_YEAR = 365.25 / 7


def channels() -> tuple[ChannelRecord, ...]:
    """Phone, video from home and online, with what is known of their load.

    The phone's load is the contacts of 2015; its capacity and all of video's figures are made up
    and say so. Online capacity and load are unknown.
    """
    phone_load = round(read_measures()[("phone contacts", 2015)] / WEEKS_IN_YEAR)
    return (
        ChannelRecord(
            "phone",
            "Puhelinpalvelu",
            "Telefonservice",
            "Phone service",
            capacity_per_week=float(round(phone_load * 1.1, -2)),
            load_per_week=float(phone_load),
            synthetic=True,
            source="Load: Kela 2016 (1.5 million phone contacts in 2015). Capacity: synthetic.",
        ),
        ChannelRecord(
            "video",
            "Etäpalvelu kotoa",
            "Distansservice hemifrån",
            "Video service from home",
            capacity_per_week=1_500.0,
            load_per_week=900.0,
            synthetic=True,
            source="Synthetic: no figures were found in public material.",
        ),
        ChannelRecord(
            "online",
            "Verkkopalvelu",
            "E-tjänst",
            "Online service",
            capacity_per_week=None,
            load_per_week=None,
            synthetic=False,
            source="Unknown: no figures were found in public material.",
        ),
    )
