"""Tells by its content what a file is; a name may lie, its first bytes hardly ever do."""

import zipfile
from pathlib import Path

from rapporto.kernel.text import Message
from rapporto.store.transfer.line_encoding import bom_of
from rapporto.store.transfer.reading import DAMAGED, EMPTY, Unreadable

_LOOKED_AT = 4096
_NO_TABLES = (
    (b"%PDF", Message("This is a PDF; export the data as CSV or as a workbook.")),
    (b"!BDN", Message("This is an Outlook data file (PST); export the contacts from Outlook as CSV.")),
    (b"\x1f\x8b", Message("This is a packed file; unpack it and bring what is in it.")),
    (b"Rar!", Message("This is a packed file; unpack it and bring what is in it.")),
    (b"7z\xbc\xaf", Message("This is a packed file; unpack it and bring what is in it.")),
    (b"\x89PNG", Message("This is a picture; export the data as CSV or as a workbook.")),
    (b"\xff\xd8\xff", Message("This is a picture; export the data as CSV or as a workbook.")),
    (b"SQLite format 3", Message("This is a database; export the table as CSV or as a workbook.")),
)
ARCHIVE = Message("This is an archive, not a workbook; unpack it and bring what is in it.")
WORDS = Message("This is a text document, not a workbook; copy its table into a workbook.")
XML = Message("This is XML, not a table; export the data as CSV or as a workbook.")
_OFFICE_XML = "urn:schemas-microsoft-com:office:spreadsheet"
_USUAL = {
    "csv": ("csv", "txt", "tsv", "tab", "asc", "dat", ""),
    "xlsx": ("xlsx", "xlsm", "xltx", "xltm", ""),
    "xls": ("xls", "xlt", "xlsb", ""),
    "ods": ("ods", "ots", ""),
    "html": ("html", "htm", ""),
    "xml": ("xml", ""),
    "vcard": ("vcf", "vcard", "txt", ""),
    "ldif": ("ldif", "ldi", "txt", ""),
}
_CALLED = {
    "csv": Message("The file is called «.{extension}», but it is a text table (CSV); it was read as such."),
    "xlsx": Message("The file is called «.{extension}», but it is an Excel workbook; it was read as such."),
    "xls": Message(
        "The file is called «.{extension}», but it is an old or binary Excel workbook; it was read as such."
    ),
    "ods": Message("The file is called «.{extension}», but it is an OpenDocument sheet; it was read as such."),
    "html": Message("The file is called «.{extension}», but it is a page with a table (HTML); it was read as such."),
    "xml": Message("The file is called «.{extension}», but it is an XML workbook; it was read as such."),
    "vcard": Message("The file is called «.{extension}», but it contains business cards (vCard); it was read as such."),
    "ldif": Message("The file is called «.{extension}», but it is an address book (LDIF); it was read as such."),
}


def kind_of(path: Path) -> str:
    """csv, xlsx, xls, ods, xml, html, vcard or ldif. Raises Unreadable for what is known to be no table."""
    with path.open("rb") as file:
        start = file.read(_LOOKED_AT)
    if not start:
        raise Unreadable(EMPTY)
    if start.startswith(b"PK\x03\x04"):
        return _packed(path)
    if start.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "xls"
    for mark, message in _NO_TABLES:
        if start.startswith(mark):
            raise Unreadable(message)
    return _kind_of_text(start)


def _packed(path: Path) -> str:
    """What a ZIP archive contains. Its directory only is looked at."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            described = archive.read("mimetype")[:100] if _is_small(archive, "mimetype") else b""
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        raise Unreadable(DAMAGED) from None
    if "xl/workbook.bin" in names:
        return "xls"
    if "[Content_Types].xml" in names:
        if any(one.startswith("word/") for one in names):
            raise Unreadable(WORDS)
        return "xlsx"
    if described.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        return "ods"
    raise Unreadable(WORDS if described else ARCHIVE)


def _is_small(archive: zipfile.ZipFile, name: str) -> bool:
    return name in archive.NameToInfo and archive.NameToInfo[name].file_size < 1000


def _kind_of_text(start: bytes) -> str:
    said, length = bom_of(start)
    text = start[length:].decode(said if said.startswith("utf-16") else "latin-1", "replace").lstrip().lower()
    if text.startswith("begin:vcard"):
        return "vcard"
    if text.startswith(("dn: ", "dn:: ", "version: 1\ndn:", "version: 1\r\ndn:")):
        return "ldif"
    if text.startswith("<"):
        if _OFFICE_XML in text:
            return "xml"
        if "<table" in text or "<html" in text or text.startswith(("<!doctype html", "<meta", "<style", "<body")):
            return "html"
        if text.startswith("<?xml"):
            raise Unreadable(XML)
    return "csv"


def said_of_name(name: str, kind: str) -> Message | None:
    """What to say when a file is called otherwise than it is."""
    extension = Path(name).suffix.lstrip(".").lower()
    if extension in _USUAL[kind] or extension not in {one for usual in _USUAL.values() for one in usual}:
        return None
    return Message(_CALLED[kind].text, {"extension": extension})
