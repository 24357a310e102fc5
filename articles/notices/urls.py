"""The addresses of subscriptions, and of hubs' pings. A token is what nobody guesses."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from articles.notices import hub_views, views


class Token(StringConverter):
    """By which a subscription is found."""

    regex = "[A-Za-z0-9_-]{20,40}"


register_converter(Token, "token")

urlpatterns = [
    path("subscriptions/", views.own, name="subscriptions"),
    path("subscriptions/new/", views.new, name="subscribe"),
    path("subscriptions/<token:token>/", views.show, name="subscription"),
    path("subscriptions/<token:token>/confirm/", views.confirm, name="confirm-subscription"),
    path("subscriptions/<token:token>/unsubscribe/", views.unsubscribe, name="unsubscribe"),
    path("subscriptions/<token:token>/test/", views.test, name="test-subscription"),
    path("subscriptions/<token:token>/feed.<format:form>", views.feed, name="subscription-feed"),
    path("websub/<token:token>/", hub_views.callback, name="hub-callback"),
]
