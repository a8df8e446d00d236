"""Every operation of the document is asked with made-up requests, good and bad, and answers what the document says."""

from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

from rapporto.site.wsgi import application
from rapporto.store.asking import forget_estimates
from tests.api.programs import Program
from tests.cast import casale, enters

RULES = ["2xx", "400", "401", "403", "404", "409", "412", "422"]
"""What a request of the right shape may be answered: whether a VAT number is one, or a version the newest, no schema says."""


@pytest.fixture
def described(db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    settings.API_PER_MINUTE = 10_000_000
    for signal in (request_started, request_finished):
        # the connection of a test outlives its requests
        monkeypatch.setattr(signal, "receivers", [])
    forget_estimates()
    bruno = enters("Bruno")
    casale(bruno)
    shown = {"Authorization": f"Bearer {Program(bruno).made.text}", "Accept-Language": "en"}
    checks = schemathesis.config.ChecksConfig.from_dict({"positive_data_acceptance": {"expected-statuses": RULES}})
    config = schemathesis.config.SchemathesisConfig(
        projects=schemathesis.config.ProjectsConfig(default=schemathesis.config.ProjectConfig(checks=checks))
    )
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application, headers=shown, config=config)
    return described, shown


TYPES = ("territory", "party", "activity", "affiliation", "user", "user_field", "changes", "openapi.json")
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


@pytest.mark.parametrize("name", TYPES)
def test_every_answer_is_as_described(described: Any, name: str) -> None:
    described, shown = described
    operations = [one.ok() for one in described.include(path_regex=f"^/{name}(/|$)").get_all_operations()]
    assert operations
    for operation in operations:
        for mode in MODES:
            asked_with(operation, mode, shown)


def asked_with(operation: Any, mode: GenerationMode, shown: dict[str, str]) -> None:
    """Ask one operation with requests that keep its description, or break it somewhere."""

    @given(operation.as_strategy(generation_mode=mode))
    @settings(max_examples=15, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    def ask(case: Any) -> None:
        with transaction.atomic():
            try:
                case.call_and_validate(headers=shown)
            finally:
                transaction.set_rollback(True)

    try:
        ask()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE, operation.label  # nothing of it can be broken
