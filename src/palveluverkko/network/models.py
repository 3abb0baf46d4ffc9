"""The register's tables. Every dated row has ``valid_from``/``valid_until`` (inclusive).

Texts for people come in the agency's languages as ``*_fi``, ``*_sv``, ``*_en``; an empty one
falls back to the next. Times of day are the point's own local time.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from palveluverkko.calendar import HolidayCalendar
from palveluverkko.snapshot.model import Mode, PointKind

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

CODE = RegexValidator(r"^[a-z0-9][a-z0-9_-]*$", _("Use small letters, digits, - and _."))
PHONE = RegexValidator(r"^\+[1-9][0-9]{5,14}$", _("Write the number like this: +358201234567."))
MONTH_DAY = RegexValidator(r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$", _("Write MM-DD."))


class KindChoices(models.TextChoices):
    SERVICE_POINT = PointKind.SERVICE_POINT.value, _("Service point")
    JOINT_SERVICE_POINT = PointKind.JOINT_SERVICE_POINT.value, _("Joint service point")
    POP_UP_POINT = PointKind.POP_UP_POINT.value, _("Pop-up point")


class ModeChoices(models.TextChoices):
    WALK_IN = Mode.WALK_IN.value, _("Walk-in")
    APPOINTMENT = Mode.APPOINTMENT.value, _("By appointment")
    VIDEO_ROOM = Mode.VIDEO_ROOM.value, _("Video room")


class Named(models.Model):
    name_fi = models.CharField(_("name in Finnish"), max_length=200)
    name_sv = models.CharField(_("name in Swedish"), max_length=200, blank=True)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the language in use, else in the first language that has one."""
        names = {"fi": self.name_fi, "sv": self.name_sv, "en": self.name_en}
        wanted = (get_language() or "fi")[:2]
        return names.get(wanted) or self.name_fi or self.name_sv or self.name_en


class Dated(models.Model):
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    class Meta:
        abstract = True


def dated_constraint(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name,
        condition=Q(valid_from__isnull=True)
        | Q(valid_until__isnull=True)
        | Q(valid_until__gte=F("valid_from")),
        violation_error_message=_("The last day is before the first."),
    )


def valid_on(day: object, prefix: str = "") -> Q:
    """Rows in force on ``day``."""
    since, until = f"{prefix}valid_from", f"{prefix}valid_until"
    return (Q(**{f"{since}__isnull": True}) | Q(**{f"{since}__lte": day})) & (
        Q(**{f"{until}__isnull": True}) | Q(**{f"{until}__gte": day})
    )


def described(label: _StrPromise) -> models.CharField[str, str]:
    """A sentence for customers; may be empty, also for a process of the version before."""
    return models.CharField(label, max_length=300, blank=True, default="", db_default="")


class Agency(Named):
    """Who runs the network, and the calendar it keeps by default."""

    code = models.CharField(primary_key=True, max_length=60, validators=[CODE])
    country = models.CharField(_("country"), max_length=2, help_text=_("ISO 3166-1, two letters"))
    subdivision = models.CharField(_("subdivision"), max_length=10, blank=True)
    timezone = models.CharField(_("time zone"), max_length=60, default="Europe/Helsinki")
    languages = models.JSONField(_("languages"), default=list)
    # Days on which offices are shut though a holiday library calls them ordinary or "optional":
    # names of ``holidays`` categories, and MM-DD days.
    closed_categories = models.JSONField(_("closed holiday categories"), default=list, blank=True)
    closed_days = models.JSONField(_("other closed days (MM-DD)"), default=list, blank=True)

    class Meta:
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")

    def clean(self) -> None:
        """Refuse holidays that nobody could tell: every assessment would stop at them."""
        calendar = HolidayCalendar(
            self.country, self.subdivision, tuple(self.closed_categories), tuple(self.closed_days)
        )
        try:
            calendar.name_on(date(2000, 1, 1))
        except (NotImplementedError, ValueError) as unknown:
            raise ValidationError(
                _("Holidays of this country, subdivision or category are not known.")
            ) from unknown


class Municipality(Named):
    class Language(models.TextChoices):
        FI = "fi", _("Finnish")
        SV = "sv", _("Swedish")
        BILINGUAL_FI = "bilingual_fi", _("Bilingual, Finnish majority")
        BILINGUAL_SV = "bilingual_sv", _("Bilingual, Swedish majority")
        OTHER = "other", _("Other")

    class Urbanity(models.TextChoices):
        URBAN = "urban", _("Urban")
        SEMI_URBAN = "semi_urban", _("Semi-urban")
        RURAL = "rural", _("Rural")
        UNKNOWN = "unknown", _("Unknown")

    code = models.CharField(primary_key=True, max_length=20)
    region_code = models.CharField(max_length=10, blank=True)
    region_fi = models.CharField(max_length=100, blank=True)
    region_sv = models.CharField(max_length=100, blank=True)
    language_status = models.CharField(max_length=20, choices=Language, default=Language.OTHER)
    urbanity = models.CharField(max_length=20, choices=Urbanity, default=Urbanity.UNKNOWN)
    population = models.PositiveIntegerField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )

    class Meta:
        ordering = ["name_fi"]
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")


class Area(models.Model):
    """A population area (a postal area in the example)."""

    code = models.CharField(primary_key=True, max_length=20)
    name = models.CharField(max_length=200)
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="areas")
    lat = models.FloatField()
    lon = models.FloatField()
    residents = models.PositiveIntegerField()
    residents_year = models.PositiveSmallIntegerField(null=True, blank=True)
    strata = models.JSONField(default=dict, blank=True, help_text=_("residents by stratum"))

    class Meta:
        ordering = ["code"]
        verbose_name = _("population area")
        verbose_name_plural = _("population areas")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Service(Named):
    """A need class: what people come for."""

    code = models.CharField(primary_key=True, max_length=60, validators=[CODE])
    requires_official = models.BooleanField(
        _("needs the agency's own official"),
        default=False,
        help_text=_("A joint point's host staff may not complete it."),
    )
    # What belongs to it, in plain words, for those who do not know the names of benefits.
    description_fi = described(_("description in Finnish"))
    description_sv = described(_("description in Swedish"))
    description_en = described(_("description in English"))
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "code"]
        verbose_name = _("service")
        verbose_name_plural = _("services")


class ServicePoint(Named, Dated):
    """A place where people are served: the agency's own, a joint point, or a pop-up."""

    id = models.CharField(primary_key=True, max_length=80, validators=[CODE])
    kind = models.CharField(_("kind"), max_length=20, choices=KindChoices)
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,
        related_name="points",
        verbose_name=_("municipality"),
    )
    street_address_fi = models.CharField(_("street address in Finnish"), max_length=200, blank=True)
    street_address_sv = models.CharField(_("street address in Swedish"), max_length=200, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=20, blank=True)
    post_office = models.CharField(_("post office"), max_length=100, blank=True)
    lat = models.FloatField(_("latitude"))
    lon = models.FloatField(_("longitude"))
    timezone = models.CharField(
        _("time zone"), max_length=60, blank=True, help_text=_("Empty: the agency's")
    )
    languages = models.JSONField(_("languages"), default=list, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    notes_fi = models.TextField(_("additional information in Finnish"), blank=True)
    notes_sv = models.TextField(_("additional information in Swedish"), blank=True)
    notes_en = models.TextField(_("additional information in English"), blank=True)
    accessibility = models.TextField(_("accessibility"), blank=True)
    host = models.CharField(_("host of a pop-up point"), max_length=200, blank=True)
    # Names of generated fields, e.g. ["opening_hours", "visits"]; shown as "synthetic".
    synthetic = models.JSONField(_("synthetic fields"), default=list, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("point")
        verbose_name_plural = _("points")
        constraints = [
            dated_constraint("point_dates"),
            models.CheckConstraint(
                name="point_kind", condition=Q(kind__in=[k.value for k in PointKind])
            ),
            models.CheckConstraint(
                name="point_position",
                condition=Q(lat__gte=-90, lat__lte=90, lon__gte=-180, lon__lte=180),
            ),
        ]


class JointAgreement(Dated):
    """The agreement with a joint point's host. ``valid_from`` is the first day."""

    point = models.ForeignKey(ServicePoint, on_delete=models.CASCADE, related_name="agreements")
    host = models.CharField(_("host"), max_length=200)
    notice_days = models.PositiveSmallIntegerField(_("notice period, days"), null=True, blank=True)
    video_room = models.BooleanField(_("video room"), default=False)

    class Meta:
        ordering = ["point_id", "valid_from"]
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        constraints = [
            dated_constraint("agreement_dates"),
            models.UniqueConstraint(name="agreement_once", fields=["point", "host", "valid_from"]),
        ]

    def __str__(self) -> str:
        return f"{self.point_id}: {self.host}"


class ServiceOffer(Dated):
    """A point gives a service in one mode."""

    point = models.ForeignKey(ServicePoint, on_delete=models.CASCADE, related_name="offers")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="offers")
    mode = models.CharField(_("mode"), max_length=20, choices=ModeChoices)

    class Meta:
        ordering = ["point_id", "service_id", "mode", "valid_from"]
        verbose_name = _("service offered")
        verbose_name_plural = _("services offered")
        constraints = [
            dated_constraint("offer_dates"),
            models.CheckConstraint(
                name="offer_mode", condition=Q(mode__in=[m.value for m in Mode])
            ),
            models.UniqueConstraint(
                name="offer_once", fields=["point", "service", "mode", "valid_from"]
            ),
            # NULLs are distinct in the constraint above; SQLite cannot say otherwise.
            models.UniqueConstraint(
                name="offer_once_undated",
                fields=["point", "service", "mode"],
                condition=Q(valid_from__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.point_id}: {self.service_id} ({self.mode})"


class OpeningHours(Dated):
    """One weekly opening interval. No service: every service; no mode: every mode.

    A row with a season holds only inside it (MM-DD to MM-DD, may pass the year's end) and there
    replaces the point's rows without a season for the same service and mode.
    """

    point = models.ForeignKey(ServicePoint, on_delete=models.CASCADE, related_name="hours")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, null=True, blank=True)
    mode = models.CharField(_("mode"), max_length=20, choices=ModeChoices, blank=True)
    weekday = models.PositiveSmallIntegerField(
        _("weekday"),
        choices=[
            (0, _("Monday")),
            (1, _("Tuesday")),
            (2, _("Wednesday")),
            (3, _("Thursday")),
            (4, _("Friday")),
            (5, _("Saturday")),
            (6, _("Sunday")),
        ],
    )
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))
    overnight = models.BooleanField(_("closes on the next day"), default=False)
    season_from = models.CharField(
        _("season from (MM-DD)"), max_length=5, blank=True, validators=[MONTH_DAY]
    )
    season_until = models.CharField(
        _("season until (MM-DD)"), max_length=5, blank=True, validators=[MONTH_DAY]
    )

    class Meta:
        ordering = ["point_id", "weekday", "opens"]
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        constraints = [
            dated_constraint("hours_dates"),
            models.CheckConstraint(
                name="hours_weekday", condition=Q(weekday__gte=0, weekday__lte=6)
            ),
            models.CheckConstraint(
                name="hours_end_after_begin",
                condition=Q(overnight=True) | Q(closes__gt=F("opens")),
                violation_error_message=_("The hours end before they begin."),
            ),
            models.CheckConstraint(
                name="hours_season_whole",
                condition=Q(season_from="", season_until="")
                | (~Q(season_from="") & ~Q(season_until="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.point_id}: {self.weekday} {self.opens}-{self.closes}"


class OpeningException(models.Model):
    """What differs on some days: closed, or open at other hours; for all or one service.

    Several intervals on a day are several rows with the same dates, service and mode.
    """

    point = models.ForeignKey(ServicePoint, on_delete=models.CASCADE, related_name="exceptions")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, null=True, blank=True)
    mode = models.CharField(_("mode"), max_length=20, choices=ModeChoices, blank=True)
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"))
    closed = models.BooleanField(_("closed"), default=True)
    opens = models.TimeField(_("opens"), null=True, blank=True)
    closes = models.TimeField(_("closes"), null=True, blank=True)
    overnight = models.BooleanField(_("closes on the next day"), default=False)
    reason_fi = models.CharField(_("reason in Finnish"), max_length=150, blank=True)
    reason_sv = models.CharField(_("reason in Swedish"), max_length=150, blank=True)
    reason_en = models.CharField(_("reason in English"), max_length=150, blank=True)

    class Meta:
        ordering = ["point_id", "first", "opens"]
        verbose_name = _("exception to opening hours")
        verbose_name_plural = _("exceptions to opening hours")
        constraints = [
            models.CheckConstraint(name="exception_dates", condition=Q(last__gte=F("first"))),
            models.CheckConstraint(
                name="exception_hours",
                condition=Q(closed=True, opens__isnull=True, closes__isnull=True)
                | Q(closed=False, opens__isnull=False, closes__isnull=False, overnight=True)
                # Said outright: comparing with NULL is unknown, and a check lets unknown pass.
                | Q(
                    closed=False,
                    opens__isnull=False,
                    closes__isnull=False,
                    closes__gt=F("opens"),
                ),
                violation_error_message=_("Give both times, the end after the beginning."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.point_id}: {self.first}-{self.last}"


class RemoteChannel(Named):
    """A nationwide channel that can take over visits: phone, video from home, online."""

    code = models.CharField(primary_key=True, max_length=20, validators=[CODE])
    capacity_per_week = models.FloatField(null=True, blank=True)
    load_per_week = models.FloatField(null=True, blank=True)
    # For those who call: the number, and when it is answered, in words.
    phone = models.CharField(
        _("phone"), max_length=20, blank=True, default="", db_default="", validators=[PHONE]
    )
    hours_fi = described(_("opening hours in Finnish"))
    hours_sv = described(_("opening hours in Swedish"))
    hours_en = described(_("opening hours in English"))
    synthetic = models.BooleanField(default=False)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("remote channel")
        verbose_name_plural = _("remote channels")


class TravelTime(models.Model):
    """An imported origin-destination time; replaces the travel model for its pair."""

    pk = models.CompositePrimaryKey("area_id", "point_id", "transport")
    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="+")
    point = models.ForeignKey(ServicePoint, on_delete=models.CASCADE, related_name="+")
    transport = models.CharField(max_length=20, default="car")
    minutes = models.FloatField()
    source = models.CharField(max_length=200)

    class Meta:
        verbose_name = _("travel time")
        verbose_name_plural = _("travel times")
        constraints = [
            models.CheckConstraint(name="travel_minutes", condition=Q(minutes__gte=0)),
        ]


class Revision(models.Model):
    """One row that counts changes of the register and of weekly demand.

    A cached assessment is good exactly as long as the number stays the same.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(name="revision_one_row", condition=Q(id=1))]
