"""axe-core on a page of the real browser."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Error, Page

AXE = Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js"


def axe_violations(page: Page, *, within: str | None = None) -> list[str]:
    """One line per element that axe objects to, WCAG 2.2 AA and best practices alike; empty is good.

    A page that is left for the next one while axe looks at it is not judged: the next one is.
    """
    try:
        found = _run_axe(page, within)
    except Error:  # its document went away; what is wrong with axe itself comes again
        found = _run_axe(page, within)
    return [
        f"{rule['id']} ({rule['impact']}): {rule['help']}: {' '.join(map(str, node['target']))}"
        for rule in found
        for node in rule["nodes"]
    ]


def _run_axe(page: Page, within: str | None) -> list[dict[str, Any]]:
    """The script goes in by evaluate: a script tag would be refused by the page's own CSP."""
    page.wait_for_function("() => window.document?.readyState === 'complete'")
    if not page.evaluate("() => typeof window.axe === 'object'"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    return page.evaluate(  # type: ignore[no-any-return]
        "within => axe.run(within || document, {resultTypes: ['violations']}).then(done => done.violations)",
        within,
    )
