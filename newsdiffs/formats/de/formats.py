"""All times are UTC, and say so."""

DATETIME_FORMAT = r"j. F Y, H:i \U\T\C"
SHORT_DATETIME_FORMAT = DATETIME_FORMAT
