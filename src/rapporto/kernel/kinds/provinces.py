"""The letters and names of the Italian provinces, those no longer in use included."""

from collections.abc import Mapping

PROVINCES: Mapping[str, str] = {
    "AG": "Agrigento", "AL": "Alessandria", "AN": "Ancona", "AO": "Valle d'Aosta",
    "AP": "Ascoli Piceno", "AQ": "L'Aquila", "AR": "Arezzo", "AT": "Asti", "AV": "Avellino", "BA": "Bari",
    "BG": "Bergamo", "BI": "Biella", "BL": "Belluno", "BN": "Benevento", "BO": "Bologna", "BR": "Brindisi",
    "BS": "Brescia", "BT": "Barletta-Andria-Trani", "BZ": "Bolzano", "CA": "Cagliari", "CB": "Campobasso",
    "CE": "Caserta", "CH": "Chieti", "CI": "Carbonia-Iglesias", "CL": "Caltanissetta", "CN": "Cuneo", "CO": "Como",
    "CR": "Cremona", "CS": "Cosenza", "CT": "Catania", "CZ": "Catanzaro", "EE": "Estero", "EN": "Enna",
    "FC": "Forlì-Cesena", "FE": "Ferrara", "FG": "Foggia", "FI": "Firenze", "FM": "Fermo", "FR": "Frosinone",
    "GE": "Genova", "GO": "Gorizia", "GR": "Grosseto", "IM": "Imperia", "IS": "Isernia", "KR": "Crotone",
    "LC": "Lecco", "LE": "Lecce", "LI": "Livorno", "LO": "Lodi", "LT": "Latina", "LU": "Lucca",
    "MB": "Monza e della Brianza", "MC": "Macerata", "ME": "Messina", "MI": "Milano", "MN": "Mantova", "MO": "Modena",
    "MS": "Massa-Carrara", "MT": "Matera", "NA": "Napoli", "NO": "Novara", "NU": "Nuoro", "OG": "Ogliastra",
    "OR": "Oristano", "OT": "Olbia-Tempio", "PA": "Palermo", "PC": "Piacenza", "PD": "Padova", "PE": "Pescara",
    "PG": "Perugia", "PI": "Pisa", "PN": "Pordenone", "PO": "Prato", "PR": "Parma", "PT": "Pistoia",
    "PU": "Pesaro e Urbino", "PV": "Pavia", "PZ": "Potenza", "RA": "Ravenna", "RC": "Reggio Calabria",
    "RE": "Reggio nell'Emilia", "RG": "Ragusa", "RI": "Rieti", "RM": "Roma", "RN": "Rimini", "RO": "Rovigo",
    "SA": "Salerno", "SI": "Siena", "SO": "Sondrio", "SP": "La Spezia", "SR": "Siracusa", "SS": "Sassari",
    "SU": "Sud Sardegna", "SV": "Savona", "TA": "Taranto", "TE": "Teramo", "TN": "Trento", "TO": "Torino",
    "TP": "Trapani", "TR": "Terni", "TS": "Trieste", "TV": "Treviso", "UD": "Udine", "VA": "Varese",
    "VB": "Verbano-Cusio-Ossola", "VC": "Vercelli", "VE": "Venezia", "VI": "Vicenza", "VR": "Verona",
    "VS": "Medio Campidano", "VT": "Viterbo", "VV": "Vibo Valentia",
}  # fmt: skip
"""Letters and names: today's, those of former provinces (OG, VS, CI, OT until 2016; SU until 2025), EE for abroad."""

FORMER_NAMES: Mapping[str, str] = {
    # letters changed in 1999, and Rome, which has the whole name on its plates
    "FO": "FC", "Forlì": "FC", "PS": "PU", "Pesaro": "PU", "Roma Capitale": "RM", "Massa": "MS", "Carrara": "MS",
    "Reggio Emilia": "RE", "Reggio di Calabria": "RC", "Aosta": "AO", "Monza": "MB", "Monza Brianza": "MB",
    "Monza e Brianza": "MB", "Cesena": "FC", "Urbino": "PU", "Verbania": "VB", "Verbano Cusio Ossola": "VB",
    "Barletta": "BT", "Andria": "BT", "Trani": "BT", "Forlì Cesena": "FC", "Massa Carrara": "MS",
    "Barletta Andria Trani": "BT", "Pesaro-Urbino": "PU", "Südtirol": "BZ", "Alto Adige": "BZ", "Spezia": "SP",
    "Bozen": "BZ", "Vallée d'Aoste": "AO", "Bolzano/Bozen": "BZ", "Trient": "TN",
    # the provinces Sardinia has had again since 2025, without letters so far
    "Gallura Nord-Est Sardegna": "OT", "Gallura": "OT", "Sulcis Iglesiente": "CI", "Carbonia": "CI", "Olbia": "OT",
}  # fmt: skip
"""Other names and letters under which a province is found."""
