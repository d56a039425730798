"""What would otherwise go wrong without a word: an open page, boxes instead of Japanese, slow PDFs."""

import ctypes
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.urls import URLPattern, URLResolver, get_resolver

from core.access import is_marked

FONTS = {  # family → Debian package
    "BIZ UDPGothic": "fonts-morisawa-bizud-gothic",
    "BIZ UDGothic": "fonts-morisawa-bizud-gothic",
    "BIZ UDPMincho": "fonts-morisawa-bizud-mincho",
    "Noto Sans CJK JP": "fonts-noto-cjk",
}
HARFBUZZ_SUBSET = ("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib")


@register(Tags.urls)
def every_url_is_marked(**kwargs: Any) -> list[CheckMessage]:
    return [
        Error(
            f"URL「{route}」のビュー {name_of(view)} に閲覧の許可が書かれていません。",
            hint="core.access の takes・signed_in・public のどれかを付けてください。",
            id="core.E001",
        )
        for route, view in urls_with_views(get_resolver().url_patterns)
        if not is_marked(view)
    ]


def name_of(view: Any) -> str:
    return f"{getattr(view, '__module__', '')}.{getattr(view, '__name__', view)}"


def urls_with_views(
    patterns: Iterable[URLPattern | URLResolver], prefix: str = ""
) -> Iterator[tuple[str, Any]]:
    """Every route of the URL configuration with its view, included ones with their prefix."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from urls_with_views(pattern.url_patterns, route)
        else:
            yield route, pattern.callback


@register("documents")
def fonts_are_installed(**kwargs: Any) -> list[CheckMessage]:
    families = installed_families()
    return [
        Warning(
            f"書体「{family}」が見つかりません。PDF の日本語が四角や別の書体になります。",
            hint=f"Debian では apt-get install {package} で入ります。",
            id="core.W001",
        )
        for family, package in FONTS.items()
        if family not in families
    ]


def installed_families() -> set[str]:
    """Family names known to fontconfig; empty when its tools are not installed."""
    if not (fc_list := shutil.which("fc-list")):
        return set()
    listed = subprocess.run([fc_list, ":", "family"], capture_output=True, text=True, check=False)
    return {name.strip() for line in listed.stdout.splitlines() for name in line.split(",")}


@register("documents")
def harfbuzz_subset_is_installed(**kwargs: Any) -> list[CheckMessage]:
    if can_load(HARFBUZZ_SUBSET):
        return []
    return [
        Warning(
            "libharfbuzz-subset がありません。PDF 1件に4〜8秒かかります（あれば0.4秒ほど）。",
            hint="Debian では apt-get install libharfbuzz-subset0 で入ります。",
            id="core.W002",
        )
    ]


def can_load(names: Iterable[str]) -> bool:
    for name in names:
        try:
            ctypes.CDLL(name)
        except OSError:
            continue
        return True
    return False


@register("documents", deploy=True)
def site_url_is_public(**kwargs: Any) -> list[CheckMessage]:
    site = urlsplit(settings.SITE_URL)
    if site.scheme == "https" and site.hostname not in (None, "localhost", "127.0.0.1"):
        return []
    return [
        Warning(
            f"SITE_URL が {settings.SITE_URL} です。メールの中のリンクが外から開けません。",
            hint="SITE_URL=https://… と、実際の住所を環境変数で指定してください。",
            id="core.W003",
        )
    ]
