"""Reads pages as a person does."""

import html
import re

from django.http import HttpResponse
from lxml.html import HtmlElement, fromstring


def words_of(markup: str) -> str:
    """The text of some HTML, white space collapsed."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", markup)).split())


def page_of(response: HttpResponse) -> HtmlElement:
    return fromstring(response.content.decode())


def main_words(response: HttpResponse) -> str:
    """What stands in the page's main part."""
    return " ".join(page_of(response).get_element_by_id("main").text_content().split())
