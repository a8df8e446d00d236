"""Business cards as telephones and programs write them."""

OUTLOOK = (
    "BEGIN:VCARD\r\nVERSION:2.1\r\nX-MS-OL-DEFAULT-POSTAL-ADDRESS:2\r\n"
    "N;CHARSET=Windows-1252;ENCODING=QUOTED-PRINTABLE:Forl=EC;Nicol=F2;Maria;Dott.;Jr.\r\n"
    "FN;CHARSET=Windows-1252;ENCODING=QUOTED-PRINTABLE:Dott. Nicol=F2 Forl=EC\r\n"
    "ORG;CHARSET=Windows-1252;ENCODING=QUOTED-PRINTABLE:Meccanica Casale & C. Societ=E0;Ufficio acquisti\r\n"
    "TITLE:Responsabile acquisti\r\n"
    "NOTE;CHARSET=Windows-1252;ENCODING=QUOTED-PRINTABLE:Prima riga=0D=0A=\r\nSeconda riga, lunga =\r\n=E8 finita\r\n"
    "TEL;WORK;VOICE:045 790 1234\r\nTEL;HOME;VOICE:045 800 1122\r\nTEL;CELL;VOICE:+39 333 1234567\r\nTEL;WORK;FAX:045 790 1235\r\n"
    "ADR;WORK;PREF;CHARSET=Windows-1252;ENCODING=QUOTED-PRINTABLE:;;Via Citt=E0 di Nimes 12;Verona;VR;37121;Italia\r\n"
    "LABEL;WORK;PREF;CHARSET=Windows-1252;ENCODING=QUOTED-PRINTABLE:Via Citt=E0 di Nimes 12=0D=0A=\r\n37121 Verona VR=0D=0A=\r\nItalia\r\n"
    "URL;WORK:http://www.casale.example\r\nBDAY:19700315\r\nEMAIL;PREF;INTERNET:n.forli@casale.example\r\n"
    "PHOTO;TYPE=JPEG;ENCODING=BASE64:\r\n /9j/4AAQSkZJRgABAQEAYABgAAD\r\n /2wBDAAgGBgcGBQ\r\n\r\nX-MS-OL-DESIGN;CHARSET=utf-8:<card/>\r\n"
    "REV:20261122T101112Z\r\nEND:VCARD\r\n"
)
"""Outlook for Windows: 2.1, Windows-1252 in quoted-printable, soft line breaks."""

APPLE = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nPRODID:-//Apple Inc.//iPhone OS 19.1//EN\r\nN:Rossi;Zoë;;;\r\nFN:Zoë Rossi\r\n"
    "ORG:Officine Adige S.p.A.;Vendite;Estero\r\nTITLE:Direttrice\\, vendite\r\n"
    "item1.EMAIL;type=INTERNET;type=pref:zoe@adige.example\r\nitem1.X-ABLabel:_$!<Work>!$_\r\n"
    "item2.EMAIL;type=INTERNET:adige@pec.example\r\nitem2.X-ABLabel:PEC\r\n"
    "TEL;type=CELL;type=VOICE;type=pref:+39 333 765 4321\r\nitem3.TEL:045 8001122\r\nitem3.X-ABLabel:Segreteria\r\n"
    "TEL;type=IPHONE;type=CELL;type=VOICE:+39 347 000 111\r\n"
    "item4.ADR;type=WORK;type=pref:;;Via Roma 1\\nScala B;Verona;VR;37121;Italia\r\nitem4.X-ABADR:it\r\n"
    "ADR;type=HOME:;;Lungadige 3;Verona;VR;37122;Italia\r\nNOTE:Conosciuta in fiera\\; richiamare\\nla mat\r\n tina\r\n"
    "item5.URL;type=pref:https://adige.example\r\nitem5.X-ABLabel:_$!<HomePage>!$_\r\n"
    "BDAY;X-APPLE-OMIT-YEAR=1604:1604-12-25\r\nX-SOCIALPROFILE;type=linkedin:https://linkedin.example/zoe\r\n"
    "CATEGORIES:Clienti,Fiera\r\nPHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRgABAQAASABIAAD/4QBY\r\n RXhpZgAATU0AKgAAAAgAAgES\r\n"
    "X-ABUID:5AD380FD-B2DE-4261-BA99-DE1D1DB52FBE\\:ABPerson\r\nUID:urn:uuid:1234\r\nEND:VCARD\r\n"
)
"""iPhone and Mac: 3.0, grouped properties with labels, an unknown year of birth."""

ANDROID = (
    "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=50=65=72=C3=B2;=4E=69=63;;;\r\n"
    "FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=4E=69=63=20=50=65=72=C3=B2\r\nTEL;CELL;PREF:+393331112223\r\nTEL;WORK:0457901234\r\n"
    "EMAIL;X-Personale:nic@example.it\r\nORG:Idraulica Per\xf2\r\n"
    "PHOTO;ENCODING=BASE64;JPEG:/9j/4AAQSkZJRgABAQAAAQABAAD/\r\n 2wBDAAEBAQ\r\n\r\nEND:VCARD\r\n"
)
"""Android: 2.1, UTF-8 in quoted-printable."""

FOURTH = (
    "BEGIN:VCARD\r\nVERSION:4.0\r\nKIND:individual\r\nFN:Anna Bianchi\r\nN:Bianchi;Anna;;Ing.;\r\n"
    'TEL;VALUE=uri;PREF=1;TYPE="voice,work":tel:+39-045-790-1234;ext=12\r\nEMAIL;TYPE=work:anna@casale.example\r\n'
    "ORG;SORT-AS=Casale:Meccanica Casale\r\nBDAY:--0415\r\nANNIVERSARY:20200101\r\nGENDER:F\r\n"
    'ADR;TYPE=work;LABEL="Via Po 1\\n37121 Verona":;;Via Po 1;Verona;VR;37121;Italia\r\nIMPP:xmpp:anna@casale.example\r\n'
    "X-PARTITA-IVA:00743110157\r\nEND:VCARD\r\n"
)
"""The fourth version: addresses of telephones, quoted parameters."""
