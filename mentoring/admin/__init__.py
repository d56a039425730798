"""One file per subject. Remarks (つぶやき) have no page here: what is internal stays in the product's own pages."""

from mentoring.admin import attachments, outputs, plan, sheets, support

__all__ = ["attachments", "outputs", "plan", "sheets", "support"]
