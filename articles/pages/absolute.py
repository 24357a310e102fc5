"""Addresses with scheme and host, for feeds and for copying."""

from django.conf import settings


def absolute(path: str) -> str:
    """The address of *path* on this site, as SITE_URL has it: never as a request's Host header says."""
    return f"{settings.SITE_URL}{path}"
