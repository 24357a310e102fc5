"""The site as a WSGI application, for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsdiffs.settings")
application = get_wsgi_application()
# All that answers pages is loaded now, and not by the first page: gunicorn's processes share it.
_patterns = get_resolver().url_patterns
