"""The sectors in which the demo company has its customers: ATECO code, how such firms are called, how large they are, what they run."""

from dataclasses import dataclass


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


_TOOLS = ("Torni a controllo numerico", "Centri di lavoro a 5 assi", "Fresatrici", "Rettificatrici", "Alesatrici")
_SHEET = ("Presse piegatrici", "Taglio laser", "Calandre", "Saldatrici robotizzate", "Cesoie a ghigliottina")
_MIXERS = ("Impastatrici", "Riempitrici", "Confezionatrici", "Nastri trasportatori", "Pastorizzatori")
_WOOD = ("Sezionatrici", "Bordatrici", "Pantografi", "Presse a caldo", "Piallatrici")
_STONE = ("Telai a lame", "Frese a ponte", "Lucidatrici", "Tagliablocchi", "Ventose di sollevamento")
_LIFT = ("Autogrù", "Carrelli elevatori", "Piattaforme aeree", "Transpallet", "Scaffali automatici")
_MOULD = ("Presse a iniezione", "Estrusori", "Termoformatrici", "Granulatori", "Robot di scarico")
_SITE = ("Gru a torre", "Escavatori", "Betoniere", "Montacarichi", "Pale gommate")

TRADES = (
    Trade("Lavori di meccanica generale", "25.62.00", 90, 16, 135, ("Torneria", "Officina Meccanica", "Meccanica", "Tornerie", "Fresatura", "Lavorazioni Meccaniche", "Meccanica di Precisione"), ("Tecnomec", "Mecveneta", "Nuova Meccanica", "Precisa"), _TOOLS),
    Trade("Costruzione di strutture metalliche", "25.11.00", 48, 22, 160, ("Carpenterie", "Carpenteria Metallica", "Strutture Metalliche", "Costruzioni Metalliche"), ("Ferrostrutture", "Metalstrutture", "Acciaio e Strutture"), _SHEET),
    Trade("Serramenti in metallo", "25.12.10", 26, 12, 125, ("Serramenti", "Infissi", "Officina Fabbrile", "Serramentistica"), ("Alluminio Nord", "Finestra Viva"), _SHEET),
    Trade("Trattamento e rivestimento dei metalli", "25.61.00", 24, 20, 130, ("Galvanica", "Zincatura", "Verniciatura Industriale", "Trattamenti Termici"), ("Cromolux", "Zincoveneta", "Anodica"), ("Vasche di cromatura", "Forni di tempra", "Cabine di verniciatura", "Linee a telaio")),
    Trade("Stampaggio e imbutitura di lamiera", "25.50.00", 22, 32, 165, ("Stampaggio Lamiere", "Stamperia", "Presse"), ("Lamierstampi", "Stampmetal", "Tranciatura Veneta"), _SHEET),
    Trade("Fonderie di ghisa e acciaio", "24.51.00", 12, 58, 190, ("Fonderie", "Fonderia"), ("Ghisa Adige", "Fondal", "Acciaierie della Valle"), ("Forni a induzione", "Linee di formatura", "Sabbiatrici", "Carriponte da fonderia")),
    Trade("Macchine per sollevamento e movimentazione", "28.22.09", 18, 34, 215, ("Sollevamenti", "Impianti di Sollevamento", "Carriponte"), ("Elevatek", "Movimec", "Gru Nordest"), _LIFT),
    Trade("Macchine per l’industria alimentare", "28.93.00", 26, 38, 225, ("Impianti Alimentari", "Costruzioni Enologiche", "Macchine Alimentari"), ("Enoveneta Impianti", "Alimac", "Inox Alimenti", "Tecnovino"), _TOOLS),
    Trade("Macchine per l’imballaggio", "28.29.30", 22, 42, 235, ("Imballaggi Automatici", "Confezionatrici", "Macchine Automatiche"), ("Fardomatic", "Nastropack", "Incartoveneta"), _TOOLS),
    Trade("Macchine utensili", "28.41.00", 12, 40, 225, ("Macchine Utensili", "Costruzione Macchine"), ("Utensilmec", "Rettifiche Nord"), _TOOLS),
    Trade("Macchine agricole", "28.30.90", 20, 26, 200, ("Macchine Agricole", "Officina Agricola", "Costruzioni Agricole"), ("Agrimec", "Terra e Solco", "Agriveneta Macchine"), _SHEET),
    Trade("Ingranaggi e organi di trasmissione", "28.15.10", 14, 36, 190, ("Ingranaggi", "Riduttori", "Trasmissioni"), ("Dentatura Veneta", "Pignoni Nord", "Cremaglia"), _TOOLS),
    Trade("Pompe e compressori", "28.13.00", 10, 44, 240, ("Pompe", "Compressori", "Costruzione Pompe"), ("Idropompe", "Aria Compressa Veneta"), _TOOLS),
    Trade("Rubinetteria e valvole", "28.14.00", 10, 46, 215, ("Rubinetterie", "Valvole", "Torneria Rubinetti"), ("Valvonord", "Fluimec"), _TOOLS),
    Trade("Motori e quadri elettrici", "27.11.00", 14, 24, 185, ("Elettromeccanica", "Avvolgimenti Motori", "Quadri Elettrici"), ("Elettroquadri", "Motorveneta", "Automazioni Adige"), ("Avvolgitrici", "Banchi prova", "Impregnatrici")),
    Trade("Utensileria e stampi", "25.73.20", 18, 15, 145, ("Stampi", "Costruzione Stampi", "Utensileria"), ("Stampitek", "Elettroerosione Veneta"), _TOOLS),
    Trade("Articoli in materie plastiche", "22.29.09", 26, 30, 200, ("Materie Plastiche", "Stampaggio Plastica", "Plastica"), ("Polimeri Veneti", "Plastiform", "Soffiaggio Nord"), _MOULD),
    Trade("Articoli in gomma", "22.19.09", 9, 28, 175, ("Gomma", "Guarnizioni", "Gommatura"), ("Elastomeri Nord", "Guarniflex"), _MOULD),
    Trade("Vetro e lavorazione del vetro", "23.12.00", 8, 22, 150, ("Vetreria", "Vetrerie", "Cristalli"), ("Vetro Laguna", "Temprati Veneti"), ("Forni di tempra", "Tavoli di taglio", "Molatrici")),
    Trade("Marmo e pietra", "23.70.10", 34, 14, 140, ("Marmi", "Graniti", "Marmi e Graniti", "Marmista"), ("Marmi della Valpolicella", "Rosso Verona Marmi", "Pietra di Prun", "Lastre Lessinia"), _STONE),
    Trade("Ceramica e piastrelle", "23.31.00", 9, 62, 240, ("Ceramiche", "Ceramica"), ("Grès del Secchia", "Piastrelle Emiliane"), ("Presse idrauliche", "Forni a rulli", "Smaltatrici")),
    Trade("Calcestruzzo e prefabbricati", "23.61.00", 12, 30, 210, ("Prefabbricati", "Calcestruzzi", "Manufatti in Cemento"), ("Betonveneta", "Cemento Armato Adige"), _SITE),
    Trade("Mobili e arredamento", "31.09.10", 30, 16, 130, ("Mobilificio", "Arredamenti", "Falegnameria", "Mobili"), ("Arte Mobile Cerea", "Legno d’Autore", "Salotti della Bassa"), _WOOD),
    Trade("Segherie e imballaggi in legno", "16.24.00", 16, 13, 170, ("Segheria", "Imballaggi in Legno", "Legnami", "Bancali"), ("Bancali Nord", "Legno Alpino"), _WOOD),
    Trade("Carta e cartone ondulato", "17.21.00", 10, 45, 260, ("Scatolificio", "Cartotecnica", "Cartiera"), ("Ondulati Veneti", "Cartapiù"), ("Ondulatrici", "Fustellatrici", "Piegaincolla")),
    Trade("Stampa e arti grafiche", "18.12.00", 14, 12, 125, ("Tipografia", "Grafiche", "Litografia"), ("Stampa Scaligera", "Inchiostro Vivo"), ("Offset a quattro colori", "Taglierine", "Brossuratrici")),
    Trade("Formaggi e latticini", "10.51.20", 18, 24, 380, ("Caseificio", "Latteria", "Latteria Sociale"), ("Caseificio Alto Astico", "Malga Lessinia", "Latte della Valle", "Monte Baldo Formaggi"), _MIXERS, "Soc. Coop."),
    Trade("Vini", "11.02.10", 30, 14, 320, ("Cantina", "Cantine", "Azienda Vinicola", "Tenuta"), ("Cantina dei Colli", "Colli Morenici Vini", "Vigneti della Valpantena", "Terre di Soave"), ("Imbottigliatrici", "Presse pneumatiche", "Autoclavi", "Etichettatrici"), "Soc. Agr."),
    Trade("Carni e salumi", "10.13.00", 16, 26, 340, ("Salumificio", "Macello", "Lavorazione Carni"), ("Sopressa Vicentina", "Salumi del Baldo", "Carni Scelte Adige"), _MIXERS),
    Trade("Pane e prodotti da forno", "10.71.10", 18, 16, 120, ("Panificio", "Biscottificio", "Forno", "Pasticceria Industriale"), ("Pandoro Antico", "Dolce Lessinia", "Forno del Borgo"), _MIXERS),
    Trade("Conserve di frutta e ortaggi", "10.39.00", 9, 34, 300, ("Ortofrutta", "Conserve", "Lavorazione Ortaggi"), ("Orto della Bassa", "Frutta Alpina"), _MIXERS, "Soc. Coop."),
    Trade("Mangimi", "10.91.00", 7, 28, 620, ("Mangimificio", "Molino", "Mulini"), ("Mangimi Veneti", "Granaglie Nord"), ("Mulini a martelli", "Elevatori a tazze", "Coclee")),
    Trade("Tessile e filatura", "13.10.00", 12, 26, 150, ("Filatura", "Tessitura", "Maglificio", "Lanificio"), ("Filati Alto Vicentino", "Lane d’Agno"), ("Telai", "Filatoi", "Orditoi")),
    Trade("Abbigliamento", "14.13.10", 12, 18, 105, ("Confezioni", "Camiceria", "Sartoria Industriale"), ("Moda Brenta", "Cucito Veneto"), ("Macchine da cucire", "Tavoli di taglio", "Stiratrici")),
    Trade("Calzature e pelli", "15.20.10", 16, 24, 140, ("Calzaturificio", "Conceria", "Pelletteria"), ("Suole Riviera", "Pelli del Chiampo", "Scarpa Veneta"), ("Bottali", "Presse a ponte", "Macchine da cucire")),
    Trade("Prodotti chimici e vernici", "20.30.00", 11, 34, 330, ("Colorificio", "Vernici", "Prodotti Chimici"), ("Chimiveneta", "Resine Nord"), ("Dispersori", "Reattori", "Riempitrici")),
    Trade("Costruzione di edifici", "41.20.00", 44, 12, 165, ("Impresa Edile", "Costruzioni", "Edilizia", "Costruzioni Generali"), ("Edilscaligera", "Casa e Cantiere", "Nuova Edil"), _SITE),
    Trade("Impianti elettrici e idraulici", "43.22.01", 34, 11, 120, ("Impianti", "Termoidraulica", "Impianti Elettrici", "Elettroimpianti"), ("Idrotermica Nord", "Climaveneta Impianti", "Luce e Calore"), ("Piattaforme aeree", "Piegatubi", "Filettatrici")),
    Trade("Autotrasporti", "49.41.00", 36, 18, 145, ("Autotrasporti", "Trasporti", "Trasporti e Logistica"), ("Brennero Trasporti", "Adige Spedizioni", "Nord Carichi"), _LIFT),
    Trade("Magazzini e logistica", "52.10.10", 14, 36, 130, ("Logistica", "Depositi", "Magazzini Generali"), ("Interporto Servizi", "Logistica Scaligera", "Stoccaggi Nord"), _LIFT, "Soc. Coop."),
    Trade("Commercio di macchine e attrezzature", "46.69.99", 28, 10, 360, ("Forniture Industriali", "Ferramenta Industriale", "Macchine e Attrezzature", "Commerciale"), ("Tuttoofficina", "Utensili Nord", "Fornind"), _LIFT),
    Trade("Commercio di ferro e acciaio", "46.72.10", 12, 18, 560, ("Siderurgica", "Ferro e Acciai", "Commercio Acciai"), ("Acciai Brescia", "Tubi e Profili", "Lamiere Adige"), ("Carriponte", "Segatrici a nastro", "Ossitaglio")),
    Trade("Riparazione di macchine", "33.12.99", 20, 8, 95, ("Riparazioni Meccaniche", "Manutenzioni Industriali", "Assistenza Macchine"), ("Pronto Officina", "Manutek"), _TOOLS),
    Trade("Recupero di materiali e rifiuti", "38.32.10", 12, 20, 210, ("Recuperi", "Rottami", "Recupero Metalli"), ("Ecoferro", "Ambiente Pulito Nord"), ("Presse per rottame", "Caricatori a polipo", "Trituratori")),
    Trade("Studi tecnici e di ingegneria", "71.12.10", 24, 6, 85, ("Studio Tecnico", "Studio di Ingegneria", "Studio Associato"), ("Progetti e Strutture", "Ingegneria Nord"), ("Stazioni di disegno",), "Studio"),
    Trade("Consulenza e servizi alle imprese", "70.20.09", 16, 5, 90, ("Consulenze", "Studio Consulenza", "Servizi alle Imprese"), ("Qualità e Sicurezza", "Impresa Domani"), ("Uffici",), "Studio"),
    Trade("Porti, cantieri e nautica", "30.11.02", 7, 34, 200, ("Cantiere Navale", "Nautica", "Cantieri"), ("Scafi Laguna", "Cantiere del Garda"), ("Gru a portale", "Carri di alaggio", "Saldatrici")),
    Trade("Biciclette e componenti", "30.92.10", 8, 22, 190, ("Cicli", "Telai", "Componenti per Cicli"), ("Ruota Veneta", "Pedale d’Oro"), _TOOLS),
)  # fmt: skip

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
