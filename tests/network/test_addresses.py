"""The post office of an address is written in the reader's language."""

from __future__ import annotations

import pytest

from palveluverkko.network.addresses import post_office_in

TOWN = {"fi": "Närpiö", "sv": "Närpes", "en": ""}


@pytest.mark.parametrize(
    ("language", "office", "written"),
    [
        ("sv", "Närpiö", "Närpes"),
        ("sv", "NÄRPIÖ", "Närpes"),
        ("fi", "Närpes", "Närpiö"),
        ("en", "Närpiö", "Närpiö"),
        ("sv", "Övermark", "Övermark"),
        ("sv", "", ""),
    ],
)
def test_an_office_named_after_its_town_bears_the_towns_name(
    language: str, office: str, written: str
) -> None:
    assert post_office_in(language, office, TOWN) == written
