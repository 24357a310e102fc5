"""Django admin: add, edit and pause sources and their feeds; look at articles and versions; check now.

"Add source" looks at the site first (``wizard``), or starts from a known publication (``catalogue``).

What the record holds (versions, events) can be looked at but not changed. django-q2's own pages are taken
away: a schedule may run any function.
"""

from django.apps import apps
from django.contrib import admin
from django.utils.translation import gettext_lazy

from articles.admin import api_keys, host
from articles.admin.accounts import accounts
from articles.admin.article import article_admin, batch_admin, pairs
from articles.admin.audit import log
from articles.admin.source import source_admin, widespread_changes
from articles.admin.takedown import requests

__all__ = [
    "accounts",
    "api_keys",
    "article_admin",
    "batch_admin",
    "host",
    "log",
    "pairs",
    "requests",
    "source_admin",
    "widespread_changes",
]

admin.site.site_header = admin.site.site_title = "NewsDiffs"
admin.site.index_title = gettext_lazy("Administration")
admin.site.site_url = "/"

for model in apps.get_app_config("django_q").get_models():
    if admin.site.is_registered(model):  # which ones are depends on the broker
        admin.site.unregister(model)
