"""Links from one admin page to another."""

from urllib.parse import urlencode

from django.db import models
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString


def list_link(model: type[models.Model], words: str, **filters: object) -> SafeString:
    return _link(model, "changelist", words, filters)


def add_link(model: type[models.Model], words: str, **initial: object) -> SafeString:
    return _link(model, "add", words, initial)


def change_link(row: models.Model, words: str) -> SafeString:
    url = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    return format_html('<a href="{}">{}</a>', url, words)


def _link(model: type[models.Model], page: str, words: str, query: dict[str, object]) -> SafeString:
    url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}")
    return format_html('<a href="{}?{}">{}</a>', url, urlencode(query), words)
