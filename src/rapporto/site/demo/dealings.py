"""What the people of Officine Adige and their customers talk about: products, situations, sentences, outcomes."""

from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Product:
    """Something Officine Adige makes: «un paranco …», «paranchi …»."""

    one: str
    many: str


PRODUCTS = tuple(
    Product(*pair.split(" | "))
    for pair in (
        "un paranco elettrico a catena | paranchi elettrici a catena",
        "un paranco a fune da 5 t | paranchi a fune da 5 t",
        "un carroponte bitrave | carriponte bitrave",
        "un carroponte monotrave da 3,2 t | carriponte monotrave da 3,2 t",
        "una gru a bandiera | gru a bandiera",
        "una gru a cavalletto | gru a cavalletto",
        "un argano a tamburo | argani a tamburo",
        "una traversa di sollevamento | traverse di sollevamento",
        "una pinza per blocchi | pinze per blocchi",
        "un manipolatore pneumatico | manipolatori pneumatici",
        "una ventosa di sollevamento | ventose di sollevamento",
        "una piattaforma elevatrice | piattaforme elevatrici",
        "una rulliera motorizzata | rulliere motorizzate",
        "un mandrino ad alta velocità | mandrini ad alta velocità",
        "un riduttore epicicloidale | riduttori epicicloidali",
        "un riduttore a vite senza fine | riduttori a vite senza fine",
        "un albero scanalato | alberi scanalati",
        "una coppia conica | coppie coniche",
        "un giunto elastico | giunti elastici",
        "una serie di ruote per carroponte | ruote per carroponte",
        "una guida lineare | guide lineari",
        "un supporto in ghisa | supporti in ghisa",
        "un freno elettromagnetico | freni elettromagnetici",
        "un gancio certificato | ganci certificati",
        "una fune di ricambio | funi di ricambio",
        "un radiocomando | radiocomandi",
        "un limitatore di carico | limitatori di carico",
        "una vite a ricircolo di sfere | viti a ricircolo di sfere",
    )
)

COMPETITORS = ("Sollevatori Brenta", "Gru Lombarde", "Meccanotecnica Po", "Paranchi Tirreno", "Argani Riuniti")


@dataclass(frozen=True)
class Situation:
    """A kind of dealing; {uno} and {molti} name the product, {numero} an offer, {quanti} how many, {giorno} a weekday, {rivale} a rival."""

    kind: str
    direction: str
    weight: int
    subjects: tuple[str, ...]
    told: tuple[str, ...]
    """What was said, and after the arrow the outcomes that fit."""

    @cached_property
    def said(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """What was said, each with the outcomes that fit."""
        parted = (one.partition(" → ") for one in self.told)
        return tuple((text, tuple(outcomes.split(" / "))) for text, _, outcomes in parted)


SITUATIONS = (
    Situation("call", "in", 16, ("Chiede un’offerta per {molti}", "Richiesta di prezzo: {molti}"), (
        "Vuole {quanti} {molti} entro fine mese; chiede prezzo e tempi di consegna. → Offerta da preparare / Interessato",
        "Devono sostituire {uno} che ha più di vent’anni. Manda le misure per mail. → Manda i disegni / Offerta da preparare",
        "Hanno già un’offerta di {rivale} e vogliono confrontarla con la nostra. → Offerta da preparare / Interessato",
        "Chiede se abbiamo a magazzino {molti}; gli servono con urgenza. → Da richiamare / Disponibile, manda l’ordine",
        "Per un cantiere nuovo servono {quanti} {molti} in primavera. Basta un prezzo indicativo. → Dato il prezzo / Da richiamare",
        "Ha visto {uno} da un collega e ne è rimasto colpito. Vuole sapere quanto costa. → Interessato / Mandare il catalogo")),
    Situation("call", "in", 13, ("Tempi di consegna di {molti}", "Sollecita la consegna di {molti}"), (
        "La linea è ferma e aspetta {uno}. Vuole una data certa. → Da verificare con la produzione / Consegna confermata",
        "Chiede se il secondo lotto di {molti} può partire prima della chiusura. → Da verificare con la produzione / Consegna anticipata",
        "L’ordine è confermato per {giorno}, ma il loro cantiere è in ritardo: meglio la settimana dopo. → Spedizione spostata",
        "Il corriere è passato a cancelli chiusi. Riconsegna concordata per {giorno}. → Consegna confermata")),
    Situation("call", "in", 9, ("Segnala un guasto: {uno}", "Problema con {molti}"), (
        "Si sente un rumore anomalo sotto carico. Chiede un tecnico al più presto. → Intervento fissato / Passato all’assistenza",
        "Dopo la verifica periodica qualcosa non torna con i certificati: manca una matricola. → Risolto al telefono / Certificati inviati",
        "Hanno fermato la macchina per prudenza, in attesa del nostro tecnico. → Intervento fissato",
        "Da ieri si blocca a metà corsa. Provato con loro al telefono: era un cavo allentato. → Risolto al telefono",
        "Serve un ricambio: hanno letto il codice sulla targa. → Ricambio spedito / Offerta da preparare")),
    Situation("call", "in", 5, ("Domanda sulla fattura",), (
        "Il codice destinatario era cambiato e la fattura non è arrivata. Chiede di rimandarla. → Chiarito / Passato all’amministrazione",
        "Non torna l’importo del trasporto. Vuole parlarne con l’amministrazione. → Passato all’amministrazione / Nota di credito",
        "Chiede una copia per il commercialista. → Inviata")),
    Situation("call", "in", 2, ("Condizioni di pagamento",), (
        "Chiede di passare dal bonifico alla ricevuta bancaria a sessanta giorni. → Passato all’amministrazione / Concesso",
        "Chiede di dividere l’importo in due rate. → Concesso / Passato all’amministrazione")),
    Situation("call", "in", 5, ("Verifica periodica di {molti}", "Scadenza della verifica annuale"), (
        "Chiede se facciamo noi la verifica di {quanti} {molti}, funi e ganci compresi. → Preventivo da mandare / Visita fissata",
        "Il loro tecnico della sicurezza vuole i certificati prima di {giorno}. → Certificati inviati")),
    Situation("call", "out", 16, ("Richiamo sull’offerta {numero}", "Seguito dell’offerta {numero}"), (
        "Hanno ricevuto l’offerta ma decide la direzione. Ne parlano {giorno}. → Da richiamare",
        "Il prezzo è giusto, chiedono lo sconto sul secondo lotto di {molti}. → Sconto da valutare / Interessato",
        "{rivale} ha offerto il 6 % in meno, ma con consegna a dodici settimane. → Sconto da valutare / Da richiamare",
        "Hanno rimandato l’investimento al prossimo anno. Da risentire a gennaio. → Rimandata",
        "L’offerta va bene: aspettano solo il benestare della banca per il finanziamento. → Ordine in arrivo",
        "Hanno ordinato da {rivale}: per noi contava il montaggio, per loro il prezzo. → Persa",
        "Non l’hanno ancora guardata. Rimandata per mail mentre eravamo al telefono. → Da richiamare",
        "Confermano a voce, l’ordine firmato arriva {giorno}. → Ordine in arrivo")),
    Situation("call", "out", 12, ("Primo contatto", "Presentazione di Officine Adige"), (
        "Non ci conoscevano. Usano {molti} di {rivale} e sono abbastanza contenti. → Mandare il catalogo / Non interessato",
        "Si occupano di tutto in sede. Interessati a {molti}; vogliono vedere il catalogo. → Mandare il catalogo / Interessato",
        "Chi decide è fuori sede: richiamare {giorno} mattina. → Richiamare",
        "Hanno appena rifatto il capannone e pensano a {uno}. → Interessato / Visita fissata",
        "Nessuna esigenza per quest’anno, ma si ricordano di noi dalla fiera. → Da risentire",
        "Squilla a vuoto, nessuna segreteria. → Non risponde")),
    Situation("call", "out", 8, ("Fissata una visita", "Appuntamento per un sopralluogo"), (
        "Ci aspettano {giorno} alle dieci. Vogliono vedere le portate di {molti}. → Visita fissata",
        "Preferiscono il pomeriggio; sarà presente anche la produzione. → Visita fissata / Da confermare")),
    Situation("mail", "out", 16, ("Offerta {numero}: {molti}", "Offerta {numero}, revisione 2"), (
        "In allegato l’offerta per {quanti} {molti}, franco stabilimento, in otto settimane. → Inviata / In attesa di risposta",
        "Mandata con lo sconto concordato e il montaggio in sede. → Inviata / Letta",
        "Offerta per {uno} con montaggio e collaudo compresi. → Inviata / In attesa di risposta")),
    Situation("mail", "out", 8, ("Scheda tecnica di {molti}", "Documentazione su {molti}"), (
        "Inviati disegno d’ingombro, portate e dichiarazione di conformità. → Inviata / Ringrazia",
        "Mandato il catalogo con le pagine che riguardano {molti}. → Inviata / Ringrazia")),
    Situation("mail", "in", 12, ("Ordine di {molti}", "Conferma dell’offerta {numero}"), (
        "Confermano {quanti} {molti} alle condizioni dell’offerta. → Ordine ricevuto / Passato alla produzione",
        "Ordine firmato; chiedono la conferma con la data di consegna. → Ordine ricevuto / Confermato",
        "Accettano il prezzo ma vogliono la consegna in due lotti. → Confermato / Da verificare con la produzione")),
    Situation("mail", "in", 8, ("Disegni per {molti}", "Misure del capannone"), (
        "Mandano la pianta con l’altezza sotto gancio. Serve {uno} con luce di diciotto metri. → Passato all’ufficio tecnico",
        "Allegano i disegni aggiornati: sono cambiate due quote. → Passato all’ufficio tecnico / Ricevuto",
        "Il disegno è illeggibile: chiesto di rimandarlo. → Mancano le quote")),
    Situation("visit", "out", 14, ("Visita in stabilimento", "Sopralluogo per {uno}", "Visita al reparto produzione"), (
        "Il reparto si ferma quattro ore alla settimana: vogliono vedere {uno}. → Molto interessato / Prova da organizzare",
        "Visto il capannone nuovo: due campate libere, le vie di corsa ci sono già. → Offerta da preparare / Interessato",
        "Hanno {quanti} {molti} di {rivale}, manutenzione in scadenza a fine anno. → Interessato / Offerta da preparare",
        "Hanno in prova {molti} del concorrente: lavoro lento e rumoroso. Chiedono una nostra prova gratuita. → Prova da organizzare",
        "Produzione al minimo, aspettano le commesse di primavera. → Nessuna esigenza per ora / Da risentire",
        "Prese le misure per {uno}. Il pavimento regge, l’impianto elettrico va rifatto. → Offerta da preparare")),
    Situation("visit", "out", 6, ("Collaudo di {molti}", "Consegna e messa in servizio"), (
        "Montaggio terminato, collaudo con esito positivo. Firmato il verbale. → Verbale firmato / Collaudo riuscito",
        "Prova di carico riuscita; manca la targa della portata, la mandiamo noi. → Da completare / Collaudo riuscito")),
    Situation("visit", "in", 3, ("Visita al nostro stabilimento", "Prova in sede a Verona"), (
        "Sono venuti a vedere {uno} in prova. Buona impressione del reparto montaggio. → Molto interessato",
        "Visita con pranzo; hanno chiesto referenze nel loro settore. → Interessato")),
    Situation("letter", "out", 1, ("Lettera di auguri",), ("Spedita con il calendario della ditta. → Spedita",)),
    Situation("letter", "out", 1, ("Invito alla fiera di Milano",), ("Mandati due biglietti d’ingresso. → Spedita",)),
    Situation("letter", "out", 1, ("Listino: {molti}",), ("Il nuovo listino vale dal primo del mese. → Spedita",)),
    Situation("note", "", 3, ("Situazione del cliente",), (
        "Lavorano su due turni; la terza linea parte in primavera.",
        "Il titolare passa le consegne al figlio, che guarda molto al prezzo.",
        "Vogliono la certificazione entro l’anno: i nostri documenti servono completi.")),
    Situation("note", "", 2, ("Appunti sul parco macchine", "Concorrenza"), (
        "Comprano {molti} da {rivale} da anni; punto debole: l’assistenza.",
        "In officina ci sono {molti} di {rivale}, da sostituire entro due anni.")),
    Situation("note", "", 2, ("Pagamenti",), (
        "Pagano puntuali, di solito con qualche giorno di anticipo.",
        "Ultima fattura pagata con tre settimane di ritardo, poi tutto regolare.")),
    Situation("appointment", "out", 5, ("Incontro in sede", "Riunione sul progetto: {molti}", "Incontro in fiera"), (
        "Presenti acquisti e produzione. Discusse portate, tempi e montaggio di {uno}. → Offerta da preparare / Interessato",
        "Incontro breve: ritirato il catalogo di {molti}. → Interessato / Da risentire")),
)  # fmt: skip

PLANS = (
    ("call", "Richiamare per l’offerta {numero}", "Chiedere se hanno deciso su {molti}."),
    ("call", "Richiamare con la data di consegna", "Sentire prima la produzione per {molti}."),
    ("call", "Sentire come vanno {molti}", "Un mese dopo il collaudo: tutto bene?"),
    ("visit", "Sopralluogo per {uno}", "Misurare luce e altezza sotto gancio."),
    ("visit", "Visita di cortesia", "Portare il catalogo nuovo con {molti}."),
    ("mail", "Mandare l’offerta per {molti}", "Con montaggio e collaudo in sede."),
    ("mail", "Inviare i certificati di {molti}", "Li aspetta il loro tecnico della sicurezza."),
    ("appointment", "Riunione sul progetto: {molti}", "Ufficio tecnico e acquisti, un’ora."),
    ("letter", "Mandare il listino nuovo", "Con la lettera del direttore."),
)
PRIVATE = (
    ("Margine sull’offerta {numero}", "Si può scendere fino all’8 %, non oltre: tenerlo per noi."),
    ("Voci sul cliente", "Pare che cerchino un socio. Non parlarne con nessuno."),
    ("Rapporto con la direzione", "Il titolare e la produzione non si intendono: sentirli separatamente."),
)
WEEKDAYS = ("lunedì", "martedì", "mercoledì", "giovedì", "venerdì")
NOTES = (
    "Preferisce essere chiamato la mattina.", "Chiuso il sabato e ad agosto.", "Carico solo dal cancello sul retro.",
    "Chiedere sempre il numero d’ordine.", "Cliente dai tempi della prima officina.", "Referenze ottime nel settore.",
    "Paga con ricevuta bancaria a 60 giorni fine mese.", "Conosciuto alla fiera di Bologna.", "Vuole le offerte solo per mail.",
    "Ha due capannoni, il secondo è in affitto.", "Parcheggio dei visitatori davanti agli uffici.",
)  # fmt: skip
LOST_AFTER = ("Ha scelto un concorrente.", "Ha cessato la produzione.", "Prezzo troppo alto.")
CERTIFICATIONS = ("ISO 9001", "ISO 14001", "ISO 45001", "EN 1090", "IATF 16949", "ISO 3834")
LIFTING = (
    "Carroponte, 1",
    "Carriponte, 2",
    "Carriponte, 4",
    "Gru a bandiera, 3",
    "Paranchi, 6",
    "Carrelli elevatori",
    "Gru a cavalletto, 1",
    "Nessuno",
)
