"""Which cells of a sheet are joined. A sheet that is read as a stream does not tell."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Area:
    """A range of joined cells; its edges are part of it."""

    name: str  # H12:I12
    left: int
    top: int
    right: int
    bottom: int


def merged_areas(book: Any, page: Any, most: int) -> list[Area]:
    """Of a page of a workbook opened with read_only; what comes after `most` is not looked at."""
    from defusedxml.ElementTree import iterparse
    from openpyxl.utils import range_boundaries

    found: dict[str, Area] = {}
    with book._archive.open(page._worksheet_path) as part:
        for _event, element in iterparse(part):
            if element.tag.endswith("}mergeCell") and len(found) < most:
                name = element.get("ref", "")
                found[name] = Area(name, *(edge or 0 for edge in range_boundaries(name)))
            element.clear()
    return list(found.values())
