"""Static files under names that carry their hash, for good caching; the ES modules they import too."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """A module that imports another by its bare name would meet an older one in somebody's cache."""

    support_js_module_import_aggregation = True
