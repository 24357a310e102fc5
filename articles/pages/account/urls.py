"""The addresses of what signed-in readers do."""

from django.urls import path

from articles.pages.account import adding, keys, sign_in

urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("keys/", keys.keys, name="api-keys"),
    path("keys/<int:pk>/end/", keys.end, name="end-api-key"),
    path("articles/add/", adding.add, name="add-articles"),
    path("articles/add/<int:pk>/", adding.batch, name="batch"),
    path("articles/add/<int:pk>/result.csv", adding.result, name="batch-result"),
]
