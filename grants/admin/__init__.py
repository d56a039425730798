"""One file per subject. The logic model stands in mentoring/admin/plan.py: what was submitted guards it."""

from grants.admin import funds, grants, programs, units

__all__ = ["funds", "grants", "programs", "units"]
