"""Swedish as it is written in Finland: 1.6.2018 and 9.30, not 2018-06-01 and 09:30."""

SHORT_DATE_FORMAT = "j.n.Y"
DATETIME_FORMAT = "j F Y G.i"
SHORT_DATETIME_FORMAT = "j.n.Y G.i"
TIME_FORMAT = "G.i"
