from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GranteesConfig(AppConfig):
    name = "grantees"
    verbose_name = _("団体")
