"""What is answered in place of an article, or a version, that was taken down: 451 or 410, when and why."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from articles.models import Article, TakedownStep
from articles.pages.absolute import absolute

USUAL_STATUS = 410
"""Where nothing was noted of why."""


class TakenDown(Exception):
    """Versions of an article were asked for that no reader may see."""

    def __init__(self, *numbers: int) -> None:
        super().__init__(*numbers)
        self.numbers = numbers


def why(article: Article, *numbers: int) -> TakedownStep | None:
    """The step that hid *article*, or its versions *numbers*; None where none was noted."""
    return TakedownStep.objects.why_hidden(article, *numbers)


def taken_down(request: HttpRequest, article: Article, *numbers: int) -> HttpResponse:
    """The page in place of *article*, or of its versions *numbers*. It tells nothing of what they said."""
    step = why(article, *numbers)
    context = {"step": step, "article": article if numbers else None, "numbers": numbers}
    response = render(request, "taken_down.html", context, status=step.status if step else USUAL_STATUS)
    response.headers["X-Robots-Tag"] = "noindex"
    if response.status_code == 451:
        response.headers["Link"] = f'<{absolute("/about/")}>; rel="blocked-by"'  # RFC 7725
    return response
