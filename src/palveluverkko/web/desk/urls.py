"""The staff's addresses. None of them holds personal data."""

from django.urls import URLPattern, path

from palveluverkko.web.desk.calls import views as calls
from palveluverkko.web.desk.views import (
    absence,
    acts,
    callbacks,
    closing,
    customer,
    day,
    desk,
    meeting,
    messages,
    outcomes,
    patterns,
    roster,
    search,
    tally,
    wallboard,
    work,
)

urlpatterns: list[URLPattern] = [
    path("", desk.desk, name="desk"),
    path("calls/", calls.calls, name="desk-calls"),
    path("find/", desk.find, name="desk-find"),
    path("do/", acts.do, name="desk-do"),
    path("notes/", acts.notes, name="desk-notes"),
    path("place/", acts.place, name="desk-place"),
    path("shortcuts/", acts.shortcuts, name="desk-shortcuts"),
    path("bookings/<int:booking_id>/", customer.customer, name="desk-customer"),
    path("bookings/<int:booking_id>/meeting/", meeting.meeting, name="desk-meeting"),
    path("tally/", tally.tallies, name="desk-tallies"),
    path("tally/<slug:point_id>/", tally.tally, name="desk-tally"),
    path("day/", day.day, name="desk-day"),
    path("wallboard/", wallboard.wallboard, name="wallboard"),
    path("roster/<slug:point_id>/", roster.roster, name="desk-roster"),
    path("patterns/<slug:point_id>/", patterns.patterns, name="desk-patterns"),
    path("outcomes/", outcomes.outcomes, name="desk-outcomes"),
    path("search/", search.search_page, name="desk-search"),
    path("ill/", absence.absence, name="desk-absence"),
    path("close/<slug:point_id>/", closing.closing, name="desk-closing"),
    path("work/", work.work_lists, name="desk-work-lists"),
    path("work/<int:closure_id>/", work.work_list, name="desk-work"),
    path("callbacks/", callbacks.callbacks, name="desk-callbacks"),
    path("callbacks/do/", callbacks.do, name="desk-callbacks-do"),
    path("callbacks/give-up/", callbacks.give_up, name="desk-callbacks-give-up"),
    path("messages/", messages.messages_page, name="desk-messages"),
]
