"""The house rules that a machine can check (CONTRIBUTING.md, docs/decisions/0001)."""

import ast
import hashlib
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

ROOT = Path(__file__).resolve().parent.parent
APPS = ("config", "core", "accounts", "foundations", "grantees", "grants", "mentoring", "reports")
WORD_OF_JAPANESE = re.compile(r"[\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff]")


@cache
def house() -> tuple[Path, ...]:
    """Every file that is or could be committed, relative to the root."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    return tuple(sorted(Path(name) for name in listed.split("\0") if name and (ROOT / name).is_file()))


def python_files() -> list[Path]:
    return [p for p in house() if p.suffix == ".py" and p.parts[0] in APPS and "migrations" not in p.parts]


def templates() -> list[Path]:
    return [p for p in house() if p.suffix in {".html", ".svg"} and "templates" in p.parts]


def text_of(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def without_comments(template: str) -> str:
    return re.sub(r"\{#.*?#\}|\{% comment.*?%\}.*?\{% endcomment %\}|<!--.*?-->", "", template, flags=re.S)


def findings(paths: list[Path], pattern: str, *, allowed: set[str] | None = None) -> list[str]:
    """`path:line: text` of every line that matches, except in the files that may."""
    return [
        f"{path}:{number}: {line.strip()}"
        for path in paths
        if str(path) not in (allowed or set())
        for number, line in enumerate(without_comments(text_of(path)).splitlines(), 1)
        if re.search(pattern, line)
    ]


# --- names and sizes ---------------------------------------------------------------------------------------


def test_files_are_named_after_their_subject() -> None:
    shapeless = {"utils", "util", "helpers", "helper", "common", "misc", "shared", "base_utils"}
    assert [str(p) for p in house() if "vendor" not in p.parts and shapeless & {*p.parts, p.stem}] == []


def test_files_stay_short_enough_to_read() -> None:
    long = {str(p): text_of(p).count("\n") for p in python_files()}
    assert {path: lines for path, lines in long.items() if lines > 500} == {}


def test_no_leftovers() -> None:
    """Neither a note to ourselves nor the path of somebody's machine."""
    words = ("FIX" + "ME", "XX" + "X", "TO" + "DO", "lorem " + "ipsum", "break" + "point()")
    places = ("/ro" + "ot/", "/ho" + "me/", "/wo" + "rk/", "C:" + "\\")
    leftover = "|".join(
        [rf"\b{re.escape(word)}(?!\w)" for word in words] + [rf"(?<!\w){re.escape(p)}" for p in places]
    )
    leftover += r"|^[<>]{7} "  # of a merge
    readable = {".py", ".html", ".md", ".txt", ".toml", ".css", ".js", ".sh", ".svg", ".po", ".json", ""}
    assert findings([p for p in house() if p.suffix in readable and "vendor" not in p.parts], leftover) == []


# --- code --------------------------------------------------------------------------------------------------


def test_objects_are_fetched_in_access_files_only() -> None:
    paths = [p for p in python_files() if p.stem != "access" and "access" not in p.parts]
    assert findings(paths, r"\bget_(object|list)_or_404\b[,(]|import .*get_(object|list)_or_404") == []


def test_html_is_marked_safe_in_few_places() -> None:
    allowed = {"core/charts.py", "core/svg.py", "core/templatetags/ui.py"}
    assert findings(python_files(), r"\bmark_safe\b|\bSafeString\(|\bSafeText\(", allowed=allowed) == []
    # The help of Django's own password fields is a list in HTML.
    ours = [p for p in templates() if p != Path("templates/bootstrap5/layout/help_text.html")]
    assert findings(ours, r"\|\s*safe(seq)?\b|autoescape off") == []


def test_no_signals_and_no_mixins_of_our_own() -> None:
    assert findings(python_files(), r"django\.dispatch|@receiver|\.signals\b.*import") == []
    assert findings(python_files(), r"^class \w*Mixin\b") == []


def test_today_comes_from_the_clock() -> None:
    found = findings(
        python_files(), r"\btimezone\.(now\b|localdate\(\))", allowed={"core/clock.py", "accounts/models.py"}
    )
    assert found == []


def test_slow_imports_stand_inside_functions() -> None:
    slow = {"weasyprint", "openpyxl", "pandas"}
    found = []
    for path in python_files():
        for node in ast.parse(text_of(path)).body:
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            found += [f"{path}:{node.lineno}: {name}" for name in names if name.split(".")[0] in slow]
    assert found == []


# --- words -------------------------------------------------------------------------------------------------


def test_templates_translate_every_word() -> None:
    """What stands between tags; and in tags, whatever is not a date format or in _("…").

    A line that says lang="ja" itself shows Japanese to everybody: the switch of languages.
    """
    found = []
    for path in templates():
        text = without_comments(text_of(path))
        text = re.sub(
            r"\{% blocktrans(late)?\b.*?%\}.*?\{% endblocktrans(late)? %\}", blank_lines, text, flags=re.S
        )
        text = re.sub(r"\{% trans(late)?\b.*?%\}|_\(\"[^\"]*\"\)|_\('[^']*'\)", blank_lines, text, flags=re.S)
        text = re.sub(r"\|date:(\"[^\"]*\"|'[^']*')", "", text)
        found += [
            f"{path}:{number}: {line.strip()}"
            for number, line in enumerate(text.splitlines(), 1)
            if WORD_OF_JAPANESE.search(line) and 'lang="ja"' not in line
        ]
    assert found == []


def blank_lines(match: re.Match[str]) -> str:
    """As many lines as were cut out, so that the numbers of the others stay right."""
    return "\n" * match[0].count("\n")


def test_code_translates_every_sentence() -> None:
    """Strings with Japanese in them stand in a call of gettext; docstrings need not."""
    # These read what people type, name the machine's own troubles, look words up in the models' catalogue, or
    # hold the first rows of lists that each foundation then edits as its own. The demo and the national set are data;
    # plan_text is the vocabulary of what people write in plans.
    reading = {
        "dates",
        "digits",
        "fields",
        "figures",
        "formats",
        "months",
        "phrases",
        "search",
        "wording_hints",
    }
    reading |= {"doubts", "doubt_names", "doubt_words"}
    reading |= {"authors"}  # what programs leave in a document by themselves
    reading |= {"writing", "tables"}  # of a plan, as its own reading takes it back
    exempt = reading | {"checks", "settings", "ui", "master_lists"}
    found = []
    for path in python_files():
        if path.stem not in exempt and not {"commands", "management", "demo", "national", "plan_text"} & set(
            path.parts
        ):
            tree = ast.parse(text_of(path))
            spoken = {id(part) for node in ast.walk(tree) if is_translated(node) for part in ast.walk(node)}
            found += [
                f"{path}:{node.lineno}: {node.value}"
                for node in ast.walk(tree)
                if isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and WORD_OF_JAPANESE.search(node.value)
                and id(node) not in spoken
            ]
    assert found == []


def is_translated(node: ast.AST) -> bool:
    """A call of gettext by any of its names, or a string that stands alone: a docstring."""
    if isinstance(node, ast.Call):
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        return name == "_" or "gettext" in name
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


# --- what the CSP forbids ----------------------------------------------------------------------------------


def test_templates_hold_no_inline_style_or_script() -> None:
    """Mails know no stylesheet, and a PDF has no CSP; neither may hold a script."""
    pages = [p for p in templates() if "mail" not in p.parts and "pdf" not in p.parts]
    assert findings(pages, r"(?<![\w-])style=|<style\b") == []
    assert (
        findings(templates(), r"<script(?![^>]*\bsrc=)|(?<![\w-])on[a-z]+=[\"']|javascript:|hx-on|hx-vars")
        == []
    )


def test_forms_in_parts_that_stand_alone_carry_their_token() -> None:
    """`include … only` hands nothing on, the token against forged requests neither: the form would be refused."""
    parts = {str(p.relative_to("templates")): without_comments(text_of(p)) for p in templates()}
    include = re.compile(r"\{% include \"([^\"]+)\"((?:(?!%\}).)*)%\}")
    needs = {
        name for name, text in parts.items() if "{% csrf_token %}" in text or "csrf_token=csrf_token" in text
    }
    while more := {
        name
        for name, text in parts.items()
        if name not in needs
        and any(part in needs and not how.rstrip().endswith("only") for part, how in include.findall(text))
    }:
        needs |= more
    assert [
        f"{name}: {part}"
        for name, text in parts.items()
        for part, how in include.findall(text)
        if part in needs and how.rstrip().endswith("only") and "csrf_token=csrf_token" not in how
    ] == []


def test_templates_name_static_files_that_exist() -> None:
    named = {
        (str(path), match[1])
        for path in templates()
        for match in re.finditer(r"\{% static [\"']([^\"']+)[\"']", without_comments(text_of(path)))
    }
    assert [f"{path}: {name}" for path, name in sorted(named) if finders.find(name) is None] == []


# --- what came from elsewhere ------------------------------------------------------------------------------


def requirements(name: str) -> dict[str, str]:
    """Package to version; every one carries a hash."""
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8").replace("\\\n", " ")
    pins = {}
    for line in text.splitlines():
        if line.strip() and not line.strip().startswith("#"):
            pin = re.match(r"([\w.-]+)(?:\[[\w,-]+\])?==(\S+)", line)
            assert pin, f"{name}: not a pinned package: {line[:60]}"
            assert "--hash=sha256:" in line, f"{name}: no hash: {line[:60]}"
            pins[pin[1]] = pin[2]
    return pins


@pytest.mark.parametrize("name", ["base.txt", "dev.txt"])
def test_requirements_name_no_index(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    assert re.findall(r"^.*(?:index-url|find-links|trusted-host|https?:).*$", text, flags=re.M) == []


def test_what_is_tested_is_what_runs() -> None:
    base, dev = requirements("base.txt"), requirements("dev.txt")
    assert {name: dev.get(name) for name in base} == base


def vendored() -> Iterator[tuple[Path, str, str, str]]:
    for folder in (ROOT / "tests" / "vendor", ROOT / "static" / "vendor"):
        listing = folder / "VENDORED.txt"
        for line in listing.read_text(encoding="utf-8").splitlines() if listing.exists() else []:
            if line.strip() and not line.startswith("#"):
                path, digest, package, licence = line.split(maxsplit=3)
                yield folder.parent / path, digest, package, licence


def test_vendored_files_are_unchanged() -> None:
    changed = [
        f"{path.relative_to(ROOT)} ({package})"
        for path, digest, package, _licence in vendored()
        if hashlib.sha256(path.read_bytes()).hexdigest() != digest
    ]
    assert changed == []


def test_every_vendored_file_is_listed() -> None:
    listed = {path for path, *_ in vendored()}
    present = {ROOT / p for p in house() if "vendor" in p.parts and p.name != "VENDORED.txt"}
    assert sorted(str(p.relative_to(ROOT)) for p in present ^ listed) == []


# --- what is written down ----------------------------------------------------------------------------------


def test_every_environment_variable_is_documented() -> None:
    read = re.findall(
        r"\benv\.\w+\(\s*\"([A-Z_]+)\"|\"([A-Z_]+)\" in env\.ENVIRON", text_of(Path("config/settings.py"))
    )
    documented = text_of(Path("docs/operations.md"))
    names = {first or second for first, second in read}
    assert len(names) > 10
    assert sorted(name for name in names if f"`{name}`" not in documented) == []
