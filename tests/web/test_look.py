"""The look: icons that exist, fields that say what to do, colours said once, pages that carry no script or style inside."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django import forms
from django.template.loader import render_to_string

from rapporto.store.declare import DECLARED
from rapporto.web import icons
from rapporto.web.fields import FormField, from_bound_field
from rapporto.web.icons import UnknownIcon, icon_html, icon_names, initials, initials_html

WEB = Path(icons.__file__).parent
TEMPLATES = sorted(WEB.rglob("templates/**/*.html"))
STYLES = sorted(WEB.glob("static/css/*.css"))


def drawn_in(text: str) -> Iterator[str]:
    """The icons that a template names."""
    yield from re.findall(r'{% icon "([^"]+)"', text)


def test_every_icon_named_in_a_template_is_drawn() -> None:
    named = {name for file in TEMPLATES for name in drawn_in(file.read_text("utf-8"))}
    assert named
    assert named <= icon_names()


def test_a_misspelt_icon_lists_the_right_ones() -> None:
    with pytest.raises(UnknownIcon, match="phone"):
        icon_html("fone")


def test_an_icon_with_a_label_speaks_and_one_without_is_silent() -> None:
    assert 'aria-label="In ritardo"' in icon_html("warn", "In ritardo")
    assert 'aria-hidden="true"' in icon_html("warn")


def test_markup_in_a_name_is_harmless() -> None:
    assert "<script>" not in initials_html("<script>alert(1)</script> Rossi")


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Rag. Lucia Bonetti", "LB"),
        ("Ditta Casale", "DC"),
        ("Anna", "AN"),
        ("", "?"),
        ("  ", "?"),
        ("Élodie Ñañez", "ÉÑ"),
    ],
)
def test_initials_of_a_person(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_an_error_is_tied_to_its_field() -> None:
    field = FormField(
        "vat", "vat_number", "Partita IVA", value="123", error="Servono 11 cifre, qui sono 3.", hint="11 cifre"
    )
    page = render_to_string("_field.html", {"field": field})
    assert 'aria-invalid="true"' in page
    assert 'aria-describedby="vat-error vat-hint"' in page
    assert 'id="vat-error"' in page
    assert "Servono 11 cifre, qui sono 3." in page


def test_typed_text_is_shown_again_harmless() -> None:
    page = render_to_string("_field.html", {"field": {"id": "n", "name": "n", "label": "Nome", "value": '"><b>x'}})
    assert "<b>" not in page
    assert "&quot;&gt;&lt;b&gt;x" in page


def test_the_chosen_choice_is_marked_also_inside_a_group() -> None:
    choices = [("", "—"), ("Industria", [("25", "Meccanica"), ("10", "Alimentari")])]
    page = render_to_string(
        "_field.html", {"field": FormField("s", "s", "Settore", "select", value=25, choices=choices)}
    )
    assert '<option value="25" selected>Meccanica</option>' in page
    assert page.count("selected") == 1


def test_several_boxes_keep_their_ticks() -> None:
    field = FormField("t", "t", "Tipi", "checkboxes", value=["a", "c"], choices=[("a", "A"), ("b", "B"), ("c", "C")])
    assert render_to_string("_field.html", {"field": field}).count("checked") == 2


def test_a_password_is_never_sent_back() -> None:
    class Door(forms.Form):
        password = forms.CharField(widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))

    page = render_to_string("_field.html", {"field": from_bound_field(Door({"password": "segretissima"})["password"])})
    assert "segretissima" not in page
    assert 'autocomplete="current-password"' in page


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: str(file.relative_to(WEB)))
def test_a_page_carries_no_script_and_no_style_inside(file: Path) -> None:
    text = file.read_text("utf-8")
    if file.name == "person_export.html":  # a file that is taken away has its style within, and nothing else
        text = re.sub(r"<style>[^<]*</style>|\{% include [^%]*%\}", "", text)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|hx-on", text)
    assert all("src=" in tag or "application/json" in tag for tag in re.findall(r"<script[^>]*>", text))
    assert "http://" not in text
    assert "https://" not in text


@pytest.mark.parametrize("file", STYLES, ids=lambda file: file.name)
def test_a_style_is_short_and_takes_its_colours_from_the_tokens(file: Path) -> None:
    text = file.read_text("utf-8")
    assert text.count("\n") <= 300
    if file.name != "tokens.css":
        assert not re.findall(r"#[0-9a-fA-F]{3,8}\b", text), "a colour is said by meaning, in tokens.css"


def test_every_record_type_names_a_drawing_that_is_there() -> None:
    assert {one.record.icon for one in DECLARED.values()} <= icon_names()
