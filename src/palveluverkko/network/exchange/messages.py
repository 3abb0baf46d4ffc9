"""The sentences that say which rule a value breaks, by the rule's name."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

RULES: dict[str, str] = {
    # single values
    "date": _("This is not a date. Write it as YYYY-MM-DD."),
    "time": _("This is not a time of day. Write it as HH:MM."),
    "number": _("This is not a number."),
    "strata": _("Residents by stratum must be a JSON object of numbers."),
    "control_character": _("The text holds a character that cannot be stored."),
    "language": _("This is not a language code (BCP 47, for example fi, sv, se)."),
    "timezone": _("This is not a time zone of the IANA database."),
    "email": _("This is not an e-mail address."),
    "month_day": _("This is not a day of the year. Write it as MM-DD."),
    "choice": _("Unknown value. Allowed are: %(allowed)s."),
    "code": _("Use small letters, digits, - and _ only, beginning with a letter or digit."),
    "token": _("This must be one word without spaces."),
    "missing": _("A value is needed here."),
    "string_too_short": _("A value is needed here."),
    "string_too_long": _("The text is longer than %(max_length)s characters."),
    "string_pattern_mismatch": _("The value does not have the form %(pattern)s."),
    "string_type": _("This must be text."),
    "bool_parsing": _("Write true or false."),
    "bool_type": _("Write true or false."),
    "int_parsing": _("This is not a whole number."),
    "int_type": _("This is not a whole number."),
    "int_from_float": _("This is not a whole number."),
    "int_parsing_size": _("The number is too large."),
    "float_type": _("This is not a number."),
    "float_parsing": _("This is not a number."),
    "finite_number": _("This is not a number."),
    "greater_than_equal": _("The value is less than %(ge)s."),
    "less_than_equal": _("The value is more than %(le)s."),
    "tuple_type": _("This must be a list."),
    "dict_type": _("This must be an object."),
    # a row's values together
    "dates_reversed": _("The last day is before the first day, %(first)s."),
    "hours_reversed": _("The hours end before they begin, at %(opens)s."),
    "season_incomplete": _("A season needs both its first and its last day."),
    "closed_with_hours": _("A closed day has no opening hours."),
    "open_without_hours": _("A day that is not closed needs both an opening and a closing time."),
    # rows together
    "duplicate": _("The same key stands already in row %(row)s."),
    "unknown_municipality": _("No municipality has this code."),
    "unknown_service": _("No service has this code."),
    "unknown_point": _("No point has this id."),
    "unknown_area": _("No population area has this code."),
    "outside_municipality": _(
        "The position is %(distance)s km outside %(municipality)s; "
        "at most %(limit)s km are allowed."
    ),
    "far_from_locality": _(
        "The position is %(distance)s km from the central locality of %(municipality)s; "
        "at most %(limit)s km are allowed where the boundary is not known."
    ),
    "still_used": _(
        "The row is missing from the file, but other records depend on it. "
        "End its validity instead of removing it."
    ),
    # files
    "encoding": _("The file is not UTF-8: the byte at position %(position)s is not valid."),
    "empty_file": _("The file is empty."),
    "no_files": _("The folder holds none of the files of the register."),
    "not_found": _("There is no such file."),
    "unknown_column": _("Unknown column. Known are: %(known)s."),
    "repeated_column": _("The column stands twice in the header."),
    "missing_column": _("The column is missing."),
    "cell_count": _("The row has %(found)s cells, the header has %(expected)s."),
    "csv_syntax": _("The row cannot be read as CSV: %(reason)s."),
    "unknown_file": _("The name does not tell which table this is. Known names are: %(known)s."),
    "json_syntax": _("The file is not valid JSON: %(reason)s."),
    "json_shape": _("This must be %(expected)s."),
    "unreadable": _("The file cannot be read: %(reason)s."),
    # PTV and HSDS
    "no_position": _("The location has no position."),
    "weekly_only": _("The register holds weekly hours only, not %(frequency)s."),
    "weekday": _("This is not a weekday."),
    # travel times
    "minutes": _("Travel time must be a number of minutes, zero or more."),
}


def rule_text(rule: str, context: Mapping[str, object] | None = None, fallback: str = "") -> str:
    """The rule as a sentence in the language in use."""
    if rule not in RULES:
        return fallback or rule
    return gettext(RULES[rule]) % (context or {})
