"""Every saved or deleted row of the register: the audit trail, and the change counter."""

from __future__ import annotations

from auditlog.registry import auditlog
from django.db.models import Model
from django.db.models.signals import post_delete, post_save

from palveluverkko.network import models, revision

AUDITED: tuple[type[Model], ...] = (
    models.Agency,
    models.ServicePoint,
    models.JointAgreement,
    models.ServiceOffer,
    models.OpeningHours,
    models.OpeningException,
    models.Service,
    models.RemoteChannel,
    models.Municipality,
    models.Area,
)
COUNTED: tuple[type[Model], ...] = (
    *AUDITED,
    models.TravelTime,
)


def connect() -> None:
    """Once, when the apps are ready."""
    for model in AUDITED:
        auditlog.register(model)
    for model in COUNTED:
        for signal in (post_save, post_delete):
            signal.connect(
                revision.bump, sender=model, dispatch_uid=f"network.revision.{model.__name__}"
            )
