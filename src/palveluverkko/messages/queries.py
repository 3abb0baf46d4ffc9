"""What pages may know of the outbox: what failed and why, how much waits, how late it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q
from django.utils import timezone

from palveluverkko.messages.models import JobRun, Message, Promise, PromiseState, State
from palveluverkko.messages.promises import known_kinds
from palveluverkko.messages.reasons import Why, sentence

LATE = timedelta(minutes=5)


@dataclass(frozen=True)
class Failure:
    """Something that has not reached a person, or may not have.

    ``kind`` is ``message``, ``promise`` or ``job``; ``what`` the event, the promise's kind or
    the job's name. ``detail`` is the technical answer, for whoever mends it.
    """

    kind: str
    id: str
    what: str
    about: str
    channel: str
    state: str
    why: str
    sentence: str
    detail: str
    attempts: int
    since: datetime | None
    next_attempt_at: datetime | None
    can_resend: bool


@dataclass(frozen=True)
class Counts:
    """How many messages stand in each state, and promises that are late or cannot be kept."""

    queued: int
    sending: int
    sent: int
    failed: int
    unclear: int
    cancelled: int
    promises_due: int
    promises_late: int
    promises_failing: int
    jobs_failing: int

    @property
    def need_a_person(self) -> int:
        return self.failed + self.unclear


@dataclass(frozen=True)
class Line:
    """One message of a booking, without its text."""

    id: int
    event: str
    channel: str
    language: str
    subject: str
    state: str
    state_label: str
    why: str
    sentence: str
    attempts: int
    created_at: datetime
    sent_at: datetime | None
    can_resend: bool


@dataclass(frozen=True)
class Delays:
    """How long the oldest waiting message and the oldest unkept promise are overdue."""

    message: timedelta
    promise: timedelta

    @property
    def late(self) -> bool:
        return max(self.message, self.promise) > LATE


def failures(limit: int = 200, now: datetime | None = None) -> list[Failure]:
    """What needs attention, oldest first: messages that failed, are unclear or keep failing,
    promises and jobs that fail, promises that nobody knows how to keep."""
    at = now or timezone.now()
    return [*_message_failures(limit), *_promise_failures(limit, at), *_job_failures()]


def counts(now: datetime | None = None) -> Counts:
    at = now or timezone.now()
    states = dict(Message.objects.values_list("state").annotate(Count("pk")).order_by())
    due = Promise.objects.filter(state=PromiseState.DUE)
    return Counts(
        **{state.value: states.get(state.value, 0) for state in State},
        promises_due=due.count(),
        promises_late=due.filter(due_at__lt=at - LATE).count(),
        promises_failing=due.filter(_failing(at)).count(),
        jobs_failing=JobRun.objects.exclude(last_error="").count(),
    )


def about(about: str) -> list[Line]:
    """The messages of one booking (``"booking:12"``) in the order they were queued."""
    rows = Message.objects.filter(about=about).defer("text", "address").order_by("pk")
    return [
        Line(
            id=row.pk,
            event=row.event,
            channel=row.channel,
            language=row.language,
            subject=row.subject,
            state=row.state,
            state_label=str(State(row.state).label),
            why=row.why,
            sentence=sentence(row.why),
            attempts=row.attempts,
            created_at=row.created_at,
            sent_at=row.sent_at,
            can_resend=_can_resend(row),
        )
        for row in rows
    ]


def delays(now: datetime | None = None) -> Delays:
    """Zero where nothing is overdue. Growing delays mean that no worker runs."""
    at = now or timezone.now()
    waiting = Message.objects.filter(state=State.QUEUED).aggregate(at=Min("created_at"))["at"]
    due = Promise.objects.filter(state=PromiseState.DUE).aggregate(at=Min("due_at"))["at"]
    return Delays(_overdue(waiting, at), _overdue(due, at))


def _overdue(since: datetime | None, at: datetime) -> timedelta:
    return max(at - since, timedelta()) if since else timedelta()


def _message_failures(limit: int) -> list[Failure]:
    stuck = Q(state__in=(State.FAILED, State.UNCLEAR)) | Q(state=State.QUEUED, attempts__gt=0)
    rows = Message.objects.filter(stuck).defer("text", "address").order_by("created_at", "pk")
    return [
        Failure(
            kind="message",
            id=str(row.pk),
            what=row.event,
            about=row.about,
            channel=row.channel,
            state=row.state,
            why=row.why,
            sentence=sentence(row.why),
            detail=row.last_error,
            attempts=row.attempts,
            since=row.created_at,
            next_attempt_at=row.next_attempt_at if row.state == State.QUEUED else None,
            can_resend=_can_resend(row),
        )
        for row in rows[:limit]
    ]


def _promise_failures(limit: int, at: datetime) -> list[Failure]:
    due = Promise.objects.filter(_failing(at), state=PromiseState.DUE).order_by("due_at", "pk")
    found = []
    for row in due[:limit]:
        why = Why.HANDLER_FAILED if row.kind in known_kinds() else Why.NO_HANDLER
        found.append(
            Failure(
                kind="promise",
                id=str(row.pk),
                what=row.kind,
                about=row.ref,
                channel="",
                state=row.state,
                why=why,
                sentence=sentence(why),
                detail=row.last_error,
                attempts=row.attempts,
                since=row.due_at,
                next_attempt_at=row.next_attempt_at,
                can_resend=False,
            )
        )
    return found


def _failing(at: datetime) -> Q:
    unknown = Q(due_at__lte=at) & ~Q(kind__in=known_kinds())
    return ~Q(last_error="") | unknown


def _job_failures() -> list[Failure]:
    return [
        Failure(
            kind="job",
            id=row.name,
            what=row.name,
            about="",
            channel="",
            state="",
            why=Why.HANDLER_FAILED,
            sentence=sentence(Why.HANDLER_FAILED),
            detail=row.last_error,
            attempts=0,
            since=row.last_run_at,
            next_attempt_at=None,
            can_resend=False,
        )
        for row in JobRun.objects.exclude(last_error="").order_by("name")
    ]


def _can_resend(row: Message) -> bool:
    return row.state in (State.FAILED, State.UNCLEAR) and row.forgotten_at is None
