"""One file per subject. The people stand here, because only this room knows hats of both kinds."""

from grantees.admin import invitations, organisations, people

__all__ = ["invitations", "organisations", "people"]
