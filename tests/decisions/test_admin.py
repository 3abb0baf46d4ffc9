"""Runs are looked at in the admin and never changed there."""

from datetime import date

import pytest
from django.urls import reverse

from palveluverkko.decisions.models import AssessmentRun, FrozenSnapshot

pytestmark = pytest.mark.django_db


@pytest.fixture
def run():
    day = date(2018, 6, 1)
    frozen = FrozenSnapshot.objects.create(data_hash="a" * 64, as_of=day, content=b"{}")
    return AssessmentRun.objects.create(
        snapshot=frozen, policy_id="kela-2017-12", policy_hash="b", as_of=day, result=b"{}"
    )


def test_runs_are_shown_and_cannot_be_added_changed_or_deleted(admin_client, run):
    listed = reverse("admin:decisions_assessmentrun_changelist")
    one = reverse("admin:decisions_assessmentrun_change", args=[run.pk])
    assert admin_client.get(listed, {"q": "kela"}).status_code == 200
    assert admin_client.get(one).status_code == 200
    assert admin_client.post(one, {"policy_id": "other"}).status_code == 403
    for refused in ("add", "delete"):
        args = [run.pk] if refused == "delete" else []
        url = reverse(f"admin:decisions_assessmentrun_{refused}", args=args)
        assert admin_client.post(url, {"post": "yes"}).status_code == 403
    run.refresh_from_db()
    assert run.policy_id == "kela-2017-12"


def test_strangers_are_sent_to_the_login(client, run):
    assert client.get(reverse("admin:decisions_assessmentrun_changelist")).status_code == 302
