"""Who may open what leaves the building."""

from django.shortcuts import get_object_or_404

from accounts.models import User
from mentoring.models import SheetDocument


def document_to_read(user: User, pk: int) -> SheetDocument:
    """Published: everybody who sees the grant, the board too, also while the month is open again."""
    documents = SheetDocument.objects.visible_to(user).select_related("sheet__grant__organisation")
    return get_object_or_404(documents, pk=pk)
