"""What went wrong, as RFC 9457 has it: ``application/problem+json``."""

from collections.abc import Mapping
from http import HTTPStatus

from django.http import HttpResponse, JsonResponse
from ninja import Schema

MEDIA_TYPE = "application/problem+json"


class ProblemOut(Schema):
    """Why there is no answer."""

    title: str
    status: int
    detail: str


class Problem(Exception):
    """Ends a request with *status*; *detail* is for a person."""

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers = status, detail, dict(headers or {})

    @property
    def answer(self) -> HttpResponse:
        return problem(self.status, self.detail, self.headers)


def problem(status: int, detail: str, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """The answer that says so."""
    told = {"title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return JsonResponse(told, status=status, content_type=MEDIA_TYPE, headers=dict(headers or {}))
