"""Addresses: Django admin, and everything else in ``articles.pages``."""

from django.contrib import admin
from django.urls import include, path

from articles.admin.accounts.sign_in import change_password, sign_in
from articles.api.api import api
from articles.api.documentation import documentation
from articles.archives import permalinks

handler400 = "articles.pages.errors.bad_request"
handler404 = "articles.pages.errors.not_found"
handler500 = "articles.pages.errors.failed"

urlpatterns = [
    *permalinks.urlpatterns(),
    path("admin/login/", sign_in),
    path("admin/password_change/", change_password),
    path("admin/", admin.site.urls),
    path("api/v1/", api.urls),
    path("api/docs", documentation, name="api-docs"),
    path("", include("articles.pages.account.urls")),
    path("", include("articles.pages.urls")),
    path("", include("articles.notices.urls")),
]
