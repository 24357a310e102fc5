"""Template tags and filters, built in to every template."""

from django import template

register = template.Library()
