"""The whole API, and its description."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import ValidationError

from articles.api.endpoints import router
from articles.api.problems import MEDIA_TYPE, Problem, problem

_DESCRIPTION = """\
What changed in news articles, word by word, as this site saw it. Read-only.

Every time is when *we* saw something. A change has two: the old state was last seen at `previous_last_seen`,
the new one first at `seen`; it came about between them. Lists go on at the address in `next` (and in the
header `Link`). Answers have an `ETag`: ask with `If-None-Match`. Problems are told as RFC 9457 has it.

Metadata, differences and facts are open to all. Whole texts are the publishers', and are given to keys that
may read them: `Authorization: Bearer nd_…`.
"""


class Api(NinjaAPI):
    """As django-ninja has it, with problems told in their own type, and the key described."""

    def get_openapi_schema(self, **options: Any) -> Any:
        schema = super().get_openapi_schema(**options)
        for operations in schema["paths"].values():
            for operation in operations.values():
                for status, answer in operation["responses"].items():
                    if int(status) >= 400 and "application/json" in answer.get("content", {}):
                        answer["content"][MEDIA_TYPE] = answer["content"].pop("application/json")
        schema["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
        schema["security"] = [{}, {"key": []}]
        return schema


api = Api(
    title="NewsDiffs",
    version="1",
    description=_DESCRIPTION,
    docs_url=None,
    urls_namespace="api",
)
api.add_router("", router)


@api.exception_handler(Problem)
def _told(request: HttpRequest, trouble: Problem) -> HttpResponse:
    return trouble.answer


@api.exception_handler(ValidationError)
def _not_valid(request: HttpRequest, trouble: ValidationError) -> HttpResponse:
    said = [f"{one['loc'][-1]}: {one['msg']}" for one in trouble.errors]
    return problem(422, "; ".join(said))
