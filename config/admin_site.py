"""Names our admin site; apart from config/admin.py, because settings load this before any model."""

from django.contrib.admin.apps import AdminConfig


class BansoAdminConfig(AdminConfig):
    default_site = "config.admin.BansoAdminSite"
