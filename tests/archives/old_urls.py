"""The project's addresses with those of both old sites before them, as OLD_PERMALINKS has it."""

from django.test import override_settings

from articles.archives import permalinks
from newsdiffs.urls import urlpatterns as ours

with override_settings(OLD_PERMALINKS=["news-sniffer", "newsdiffs"]):
    urlpatterns = [*permalinks.urlpatterns(), *ours]
