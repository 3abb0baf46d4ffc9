"""Identity codes that customers write by mistake are recognised, and other numbers are not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from palveluverkko.booking.customers import checked
from palveluverkko.booking.errors import CustomerInvalid
from palveluverkko.booking.identity_codes import holds_identity_code, without_identity_codes
from palveluverkko.contact.callback_errors import AskInvalid
from palveluverkko.contact.models import CallbackRequest
from tests.booking.world import AINO, local
from tests.contact.callback_world import ask, build


@pytest.mark.parametrize("sign", "-+ABCDEFYXWVU\u2013")
def test_every_sign_of_the_century_is_known(sign: str) -> None:
    assert holds_identity_code(f"Asiani 131052{sign}308t, kiitos")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "040-123 4567",
        "131052-308U",  # wrong check character
        "991352-308T",  # no such day
        "131052G308T",  # no sign of a century
        "Päätös 1131052-308T",  # within a longer number
        "15.3.2026-311A",
    ],
)
def test_other_texts_are_let_be(text: str) -> None:
    assert not holds_identity_code(text)


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["name", "matter", "phone"])
def test_a_request_never_holds_an_identity_code(field: str) -> None:
    build()
    with pytest.raises(AskInvalid) as wrong:
        ask(local(10), **{field: "131052-308T"})
    assert set(wrong.value.messages) == {field}
    assert CallbackRequest.objects.count() == 0


def test_of_an_old_text_only_the_code_is_struck_out() -> None:
    assert without_identity_codes("Olen 131052-308T, 040-123 4567") == "Olen …, 040-123 4567"


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["name", "matter", "needs", "postal_address"])
def test_a_customer_of_a_booking_is_not_taken_with_an_identity_code(field: str) -> None:
    told = replace(AINO, **{field: "Aino 131052-308T"})
    for by_staff in (False, True):
        with pytest.raises(CustomerInvalid) as wrong:
            checked(told, "appointment", by_staff=by_staff)
        assert set(wrong.value.messages) == {field}
