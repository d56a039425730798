from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class InvitedOnlyAdapter(DefaultAccountAdapter):
    """People come by invitation (grantees.Invitation); nobody opens an account alone."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
