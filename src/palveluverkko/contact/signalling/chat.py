"""Text beside a call: kept until the night, so that a page that returns shows what was written."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.db import transaction

from palveluverkko.contact.models import ChatLine, Contact
from palveluverkko.contact.signalling.messages import MessageRefused

MOST_LINES = 1_000


@dataclass(frozen=True, slots=True)
class Line:
    """A line as pages get it; ``number`` counts the lines of its side."""

    number: int
    from_customer: bool
    text: str

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


@transaction.atomic
def write(contact_id: int, number: int, text: str, from_customer: bool, by: int | None) -> Line:
    """Keep the line; the same number again gives the first line, nothing is written twice.

    Raises :class:`MessageRefused` for a number out of turn and where the contact has ended.
    """
    contact = Contact.objects.select_for_update().filter(pk=contact_id).first()
    if contact is None or contact.state not in Contact.OPEN:
        raise MessageRefused("over")
    rows = ChatLine.objects.filter(contact=contact, from_customer=from_customer).order_by("pk")
    count = rows.count()
    if number <= count:
        return Line(number, from_customer, rows[number - 1].text)
    if number != count + 1 or number > MOST_LINES:
        raise MessageRefused("malformed")
    ChatLine.objects.create(contact=contact, from_customer=from_customer, text=text, by_id=by)
    return Line(number, from_customer, text)


def lines_of(contact_id: int) -> list[dict[str, object]]:
    """Everything written so far, in order."""
    counts = {True: 0, False: 0}
    found = []
    for from_customer, text in ChatLine.objects.filter(contact_id=contact_id).values_list(
        "from_customer", "text"
    ):
        counts[from_customer] += 1
        found.append(Line(counts[from_customer], from_customer, text).as_dict())
    return found
