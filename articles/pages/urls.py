"""The addresses of product.md; identifiers and version numbers in them never change."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
