"""Addresses: Django admin and what signed-in readers do, and everything else in ``articles.pages``."""

from django.contrib import admin
from django.urls import include, path

from articles.admin import readers
from articles.admin.sign_in import change_password, reader_sign_in, sign_in
from articles.archives import permalinks

urlpatterns = [
    *permalinks.urlpatterns(),
    path("admin/login/", sign_in),
    path("admin/password_change/", change_password),
    path("admin/", admin.site.urls),
    path("sign-in/", reader_sign_in, name="sign-in"),
    path("sign-out/", readers.sign_out, name="sign-out"),
    path("articles/add/", readers.add, name="add-articles"),
    path("articles/add/<int:pk>/", readers.batch, name="batch"),
    path("articles/add/<int:pk>/result.csv", readers.result, name="batch-result"),
    path("", include("articles.pages.urls")),
]
