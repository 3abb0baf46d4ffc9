"""What somebody is told who is invited into a meeting: neither the customer nor the matter."""

from __future__ import annotations

from django.utils.translation import gettext as _

from palveluverkko.booking.texts import News, Sms, zone_of
from palveluverkko.booking.texts.meeting import agency_name, clock, day_in_words
from palveluverkko.meeting.models import Meeting


def invitation(meeting: Meeting, address: str) -> News:
    """In the language in use."""
    point = meeting.booking.point if meeting.booking is not None else None
    local = meeting.starts_at.astimezone(zone_of(point))
    facts = {
        "agency": agency_name(),
        "day": day_in_words(local.date()),
        "time": clock(local),
        "link": address,
    }
    when = (
        _("The meeting is on %(day)s at %(time)s. The link opens half an hour before.") % facts
        if meeting.booking is not None
        else _("The meeting is going on now.")
    )
    first = (
        _("%(agency)s: you are invited to a video meeting on %(day)s at %(time)s.") % facts
        if meeting.booking is not None
        else _("%(agency)s: you are invited to a video meeting now.") % facts
    )
    return News(
        subject=_("%(agency)s: you are invited to a video meeting") % facts,
        paragraphs=(
            _("Hello,"),
            _("You are invited to a video meeting of a customer and an adviser."),
            when,
            _("Open the meeting by this link:\n%(link)s") % facts,
            _(
                "The link works once, in the browser in which you open it first, and only for "
                "this meeting. Do not pass it on."
            ),
            _("Best regards,\n%(agency)s") % facts,
        ),
        sms=Sms(first, _("Join: %(link)s") % facts, extra=(_("The link works once."),)),
    )
