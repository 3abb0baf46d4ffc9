"""What a point offers is replaced from a day on; days before it answer as they did."""

from datetime import date, timedelta

import pytest

from palveluverkko.network import errors, revision, services
from palveluverkko.network.queries import point_detail
from tests.factories import ServiceFactory, ServiceOfferFactory

pytestmark = pytest.mark.django_db
SINCE = date(2018, 6, 4)


def test_new_offers_leave_the_past_as_it_was():
    offer = ServiceOfferFactory()
    ServiceOfferFactory(point=offer.point, mode="video_room", valid_from=SINCE + timedelta(days=9))
    ServiceFactory(code="family")
    before = revision.current()
    wanted = [("family", "walk_in"), ("general", "appointment"), ("family", "walk_in")]
    change = services.set_offers(offer.point_id, wanted, SINCE)
    assert (change.ended, change.dropped, len(change.added)) == (1, 1, 2)
    assert offered(offer.point_id, SINCE - timedelta(days=1)) == {("general", "walk_in")}
    assert offered(offer.point_id, SINCE + timedelta(days=99)) == set(wanted)
    assert revision.current() > before


def offered(point, day):
    return {(o.service_id, o.mode) for o in point_detail(point, day).offers}


def test_an_unknown_service_or_mode_changes_nothing():
    offer = ServiceOfferFactory()
    for wanted in (("ghost", "walk_in"), ("general", "by_pigeon")):
        with pytest.raises(errors.EntryInvalid):
            services.set_offers(offer.point_id, [wanted], SINCE)
    offer.refresh_from_db()
    assert offer.valid_until is None
    with pytest.raises(errors.PointUnknown):
        services.set_offers("nowhere", [], SINCE)
