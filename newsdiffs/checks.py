"""System checks of our own settings, run by `manage.py check` (with `--deploy` all) and by every start."""

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from articles.fetch import parse_endpoints

TAG = "newsdiffs"


@register(TAG)
def check_fetching(app_configs: Sequence[AppConfig] | None, **_options: Any) -> list[CheckMessage]:
    """newsdiffs.E001: FETCH_ALLOW_ENDPOINTS can't be read."""
    try:
        parse_endpoints(settings.FETCH_ALLOW_ENDPOINTS)
    except ValueError as problem:
        return [
            Error(
                f"FETCH_ALLOW_ENDPOINTS: {problem}.",
                hint="Write exact addresses with commas between, such as 10.0.0.7:8080.",
                id="newsdiffs.E001",
            )
        ]
    return []


@register(TAG)
def check_bucket(app_configs: Sequence[AppConfig] | None, **_options: Any) -> list[CheckMessage]:
    """newsdiffs.E002: datasets are to be kept in a bucket, and what is needed for that is not installed."""
    if not settings.DATASETS_BUCKET or all(map(find_spec, ("storages", "boto3"))):
        return []
    return [
        Error(
            "DATASETS_BUCKET needs django-storages and boto3.",
            hint="Install what requirements-s3.txt names.",
            id="newsdiffs.E002",
        )
    ]


@register(TAG, deploy=True)
def check_proxy(app_configs: Sequence[AppConfig] | None, **_options: Any) -> list[CheckMessage]:
    """newsdiffs.W001: there must be a proxy that we were not told of, as the site itself speaks no HTTPS."""
    if not settings.HTTPS or settings.TRUSTED_PROXIES:
        return []
    return [
        Warning(
            "SITE_URL begins with https://, but TRUSTED_PROXIES is 0: all readers count as one visitor, and "
            "HSTS is not sent.",
            hint="Set TRUSTED_PROXIES=1 if one web server stands before the site.",
            id="newsdiffs.W001",
        )
    ]
