"""What all tests share."""

from hypothesis import settings

# Timings belong in benchmarks: a slow machine fails no test.
settings.register_profile("no deadlines", deadline=None)
settings.load_profile("no deadlines")
