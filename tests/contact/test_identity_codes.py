"""Identity codes that customers write by mistake are recognised, and other numbers are not."""

from __future__ import annotations

import pytest

from palveluverkko.contact.callback_errors import AskInvalid
from palveluverkko.contact.identity_codes import holds_identity_code
from palveluverkko.contact.models import CallbackRequest
from tests.booking.world import local
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
