import pytest
from django.test import RequestFactory

from core.redirects import wanted_next


@pytest.mark.parametrize("url", ["/", "/sheets/1/?a=b#c", "/助成/"])
def test_back_to_an_address_of_ours(url):
    assert wanted_next(RequestFactory().post("/", {"next": url})) == url


@pytest.mark.parametrize(
    "url",
    ["", "b", "reports:home", "sheets/1/", "//evil.example/", "/\\evil.example", "https://evil.example/"],
)
def test_nowhere_else(url):
    """A word alone would be looked up as the name of a view."""
    assert wanted_next(RequestFactory().post("/", {"next": url})) == ""
