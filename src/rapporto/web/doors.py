"""The doors through which a change comes in, in words."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

HERE = "web"
"""These pages."""
DOORS: Mapping[str, "str | Promise"] = {
    HERE: _("These pages"),
    "import": _("Import"),
    "api": _("Another program"),
    "system": _("Rapporto"),
    "demo": _("Demo"),
}
"""In the order in which they are offered."""
