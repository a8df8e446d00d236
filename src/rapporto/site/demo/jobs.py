"""Jobs in a customer's firm: what they are called, on which step of the organisation chart they stand, their part in a purchase."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Job:
    """A job. `step` 1 leads the firm, 2 a department, 3 works in it; `part` is the role in a purchase."""

    he: str
    she: str
    step: int
    department: str
    part: str
    titles: tuple[str, ...] = ()
    """Titles common there, for him and for her alternately."""


JOBS = (
    Job("Titolare", "Titolare", 1, "Direzione", "Decide"),
    Job("Amministratore delegato", "Amministratrice delegata", 1, "Direzione", "Decide", ("Dott.", "Dott.ssa")),
    Job("Direttore generale", "Direttrice generale", 1, "Direzione", "Decide", ("Ing.", "Ing.")),
    Job("Responsabile acquisti", "Responsabile acquisti", 2, "Acquisti", "Acquista", ("Rag.", "Rag.")),
    Job("Responsabile produzione", "Responsabile produzione", 2, "Produzione", "Usa", ("P.I.", "Ing.")),
    Job(
        "Responsabile amministrazione",
        "Responsabile amministrazione",
        2,
        "Amministrazione",
        "Paga",
        ("Rag.", "Dott.ssa"),
    ),
    Job(
        "Responsabile ufficio tecnico",
        "Responsabile ufficio tecnico",
        2,
        "Ufficio tecnico",
        "Consiglia",
        ("Ing.", "Ing."),
    ),
    Job("Responsabile manutenzione", "Responsabile manutenzione", 2, "Manutenzione", "Usa", ("P.I.", "Ing.")),
    Job("Responsabile qualità", "Responsabile qualità", 2, "Qualità", "Consiglia", ("Dott.", "Dott.ssa")),
    Job("Responsabile sicurezza", "Responsabile sicurezza", 2, "Sicurezza", "Consiglia", ("Geom.", "Ing.")),
    Job("Responsabile logistica", "Responsabile logistica", 2, "Logistica", "Usa"),
    Job("Addetto acquisti", "Addetta acquisti", 3, "Acquisti", "Acquista"),
    Job("Capoturno", "Capoturno", 3, "Produzione", "Usa"),
    Job("Capofficina", "Capofficina", 3, "Produzione", "Usa"),
    Job("Impiegato amministrativo", "Impiegata amministrativa", 3, "Amministrazione", "Paga"),
    Job("Disegnatore", "Disegnatrice", 3, "Ufficio tecnico", "Consiglia", ("Geom.", "Arch.")),
    Job("Progettista meccanico", "Progettista meccanica", 3, "Ufficio tecnico", "Consiglia", ("Ing.", "Ing.")),
    Job("Manutentore", "Manutentrice", 3, "Manutenzione", "Usa"),
    Job("Magazziniere", "Magazziniera", 3, "Logistica", "Usa"),
    Job("Tecnico di laboratorio", "Tecnica di laboratorio", 3, "Qualità", "Consiglia"),
    Job("Centralinista", "Centralinista", 3, "Amministrazione", ""),
)
LEADERS, HEADS, STAFF = (tuple(job for job in JOBS if job.step == step) for step in (1, 2, 3))
UNITS = (
    "Stabilimento",
    "Ufficio acquisti",
    "Divisione carpenteria",
    "Divisione ricambi",
    "Reparto montaggio",
    "Magazzino centrale",
)
