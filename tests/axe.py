"""axe-core on a page of the real browser."""

from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js"


def axe_violations(page: Page, *, within: str | None = None) -> list[str]:
    """One line per element that axe objects to, WCAG 2.2 AA and best practices alike; empty is good.

    The script goes in by evaluate: a script tag would be refused by the page's own CSP.
    """
    if not page.evaluate("() => typeof window.axe === 'object'"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "within => axe.run(within || document, {resultTypes: ['violations']}).then(done => done.violations)",
        within,
    )
    return [
        f"{rule['id']} ({rule['impact']}): {rule['help']}: {' '.join(map(str, node['target']))}"
        for rule in found
        for node in rule["nodes"]
    ]
