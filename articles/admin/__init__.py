"""Django admin: add, edit and pause sources and their feeds; look at articles and versions; check now.

What the record holds (versions, events) can be looked at but not changed. django-q2's own pages are taken
away: a schedule may run any function.
"""

from django.contrib import admin
from django_q.models import Failure, OrmQ, Schedule, Success

from articles.admin import article, host, source

__all__ = ["article", "host", "source"]

admin.site.site_header = admin.site.site_title = "NewsDiffs"
admin.site.index_title = "What is watched"
admin.site.site_url = "/"

for model in (Failure, OrmQ, Schedule, Success):
    admin.site.unregister(model)
