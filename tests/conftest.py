"""What all tests share."""

import os
import tempfile

# Before Django reads its settings: tests never touch the data of an installation.
os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="newsdiffs-tests-"))
os.environ.setdefault("DEBUG", "0")

import pytest


@pytest.fixture(autouse=True)
def _plain_static_files(settings):
    """Static files by their own names: tests run without ``collectstatic``."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
