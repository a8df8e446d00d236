"""The permissions that most declarations share: registers everybody reads, what only administrators change."""

from collections.abc import Mapping

from rapporto.domain.people.models import BACK_OFFICE
from rapporto.kernel.actor import ADMINISTRATOR, AGENT, MANAGER, SYSTEM
from rapporto.kernel.where import EVERYTHING, Where

STAFF = (AGENT, MANAGER, BACK_OFFICE, ADMINISTRATOR, SYSTEM)


def roles(where: Where, *names: str) -> Mapping[str, Where]:
    """The same condition for several roles."""
    return dict.fromkeys(names, where)


READ_BY_ALL = roles(EVERYTHING, *STAFF)
CHANGED_BY_ADMINISTRATORS = roles(EVERYTHING, ADMINISTRATOR, SYSTEM)
CHANGED_BY_MANAGERS = roles(EVERYTHING, MANAGER, ADMINISTRATOR, SYSTEM)
CHANGED_BY_ALL = READ_BY_ALL
