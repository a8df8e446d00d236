"""First names and surnames of the demo company's people, the surnames as they are met in the North-East and elsewhere in Italy."""

MEN = tuple(
    """Alberto Alessandro Alessio Alvise Andrea Angelo Antonio Armando Arrigo Attilio Augusto Bruno Carlo Cesare Christian Claudio
    Corrado Cristian Damiano Daniele Dario Davide Denis Diego Dino Domenico Edoardo Elia Elio Emanuele Emilio Enrico Enzo Ermanno
    Ettore Eugenio Ezio Fabio Fabrizio Federico Ferruccio Filippo Flavio Francesco Franco Gabriele Gaetano Giacomo Gianfranco
    Gianluca Gianni Giancarlo Gianpaolo Gino Giorgio Giovanni Giulio Giuliano Giuseppe Graziano Guido Igor Ivan Ivano Jacopo Lorenzo
    Loris Luca Luciano Luigi Manuel Marcello Marco Mario Massimiliano Massimo Matteo Mattia Maurizio Mauro Maurilio Michele Mirko
    Moreno Nicola Nereo Nevio Omar Oscar Paolo Pasquale Patrizio Pierluigi Piero Pietro Raffaele Renato Renzo Riccardo Roberto
    Romano Rodolfo Romeo Rosario Ruggero Salvatore Samuele Sandro Sergio Settimo Silvano Silvio Simone Stefano Thomas Tiziano Tommaso
    Ugo Umberto Valentino Valerio Vincenzo Vito Vittorio Walter Zeno""".split()
)
WOMEN = tuple(
    """Ada Adele Adriana Agnese Alessandra Alessia Alice Amelia Anita Anna Annalisa Antonella Arianna Aurora Barbara Beatrice Bianca
    Bruna Camilla Carla Carlotta Carmen Caterina Cecilia Chiara Cinzia Clara Claudia Cristina Daniela Debora Diana Donatella Edda
    Elena Eleonora Elisa Elisabetta Emanuela Emma Erica Eva Fabiola Federica Flavia Fiorella Franca Francesca Gabriella Gaia Gianna
    Ginevra Giada Giorgia Giovanna Giulia Giuliana Giuseppina Gloria Grazia Graziella Greta Ilaria Irene Isabella Ivana Katia Lara
    Laura Letizia Lia Lidia Linda Lisa Loredana Lorena Lorenza Lucia Luisa Manuela Mara Marcella Margherita Maria Mariangela Marika
    Marina Marisa Marta Martina Matilde Michela Milena Miriam Monica Morena Nadia Nicoletta Noemi Ornella Paola Patrizia Piera Raffaella
    Renata Rita Roberta Romina Rosa Rosanna Rossella Sabrina Sandra Sara Serena Silvana Silvia Simona Sofia Sonia Stefania Susanna
    Tamara Tania Teresa Tiziana Valentina Valeria Vanessa Vera Veronica Viola Virginia Viviana Wanda Zaira""".split()
)
OF_THE_NORTH_EAST = (
    *"""Zanon Zanella Zanetti Zanini Zanotto Zambon Zamboni Zampieri Zamperini Zangrando Zago Zaghi Zardini Zen Zeni Zenari
    Zerbato Zocca Zoccante Zoccatelli Zoppi Zorzi Zuccato Zuliani Adami Adamoli Agostini Albertini Aldegheri Allegri Ambrosi
    Andreoli Andreis Anselmi Antolini Arduini Avesani Avogaro Bacilieri Baldo Ballarin Ballini Baratto Barbieri Bareato
    Bassani Bassi Battistella Bazzani Bazzoni Bellini Beltrame Benetti Benini Bergamasco Bernardi Bernardinelli Berti
    Bertoldi Bertolini Bertani Bettili Biasi Bicego Bisson Boaretto Bogoni Boldrin Bombieri Bonato Bonetti Bonfante
    Boninsegna Bonomi Bonomo Bordignon Borghesan Borin Bortolan Bortolazzi Bortoletto Bortolotti Boscaini Bosello Bottacin
    Bozzini Braggion Bragantini Brentegani Bressan Brigo Brugnoli Brunelli Busato Busetto Businaro Cailotto Caldana Caliari
    Callegari Callegaro Camerlengo Campagnola Campedelli Canazza Canova Carazza Carli Carlotto Carraro Casarotti Casarotto
    Casati Castagna Castellani Castelletti Cavalleri Cavazza Cecchetto Cecchin Ceolato Ceradini Ceschi Chesini Chiarello
    Chiavegato Chinellato Cisco Cobelli Coltri Compri Corradi Corradini Corsi Costa Cozza Crestani Cristofoletti Cunego
    Danese Danzi Donà Donadello Donatoni Donini Dorigo Dossi Fabbri Fabris Facchin Faccincani Faccini Faggionato Falavigna
    Fasoli Fattori Favalli Favaretto Favaro Fedrigo Ferrarese Ferrari Ferrarin Ferraro Ferro Filippi Filippini Finetto
    Fiorini Fochesato Fontana Fornasa Fornasier Fraccaroli Franceschetti Franceschini Franchini Franzoni Frigo Frizzera
    Furlan Furlani Gaiardoni Galeazzi Galvan Galvani Gasparato Gasparini Gasparotto Gastaldelli Gazzola Gecchele Giacomelli
    Giacopini Giaretta Gobbi Gobbo Gottardi Gozzo Grigolato Grigolini Grison Guarda Guarise Guarnieri Guerra Gugole
    Guidorizzi Ioris Lavagnoli Lazzari Lazzarin Lazzarini Leardini Leonardi Leoni Lonardi Lonardoni Longo Lorenzetti Lorenzi
    Lovato Lovatel Lunardi Lucchese Maccacaro Maculan Magagna Maggioni Magnabosco Maistri Malgarise Mancini Manfrin
    Mantovani Manzini Maraia Marana Marangon Marangoni Marcato Marchesini Marchetti Marchiori Marcolini Marconi Margoni
    Marini Martello Martin Martinelli Mastella Massagrande Mazzi Mazzola Mazzurega Melotti Meneghelli Meneghello Meneghetti
    Meneghini Menegazzi Menegatti Merlin Merlo Micheletti Milani Minozzi Miotto Modena Molinari Montagna Montagnoli
    Montresor Morandi Morandini Morbioli Moretti Moretto Moro Moscardo Nalin Nardi Nardin Negri Negrini Nicolis Nordera
    Olivieri Olivo Orlandi Padovan Padovani Paganini Paganotto Pasetto Pasini Pasqualini Pasquali Pavan Pavanello Pavesi
    Peretti Perin Perini Perozeni Peruzzi Pesenti Petrolli Piacentini Piccoli Pighi Pigozzi Pizzighella Pizzini Poletti Poli
    Polato Pomari Pozza Pozzan Pozzani Pozzerle Pozzi Prandini Pretto Provoli Purgato Quarella Quintarelli Rama Rancan
    Ravelli Rebonato Recchia Residori Riello Righetti Righi Rigo Rizzi Rizzotti Roncari Ronca Roncolato Rossi Rossetti
    Rossignoli Ruffo Sabaini Sacchiero Salgarolo Salvagno Salvetti Sandri Sandrini Santi Sartea Sartor Sartori Sauro
    Sbizzera Scala Scandola Scapini Scapin Scarsini Schena Schiavo Segala Semenzato Signorini Simeoni Simonato Simonetti
    Soave Soffiati Sommacampagna Soldà Spada Speri Spiazzi Squarise Stefani Stella Stoppato Strazzer Tacchella Taddei
    Tedeschi Tescari Tessari Tezza Todesco Toffaletti Toffali Toffanin Tomasi Tomba Tommasi Tommasini Tonin Toniolo Tosadori
    Tosi Trevisan Trevisani Trevisol Turato Turco Turri Turrini Urbani Vaccari Valbusa Valentini Vallarsa Vanzo Vanzetta
    Venturi Venturini Vendramin Verzè Vesentini Vettore Vezzari Vicentini Viviani Voltolini Vincenzi""".split(),
    "Dal Zotto", "Dalla Costa", "Dalla Riva", "Dalla Vecchia", "Dalla Valle", "Dal Bosco", "Dal Corso", "Dal Lago",
    "Dal Pozzo", "De Marchi", "De Rossi", "De Santi", "De Bortoli", "De Lorenzi", "De Toffoli", "Della Torre",
)
OF_ITALY = (
    *"""Russo Esposito Bianchi Romano Colombo Ricci Marino Greco Bruno Gallo Conti Mancuso Giordano Rizzo Lombardi Barbieri
    Fontana Santoro Mariani Rinaldi Caruso Ferrara Galli Martini Leone Gentile Serra Bianco Pellegrini Palumbo Sanna Farina
    Rizzi Cattaneo Bianchini Villa Conte Ferretti Monti Basile Benedetti Riva Messina Sala Bellini Grassi Grasso Palmieri
    Bernardi Piras Marchetti Testa Parisi Ferri Vitale Guerra Neri Valente Orlando Barone Milani Amato Silvestri Battaglia
    Pagano Fiore Sorrentino D’Angelo Ruggiero Longo Brambilla Fumagalli Locatelli Rota Pirola Crippa Redaelli Galbiati
    Casiraghi Beretta Bonfanti Magni Perego Riboldi Ghezzi Tironi Gritti Belotti Zanoli Benassi Montanari Guidi Fabbri
    Casadei Ravaioli Zoli Tassinari Bonfiglioli Borghi Malagoli Barbolini Ferraroni Incerti Iotti Gualtieri Prampolini
    Cavazzuti Boschi Ghidini Botti Maestri Pelosi Chiesa Ferrero Giraudo Rosso Viale Dutto Bongiovanni Peyron Moser
    Degasperi Pedrotti Tonini Mattivi Girardi Bazzanella Fedrizzi Widmann Gruber Pichler Hofer Egger Mair Kofler Plattner
    Cossutta Furlanich Zorzenon Cumin Sgubin Bulfon Mattiussi Zanier Tosolini""".split(),
    "De Luca", "Del Fabbro",
)  # fmt: skip
