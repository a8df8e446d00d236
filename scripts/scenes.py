"""What the pictures of the README and of the guide show: who looks, at which address, at which size, and what they press first.

Nothing here is found by its words, so that every scene is taken in both languages.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page

WIDE, BROAD, TALL = (1280, 720), (1440, 800), (1280, 1000)
HIGH = (880, 1000)
SHORT, LOW, PHONE = (1280, 540), (1280, 400), (390, 844)
Act = Callable[[Page], None]
COLUMNS = "name,phase,city,phone,owner,turnover"
NORTH = "region.is_in=Veneto&region.is_in=Lombardia&phase.is_in=customer,at_risk,opportunity,hot_lead"
SUMS = "columns=name,phase,turnover,employees,owner,next_activity&sort=-turnover&group=region,industry"
MANY = f"/party/?view=0&columns={COLUMNS}&kind.eq=organisation&sort=name"
PAST = datetime.now(tz=UTC).date() - timedelta(days=178)
PREFERENCES = "/p/"
"""The preference page of somebody of the demo company; its address is signed, and known when the product runs."""
LIST = """Ragione sociale;Partita IVA;Indirizzo;CAP;Città;Prov.;Telefono;Referente;Mansione;Stand
Torneria Ferrarese S.n.c.;03617880236;Via Matteotti 12;37045;Legnago;VR;0442 555120;Giulio Ferrarese;Titolare;B 14
Torneria Ferrarese S.n.c.;03617880236;Via Matteotti 12;37045;Legnago;VR;0442 555120;Marta Ferrarese;Amministrazione;B 14
MECCANICA CASALE SRL;02847190234;Via dell'Industria 14;37069;Villafranca di Verona;VR;045 7901234;Lucia Bonetti;Responsabile acquisti;A 3
Pavan Impianti S.r.l.;0412233;Via Venezia 80;35131;Padova;PD;049 555;Andrea Pavan;Responsabile tecnico;C 21
Nardi Carpenterie S.a.s.;;Viale Trieste 6;3610;Vicenza;VI;0444 555231;Silvia Nardi;;D 2
Bini Trasporti;;Via Roma; 3;37121;Verona;VR;045 8001122;;;;E 5
"""


@dataclass(frozen=True)
class Scene:
    """One picture: its file's name, the address, who looks, what is pressed before, the window, in which light, how long to wait (ms)."""

    name: str
    path: str
    act: Act | None = None
    who: str = "anna"
    size: tuple[int, int] = WIDE
    dark: bool = False
    wait: int = 900


def press(*found_by: str) -> Act:
    """Press what these selectors find, one after the other."""

    def act(page: Page) -> None:
        for one in found_by:
            page.locator(f"{one} >> visible=true").first.click()
            page.wait_for_timeout(600)

    return act


def command(name: str) -> str:
    """Where a command is pressed."""
    return f"main [data-command={name}]"


def write(**typed: str) -> Act:
    """Write into fields, each left with Tab, as somebody does who copies a card."""

    def act(page: Page) -> None:
        for name, words in typed.items():
            page.locator(f"main [name={name}]").first.fill(words)
            page.keyboard.press("Tab")
            page.wait_for_timeout(700)

    return act


def ask(words: str) -> Act:
    """Ask the palette."""

    def act(page: Page) -> None:
        page.keyboard.press("Control+k")
        page.wait_for_timeout(600)
        page.keyboard.type(words, delay=20)
        page.wait_for_timeout(900)

    return act


def call(page: Page) -> None:
    """The note of a call, from somebody whose name is nearly right, with a day as one says it."""
    day = {"it": "gio 9.30", "en": "thu 9.30"}[page.locator("html").get_attribute("lang") or "it"]
    write(who="Lucia Boneti", asked="Chiede quando parte il secondo lotto", next="Mandare le date", due=day)(page)


def scroll(page: Page) -> None:
    """Down to the values that have changed since."""
    page.locator("main .scroll").first.evaluate("one => one.scrollTo(0, 300)")


def wrong_cell(page: Page) -> None:
    """One cell saved, another with a value that cannot be kept."""
    press("[data-sheet-mode]")(page)
    for row, column, words in ((2, 3, "Lonigo"), (5, 6, "molto")):
        page.locator(f"tbody tr[data-id]:nth-of-type({row}) > :nth-child({column + 1})").click()
        page.keyboard.type(words)
        page.keyboard.press("Enter")
        page.wait_for_timeout(900)


def tick_rows(page: Page) -> None:
    """Seven rows ticked, and the panel to assign them opened."""
    for row in range(1, 8):
        page.locator("tbody tr[data-id] input[type=checkbox]").nth(row).check()
    page.wait_for_timeout(600)
    press("[data-bulk-set=owner]")(page)


def hold_alt(page: Page) -> None:
    """Alt held down until the letters stand on the buttons."""
    page.keyboard.down("Alt")
    page.wait_for_timeout(1500)


def under_way(page: Page) -> None:
    """A long work whose bar advances."""
    page.locator("#job progress[value]:not([value='0'])").wait_for()


def new_company(page: Page) -> None:
    """A company that is here already, its name in capitals, and a postal code of several towns."""
    write(name="MECCANICA CASALE SRL", phone="045/7901234", email="acquisti@gmial.com")(page)
    page.locator("main [name=postal_code]").fill("37060")
    page.wait_for_timeout(1_000)
    page.locator("main .scroll").first.evaluate("one => one.scrollTo(0, 0)")


def look_into(page: Page) -> None:
    """A list of a fair chosen, whose columns are known from the last time."""
    file = {"name": "Espositori Vicenza.csv", "mimeType": "text/csv", "buffer": LIST.encode()}
    page.locator("main input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    page.locator("main [name=source]").fill("Elenchi delle fiere")
    page.locator("main button.primary").click()
    page.wait_for_url("**/import/*/")
    page.wait_for_timeout(900)


def try_out(page: Page) -> None:
    """The same, and what would come in."""
    look_into(page)
    page.locator("main button[name=try]").click()
    page.wait_for_url("**/tried/", timeout=20_000)
    page.wait_for_timeout(600)


def take_in(page: Page) -> None:
    """The same, and what came in."""
    try_out(page)
    page.locator("main form[action$='/go/'] button").click()
    page.wait_for_url("**/done/", timeout=20_000)
    page.wait_for_timeout(600)


open_first = press("#rows [data-panel]")

SCENES: tuple[Scene, ...] = (
    Scene("grid", f"/party/?view=0&{NORTH}&columns={COLUMNS}&sort=-turnover", who="bruno"),
    Scene("filter", MANY, press(command("add_filter"), "[name=filter][value=phase]")),
    Scene("columns", MANY, press(command("columns"))),
    Scene("views", MANY, press(command("save_view"))),
    Scene("groups", f"/party/?view=0&{NORTH}&{SUMS}", who="bruno", wait=1_500),
    Scene("groups-dark", f"/party/?view=0&{NORTH}&{SUMS}", press("[data-open-all]"), who="bruno", dark=True),
    Scene("sheet", MANY, wrong_cell),
    Scene("many-rows", MANY, tick_rows, who="bruno"),
    Scene("export", MANY, press(command("export"))),
    Scene("card", "/party/1/"),
    Scene("card-dark", "/party/1/", dark=True),
    Scene("panel", "/party/?view=0&q=meccanica+casale", open_first),
    Scene("note", "/party/1/", call),
    Scene("profile", "/party/1/profile/", size=LOW),
    Scene("org-chart", "/party/1/org-chart/", size=BROAD),
    Scene("org-post", "/party/1/org-chart/", press(".post a:has-text('Zanella')")),
    Scene("changes", "/changes/", who="bruno"),
    Scene("undo", "/party/1/", press("#story a[href*='/undo/']"), who="bruno"),
    Scene("past", f"/party/1/?as_of={PAST}", scroll, size=(1280, 660)),
    Scene("hints", "/party/new/?kind=organisation", new_company, size=TALL),
    Scene("import", "/import/", look_into, size=TALL),
    Scene("import-trial", "/import/", try_out, size=TALL),
    Scene("import-done", "/import/", take_in, size=SHORT),
    Scene("duplicates", "/duplicates/", who="bruno", size=TALL),
    Scene("duplicates-sure", "/duplicates/sure/", who="bruno", size=SHORT),
    Scene("quality", "/duplicates/quality/", who="bruno", size=BROAD),
    Scene("merge", "/party/merge/?id=16&id=8088", who="bruno", size=TALL),
    Scene("part-again", "/merged/1/part/", who="bruno", size=LOW),
    Scene("consents", "/party/4/consents/", size=TALL),
    Scene("preferences", PREFERENCES, size=HIGH),
    Scene("consent-settings", "/settings/consents/", who="elena", size=TALL),
    Scene("personal-data", "/party/2/personal-data/", who="elena", size=SHORT),
    Scene("erase", "/party/2/personal-data/erase/", who="elena", size=TALL),
    Scene("access", "/settings/access/", who="elena", size=SHORT),
    Scene("programs", "/settings/programs/", who="elena", size=SHORT),
    Scene("palette", "/party/?view=0", ask("0457901251")),
    Scene("palette-dark", "/party/1/", ask(""), dark=True),
    Scene("letters", "/party/?view=0", hold_alt),
    Scene("phone", "/party/1/", size=PHONE),
    Scene("phone-list", "/party/?view=0", size=PHONE),
    Scene("settings", "/settings/", who="elena", size=TALL),
    Scene("new-field", "/settings/fields/party/new/", who="elena", size=SHORT),
    Scene("field", "/settings/field/5/", who="elena", size=TALL),
    Scene("roles", "/settings/roles/", who="elena"),
    Scene("account", "/settings/account/", who="elena"),
    # the last of all: when it has ended, every page of whoever asked for it says so
    Scene("job", "/activity/?view=0&export=xlsx", under_way, who="bruno", size=LOW, wait=0),
)
FIRST = Scene("first", "/welcome/", size=LOW)
