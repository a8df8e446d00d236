"""Domains of mail: providers that everybody uses, slips in their names, and what the domain of a company tells."""

from rapidfuzz.distance import OSA

PROVIDERS = (
    "gmail.com", "libero.it", "hotmail.com", "hotmail.it", "outlook.com", "outlook.it", "live.it", "live.com", "yahoo.it",
    "yahoo.com", "alice.it", "tin.it", "virgilio.it", "tiscali.it", "icloud.com", "me.com", "msn.com", "fastwebnet.it",
    "inwind.it", "iol.it", "email.it", "aruba.it", "vodafone.it", "poste.it", "googlemail.com", "gmx.de", "gmx.at", "web.de",
)  # fmt: skip
"""Where people have a mailbox of their own; they tell nothing of a company."""
CERTIFIED = (
    "pec.it", "legalmail.it", "arubapec.it", "postecert.it", "pecimprese.it", "registerpec.it", "cert.legalmail.it",
    "mypec.eu", "sicurezzapostale.it", "pec.buffetti.it", "lamiapec.it", "pec.libero.it", "cgn.legalmail.it",
)  # fmt: skip
"""Usual providers of certified mail."""
_ALSO = {"gmail.it": "gmail.com", "libero.com": "libero.it", "virgilio.com": "virgilio.it", "tiscali.com": "tiscali.it"}
_SHORTEST = 7


def meant(domain: str) -> str:
    """The provider that a domain with one slip means («gmial.com»); '' when it is one, or none."""
    if domain in _ALSO:
        return _ALSO[domain]
    known = (*PROVIDERS, *CERTIFIED)
    if domain in known or len(domain) < _SHORTEST:
        return ""
    near = [one for one in known if len(one) >= _SHORTEST and OSA.distance(domain, one, score_cutoff=1) <= 1]
    return near[0] if near else ""


def is_provider(domain: str) -> bool:
    """Whether a domain is that of a provider, and no company's own."""
    return domain in PROVIDERS or is_certified(domain)


def is_certified(domain: str) -> bool:
    """Whether a domain is known to be one of certified mail: by its provider, or by the word people put in it."""
    return domain in CERTIFIED or "pec" in domain.replace("-", ".").split(".") or domain.endswith("legalmail.it")


__all__ = ["is_certified", "is_provider", "meant"]
