"""How gunicorn serves the site (`gunicorn --config python:newsdiffs.runner.serving`).

Each name is one of its settings.
"""

import gc
import os
from typing import Any

from django.conf import settings

wsgi_app = "newsdiffs.wsgi:application"
bind = f"[{settings.BIND}]:{settings.PORT}" if ":" in settings.BIND else f"{settings.BIND}:{settings.PORT}"
workers = 2
preload_app = True  # so that they share the memory of what is loaded
threads = 4  # a reader with a slow line holds up one of them only
graceful_timeout = 10  # seconds; the supervisor waits a little longer
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108  (a heartbeat on disk may stall)
control_socket_disable = True  # it would write to the home folder
loglevel = "warning"
_logging: dict[str, Any] = settings.LOGGING
# Its lines look like all others. It warns of each page that was asked for by HEAD, as Django sends a body.
_loggers = {"gunicorn.error": {"level": "WARNING"}, "gunicorn.http": {"level": "ERROR"}}
logconfig_dict = {**_logging, "loggers": {**_logging["loggers"], **_loggers}}
forwarded_allow_ips = ""  # TRUSTED_PROXIES alone says whether X-Forwarded-Proto counts


def pre_fork(_server: object, _worker: object) -> None:
    """Keep the collector's hands off what is loaded: what it looks through is no longer shared."""
    gc.freeze()
