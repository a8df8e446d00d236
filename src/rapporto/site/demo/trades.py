"""The sectors in which the demo company has its customers: ATECO code, how such firms are called, how large they are, what they run."""

from dataclasses import dataclass

from rapporto.site.demo.tables import rows


@dataclass(frozen=True)
class Trade:
    """One sector. `heads` begin the name of a firm; `invented` are names without a family; `machines` stand in its halls."""

    name: str
    code: str
    weight: int
    employees: int
    """The median number of people who work in such a firm."""
    turnover: int
    """Yearly turnover for each of them, in thousands of euro."""
    heads: tuple[str, ...]
    invented: tuple[str, ...]
    machines: tuple[str, ...]
    form: str = ""
    """The legal form most of them have, where it is not the usual one."""


def _read() -> tuple[Trade, ...]:
    return tuple(
        Trade(
            name=row["name"],
            code=row["code"],
            weight=int(row["weight"]),
            employees=int(row["employees"]),
            turnover=int(row["turnover"]),
            heads=tuple(row["heads"].split(";")),
            invented=tuple(row["invented"].split(";")),
            machines=tuple(row["machines"].split(";")),
            form=row["form"],
        )
        for row in rows("trades.csv")
    )


TRADES = _read()

STREETS = (
    "Via dell’Industria", "Via dell’Artigianato", "Via del Lavoro", "Via Roma", "Via Verdi", "Via Garibaldi", "Via Mazzini",
    "Via Cavour", "Via Marconi", "Via Galvani", "Via Volta", "Via Enrico Fermi", "Via Galileo Galilei", "Via Leonardo da Vinci",
    "Via Torricelli", "Via Pacinotti", "Via Meucci", "Via Olivetti", "Via dell’Agricoltura", "Via del Commercio", "Via della Tecnica",
    "Via della Meccanica", "Via delle Industrie", "Via Primo Maggio", "Via XXV Aprile", "Via IV Novembre", "Via Venezia",
    "Via Verona", "Via Padova", "Via Trento", "Via Trieste", "Via Vicenza", "Via Brennero", "Via San Marco", "Via San Rocco",
    "Via Sant’Antonio", "Via San Giovanni", "Via Dante Alighieri", "Via Petrarca", "Via Manzoni", "Via Carducci", "Via Pascoli",
    "Via Kennedy", "Via Matteotti", "Via De Gasperi", "Viale Europa", "Viale del Lavoro", "Viale dell’Industria", "Viale Stazione",
    "Viale della Repubblica", "Corso Italia", "Corso Milano", "Piazza della Vittoria", "Piazza San Marco", "Strada Provinciale",
    "Strada Statale", "Località Crocioni", "Località Fornaci", "Località Ca’ Nova", "Località Casette", "Via Monte Baldo",
    "Via Adige", "Via Brenta", "Via Po", "Via Mincio", "Via Chiesa", "Via Mulini", "Via Fornace", "Via Ponte Nuovo", "Via Borgo",
    "Via del Molino", "Via delle Cave", "Via Cà Bianca", "Via Lungadige", "Via Campagnola", "Via Prati", "Via Salette",
    "Vicolo Corto", "Via Nazionale", "Via Circonvallazione",
)  # fmt: skip
