"""The project's settings for tests: a throw-away data folder, static files by their own names.

``TEST_DATABASE_URL`` runs the same tests on another database.
"""

import atexit
import os
import shutil
import tempfile

if "DATA_DIR" not in os.environ:
    os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="newsdiffs-tests-")
    atexit.register(shutil.rmtree, os.environ["DATA_DIR"], ignore_errors=True)
elif "PYTEST_XDIST_WORKER" in os.environ:
    # Its workers get the environment of the process that starts them, with the folder it made.
    os.environ["DATA_DIR"] = os.path.join(os.environ["DATA_DIR"], os.environ["PYTEST_XDIST_WORKER"])
if os.environ.get("TEST_DATABASE_URL"):
    os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]

from newsdiffs.settings import *  # noqa: F403
from newsdiffs.settings import DATABASES, SQLITE, STORAGES

os.makedirs(os.path.join(os.environ["DATA_DIR"], "static"), exist_ok=True)
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
API_LIMIT = 0
PAGE_LIMIT = 0  # a test that asks for many pages is no crawler
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if not SQLITE:  # no test in one process is about the power failing, and each commit would wait for the disk
    _asked = DATABASES["default"]["OPTIONS"]
    _asked["options"] = _asked["options"].replace("synchronous_commit=on", "synchronous_commit=off")
