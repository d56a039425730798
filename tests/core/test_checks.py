from core import checks


def test_a_missing_font_is_named_with_its_package(monkeypatch):
    monkeypatch.setattr(checks, "installed_families", lambda: set(checks.FONTS) - {"BIZ UDPGothic"})
    (warning,) = checks.fonts_are_installed()
    assert "BIZ UDPGothic" in warning.msg
    assert "fonts-morisawa-bizud-gothic" in warning.hint


def test_a_missing_harfbuzz_subset_is_named(monkeypatch):
    monkeypatch.setattr(checks, "HARFBUZZ_SUBSET", ("libnot-there.so.9",))
    (warning,) = checks.harfbuzz_subset_is_installed()
    assert "libharfbuzz-subset0" in warning.hint


def test_site_url_must_be_reachable_from_a_mail(settings):
    settings.SITE_URL = "http://127.0.0.1:8000"
    assert [warning.id for warning in checks.site_url_is_public()] == ["core.W003"]
    settings.SITE_URL = "https://banso.example.org"
    assert checks.site_url_is_public() == []
