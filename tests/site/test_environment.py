"""What an installation says through its environment is understood, or refused with the name of the variable."""

from pathlib import Path

import pytest

from rapporto.site.databases import databases
from rapporto.site.environment import Environment, EnvironmentMistake, server
from rapporto.site.mail import mail_settings
from rapporto.site.places import Place


@pytest.mark.parametrize(
    ("word", "meant"), [("1", True), ("Yes", True), ("on", True), ("0", False), ("", False), ("no", False)]
)
def test_yes_and_no_are_understood(word: str, meant: bool) -> None:
    assert Environment({"RAPPORTO_DEBUG": word}).flag("DEBUG") is meant


def test_a_word_that_is_neither_yes_nor_no_is_refused_by_name() -> None:
    with pytest.raises(EnvironmentMistake, match="RAPPORTO_DEBUG must be yes or no, not 'perhaps'"):
        Environment({"RAPPORTO_DEBUG": "perhaps"}).flag("DEBUG")


def test_a_number_that_is_none_is_refused_by_name() -> None:
    with pytest.raises(EnvironmentMistake, match="RAPPORTO_PROXIES must be a whole number"):
        Environment({"RAPPORTO_PROXIES": "one"}).number("PROXIES", 0)


def test_networks_are_read_with_their_ports_and_a_name_is_none() -> None:
    said = {"RAPPORTO_OUTBOUND_ALLOW": "10.0.0.0/8, 127.0.0.1:8099,[::1]:8099 ,fd00::/8"}
    found = Environment(said).networks("OUTBOUND_ALLOW")
    assert [(str(network), port) for network, port in found] == [
        ("10.0.0.0/8", None), ("127.0.0.1/32", 8099), ("::1/128", 8099), ("fd00::/8", None),
    ]  # fmt: skip
    for wrong in ("10.0.0.0/8,gestionale.local", "[::1", "127.0.0.1:x"):
        with pytest.raises(EnvironmentMistake, match="RAPPORTO_OUTBOUND_ALLOW must list networks such as"):
            Environment({"RAPPORTO_OUTBOUND_ALLOW": wrong}).networks("OUTBOUND_ALLOW")


def test_a_list_is_written_with_commas() -> None:
    assert Environment({"RAPPORTO_HOSTS": " a.it, b.it ,,"}).words("HOSTS") == ["a.it", "b.it"]


def test_a_password_may_hold_any_sign() -> None:
    place = server("postgresql://anna:p%40ss%2Fword@db:5433/crm?sslmode=require")
    assert (place.user, place.password, place.host, place.port) == ("anna", "p@ss/word", "db", 5433)
    assert (place.name, place.options) == ("crm", {"sslmode": "require"})


def test_without_an_address_the_database_is_a_file_in_the_data_folder(tmp_path: Path) -> None:
    both = databases("", tmp_path)
    assert both["default"]["NAME"] == both["snapshot"]["NAME"] == str(tmp_path / "rapporto.sqlite3")
    assert both["default"]["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert both["snapshot"]["OPTIONS"]["transaction_mode"] == "DEFERRED"


def test_postgresql_takes_its_options_from_the_address(tmp_path: Path) -> None:
    both = databases("postgresql://anna@db/crm?sslmode=require", tmp_path)
    assert both["default"]["OPTIONS"]["sslmode"] == "require"
    assert both["snapshot"]["OPTIONS"]["sslmode"] == "require"


def test_another_kind_of_database_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentMistake, match="DATABASE_URL must begin with postgresql"):
        databases("mysql://db/crm", tmp_path)


def test_with_https_the_cookies_bear_the_prefix_that_ties_them_to_the_host() -> None:
    assert Place.of("https://crm.example.it").cookie("rapporto_session") == "__Host-rapporto_session"
    assert Place.of("http://127.0.0.1:8000").cookie("rapporto_session") == "rapporto_session"


def test_the_origin_of_forms_is_the_address_people_use() -> None:
    assert Place.of("https://crm.example.it:8443/x").origin == "https://crm.example.it:8443"


@pytest.mark.parametrize("address", ["crm.example.it", "ftp://crm.example.it", "https://"])
def test_an_address_that_is_no_web_address_is_refused(address: str) -> None:
    with pytest.raises(EnvironmentMistake, match="RAPPORTO_URL"):
        Place.of(address)


def test_without_a_mail_server_mails_are_printed_and_leave_the_machine_never() -> None:
    assert mail_settings("", "", "localhost")["EMAIL_BACKEND"].endswith("console.EmailBackend")


@pytest.mark.parametrize(
    ("address", "port", "starttls", "implicit"),
    [
        ("smtp://m", 587, True, False),
        ("smtp://m?tls=implicit", 465, False, True),
        ("smtp://m:2525?tls=none", 2525, False, False),
    ],
)
def test_the_mail_server_is_reached_as_its_address_says(
    address: str, port: int, starttls: bool, implicit: bool
) -> None:
    settings = mail_settings(address, "crm@example.it", "localhost")
    assert (settings["EMAIL_PORT"], settings["EMAIL_USE_TLS"], settings["EMAIL_USE_SSL"]) == (port, starttls, implicit)
    assert settings["DEFAULT_FROM_EMAIL"] == "crm@example.it"


def test_an_unknown_word_after_tls_is_refused() -> None:
    with pytest.raises(EnvironmentMistake, match="RAPPORTO_MAIL_URL"):
        mail_settings("smtp://m?tls=perhaps", "", "localhost")
