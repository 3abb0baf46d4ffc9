"""Lost pages: who is silent is gone only if we were there to hear; a talk outlives a restart."""

from __future__ import annotations

import pytest

from palveluverkko.contact import pool, silence, states
from palveluverkko.contact.models import AdviserState, Contact
from tests.contact.pool_build import at, at_work, build_service, come

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def service(db: None) -> None:
    build_service()


def again(contact: Contact) -> Contact:
    return Contact.objects.get(pk=contact.pk)


def watch_from(start: float, end: float, heard: tuple[Contact, ...] = (), *, desk: int = 0) -> None:
    """A look every ten seconds; whoever is named is heard before each."""
    for seconds in range(int(start * 60), int(end * 60) + 1, 10):
        for contact in heard:
            pool.heard(contact.pk, now=at(seconds=seconds))
        if desk:
            states.heard_adviser(desk, now=at(seconds=seconds))
        silence.listen(at(seconds=seconds))
        silence.watch(at(seconds=seconds))


def test_a_waiting_customer_whose_page_is_gone_for_half_a_minute_has_given_up() -> None:
    adviser = at_work()
    pool.accept(come().pk, adviser, now=at(0))
    gone, stays = come(), come()
    watch_from(0, 0.4, (stays,), desk=adviser)
    assert again(gone).state == "waiting"
    watch_from(0.5, 1, (stays,), desk=adviser)
    assert [again(gone).state, again(stays).state] == ["abandoned", "waiting"]


def test_after_a_restart_of_the_web_process_silence_is_nobodys_loss() -> None:
    adviser = at_work()
    talking, waiting = come(), come()
    pool.accept(talking.pk, adviser, now=at(0))
    watch_from(0, 1, (talking, waiting), desk=adviser)
    watch_from(5, 5.4)  # four minutes away, then nobody is back for twenty seconds
    assert [again(talking).state, again(waiting).state] == ["talking", "waiting"]
    watch_from(5.5, 7, (talking, waiting), desk=adviser)
    assert [again(talking).state, again(waiting).state] == ["talking", "waiting"]


def test_while_the_web_process_is_away_workers_give_nobody_up() -> None:
    """They run in processes of their own, and cannot tell silent pages from a deaf server."""
    adviser = at_work()
    talking, waiting = come(), come()
    pool.accept(talking.pk, adviser, now=at(0))
    watch_from(0, 1, (talking, waiting), desk=adviser)
    for seconds in range(70, 400, 5):
        silence.watch(at(seconds=seconds))
    assert [again(talking).state, again(waiting).state] == ["talking", "waiting"]
    watch_from(7, 8, (talking,), desk=adviser)  # it is back, and one page is not
    assert [again(talking).state, again(waiting).state] == ["talking", "abandoned"]


def test_a_talk_goes_on_while_the_adviser_is_there() -> None:
    adviser = at_work()
    talking = come()
    pool.accept(talking.pk, adviser, now=at(0))
    watch_from(0, 5, desk=adviser)
    assert again(talking).state == "talking"


def test_who_lost_the_adviser_goes_to_a_colleague_with_the_place_kept() -> None:
    adviser = at_work()
    talking, waiting = come(0), come(0.1)
    pool.accept(talking.pk, adviser, now=at(0))
    watch_from(0, 0.9, (talking, waiting))
    assert again(talking).state == "talking"
    watch_from(1, 1.2, (talking, waiting))
    assert [again(talking).state, AdviserState.objects.count()] == ["waiting", 0]
    colleague = at_work("Eino", 1.3)
    assert again(talking).adviser_id == colleague


def test_when_both_pages_are_gone_the_talk_is_over() -> None:
    pool.accept((talking := come_to_work()).pk, talking.adviser_id, now=at(0))
    watch_from(0, 2)
    assert again(talking).state == "answered"


def come_to_work() -> Contact:
    at_work()
    return come()


def test_an_offer_that_rings_too_long_goes_on_and_the_customer_waits_again() -> None:
    adviser = at_work()
    contact = come()
    watch_from(0, 0.4, (contact,), desk=adviser)
    assert again(contact).state == "offered"
    watch_from(0.5, 1.2, (contact,), desk=adviser)
    assert again(contact).state == "waiting"
    assert AdviserState.objects.get().state == "break"  # not taken twice


def test_an_offer_to_a_lost_desk_page_goes_to_a_colleague() -> None:
    at_work()
    contact = come()
    for seconds in range(0, 71, 10):
        pool.heard(contact.pk, now=at(seconds=seconds))
        silence.listen(at(seconds=seconds))
        silence.watch(at(seconds=seconds))
    colleague = at_work("Eino", 1.5)
    assert again(contact).adviser_id == colleague


def test_a_callbacks_talk_on_the_telephone_needs_no_page() -> None:
    adviser = at_work()
    contact = come(channel="callback")
    pool.accept(contact.pk, adviser, now=at(0))
    watch_from(0, 10)
    assert again(contact).state == "talking"
    assert AdviserState.objects.count() == 1


def test_the_time_for_notes_ends_by_itself_and_the_next_one_is_offered() -> None:
    adviser = at_work()
    first, second = come(), come()
    pool.accept(first.pk, adviser, now=at(0))
    pool.finish(first.pk, now=at(0))
    watch_from(0, 1, (second,), desk=adviser)
    assert again(second).state == "offered"


def test_what_no_verb_has_matched_is_found_by_the_next_look() -> None:
    adviser = at_work(languages=("fi",))
    pool.accept(come().pk, adviser, now=at(0))
    colleague = at_work("Eino", languages=("fi",), services=("family",))
    waiting = come()
    AdviserState.objects.get(adviser_id=colleague).adviser.__class__.objects.filter(
        pk=colleague
    ).update(services=["general"])
    silence.watch(at(0.1))
    assert again(waiting).adviser_id == colleague
