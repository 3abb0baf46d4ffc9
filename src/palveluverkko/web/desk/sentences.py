"""What a press of the desk has done, said back to the adviser."""

from __future__ import annotations

from django.utils.translation import gettext as _

from palveluverkko.booking.desk_queries import appointment
from palveluverkko.walkins.acting import Done
from palveluverkko.walkins.posts import Post
from palveluverkko.walkins.queries import ticket_by_id


def label_of(ref: str, post: Post) -> str:
    """A ticket's number, or a booking's customer; the reference where it is out of reach."""
    kind, _colon, number = ref.partition(":")
    if kind == "ticket":
        ticket = ticket_by_id(int(number))
        return ticket.label if ticket else ""
    one = appointment(int(number), post.reach)
    return one.name if one else f"{int(number):06d}"


def done_words(done: Done, post: Post) -> str:
    """One sentence for those who see the page and for those who hear it."""
    if not done.ref:
        return _("Nobody whom you can serve is waiting now.")
    who = {"who": label_of(done.ref, post)}
    booked = done.ref.startswith("booking:")
    match done.verb:
        case "next" | "call":
            return (_("%(who)s is being served.") if booked else _("%(who)s was called.")) % who
        case "arrive":
            return _("%(who)s has arrived.") % who
        case "start":
            return _("%(who)s is being served.") % who
        case "finish":
            return _("%(who)s was served. The visit is counted.") % who
        case "no_show":
            return _("%(who)s is marked as not having come.") % who
        case "recall":
            return _("%(who)s was called again.") % who
        case "transfer":
            return _("%(who)s waits again, with the place kept.") % who
        case "come_back":
            return _("%(who)s comes back later, with the place kept.") % who
        case "wait_here":
            return _("%(who)s waits in turn from now on.") % who
        case "leave":
            return _("%(who)s has left the queue.") % who
    return _("Taken back: %(who)s.") % who


def last_done_words(done: Done | None, post: Post) -> str:
    """What the undo button would take back; empty where there is nothing."""
    if done is None or not done.ref:
        return ""
    who = {"who": label_of(done.ref, post)}
    match done.verb:
        case "arrive":
            return _("Undo: %(who)s arrived") % who
        case "finish":
            return _("Undo: %(who)s was served") % who
        case "no_show":
            return _("Undo: %(who)s did not come") % who
        case "leave":
            return _("Undo: %(who)s left") % who
    return _("Undo: %(who)s was called or started") % who
