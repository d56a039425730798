"""One file per subject. Remarks (つぶやき) have no page here: what is internal stays in the product's own pages."""

from mentoring.admin import attachments, comments, outputs, plan, sheets, support

__all__ = ["attachments", "comments", "outputs", "plan", "sheets", "support"]
