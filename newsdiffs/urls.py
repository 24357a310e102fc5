"""Addresses: Django admin, and everything else in ``articles.pages``."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("articles.pages.urls")),
]
