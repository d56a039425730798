from accounts.models import User
from foundations.models import Foundation, FoundationQuerySet, Staff


def administered_by(user: User) -> FoundationQuerySet:
    """The foundations whose admin this person is today; all of them for the installation's superuser."""
    if user.is_superuser:
        return Foundation.objects.all()
    return Foundation.objects.with_staff(user, Staff.Role.ADMIN)


def may_administer(user: User) -> bool:
    """`is_staff` alone opens nothing: the admin's term must be running today."""
    return user.is_active and (user.is_superuser or (user.is_staff and administered_by(user).exists()))
