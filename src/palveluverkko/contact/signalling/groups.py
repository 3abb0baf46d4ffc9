"""Names of the channel layer's groups. They are the server's own: no page can choose one."""

from __future__ import annotations


def customer_of(contact_id: int) -> str:
    """The customer's page of a contact."""
    return f"contact.{contact_id}.customer"


def desk_of(contact_id: int) -> str:
    """The page of the adviser who talks with this contact."""
    return f"contact.{contact_id}.desk"


def adviser(adviser_id: int) -> str:
    return f"adviser.{adviser_id}"
