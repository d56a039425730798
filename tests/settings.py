"""The project's settings as the suite uses them.

The suite must not depend on the machine it runs on, so every variable but DATABASE_URL is set or taken out
here, before config.settings reads them. Files and mails go to a folder that is removed at the end.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

SCRATCH = Path(tempfile.mkdtemp(prefix="banso-tests-"))
atexit.register(shutil.rmtree, SCRATCH, ignore_errors=True)
(SCRATCH / "static").mkdir()

for name in ("BANSO_ENV_FILE", "CACHE_URL", "DEMO_TODAY", "EMAIL_URL", "SITE_URL", "TRUSTED_PROXY_COUNT"):
    os.environ.pop(name, None)
os.environ.update(
    DEBUG="1",
    SECRET_KEY="only-for-tests-" * 4,
    ALLOWED_HOSTS="testserver,localhost,127.0.0.1",
    HTTPS="0",
    PRIVATE_ROOT=str(SCRATCH / "private"),
    MAIL_FOLDER=str(SCRATCH / "mail"),
    STATIC_ROOT=str(SCRATCH / "static"),
)

from config.settings import *  # noqa: E402, F403
from config.settings import DATABASES, INSTALLED_APPS, MIDDLEWARE  # noqa: E402

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher"
]  # Argon2 makes the suite six times slower

# Finders would be walked again for every test client; the live server serves static files by itself.
WHITENOISE_USE_FINDERS = False

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, not memory: the live server's threads then have connections of their own, as in real life.
    DATABASES["default"]["TEST"] = {"NAME": str(SCRATCH / "test.sqlite3")}

# An N+1 query is an error in every test, not a number to be read off later.
INSTALLED_APPS = [*INSTALLED_APPS, "zeal"]
MIDDLEWARE = ["zeal.middleware.zeal_middleware", *MIDDLEWARE]
ZEAL_ALLOWLIST = [
    {"model": "accounts.User", "field": "get()"},  # who asks, and in the admin the person asked about
    {"model": "grants.GrantReader", "field": "staff"},  # Django's question before a deletion names each row
    {"model": "sessions.Session", "field": "get()"},  # signing out starts a new session
    {"model": "mentoring.ProgressSheet", "field": "get()"},  # every act locks the row anew: save, then submit
]
ZEAL_RAISE = True
