"""Days without a year in figures: a month's name would have to be inflected."""

MONTH_DAY_FORMAT = "j.n."
