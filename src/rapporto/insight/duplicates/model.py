"""The linkage model: which comparisons are made, in which steps, and the weights they were trained to, kept in a file beside this one."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

COMPANY, PERSON = "company", "person"
PLACE = Path(__file__).parent
Levels = tuple[tuple[str, str], ...]
"""Steps of a comparison, the closest first: what is said of it, and its condition."""


def _both(name: str) -> str:
    return f"{name}_l IS NOT NULL AND {name}_r IS NOT NULL"


def _like(name: str, least: float, other: str = "") -> str:
    return f"jaro_winkler_similarity({name}_l, {other or name}_r) >= {least}"


def _share(name: str) -> str:
    return f"list_has_any({name}_l, {name}_r)"


_FULL = ("(first_l || ' ' || last_l)", "(first_r || ' ' || last_r)")
_CROSSED = f"({_like('first', 0.88, 'last')} AND {_like('last', 0.88, 'first')})"
_ALONG = f"({_like('first', 0.88)} AND {_like('last', 0.88)})"
_INITIAL = (
    "((last_l = last_r AND first_l[1] = first_r[1] AND least(length(first_l), length(first_r)) < 3)"
    " OR (last_l = first_r AND first_l[1] = last_r[1] AND least(length(first_l), length(last_r)) < 3)"
    " OR (first_l = last_r AND last_l[1] = first_r[1] AND least(length(last_l), length(first_r)) < 3))"
)
_ONE_NAME = f"{_like('last', 0.92)} OR {_like('first', 0.92)} OR {_like('first', 0.92, 'last')} OR {_like('last', 0.92, 'first')}"
_SLIPS: Levels = (
    ("a slip", "damerau_levenshtein(code_l, code_r) <= 1"),
    ("two", "damerau_levenshtein(code_l, code_r) = 2"),
)
_STREET: Levels = (
    ("same street and number", "street_l = street_r AND number_l = number_r"),
    ("like street, same number", f"number_l = number_r AND {_like('street', 0.85)}"),
    ("same street", "street_l = street_r"),
    ("like street", _like("street", 0.88)),
    ("same number", "number_l = number_r"),
)
_TOWN: Levels = (
    ("same town and code", "town_l = town_r AND postal_code_l = postal_code_r"),
    ("same town", "town_l = town_r"),
    ("same code", "postal_code_l = postal_code_r"),
    ("like town or code", f"{_like('town', 0.88)} OR damerau_levenshtein(postal_code_l, postal_code_r) = 1"),
    ("same province", "province_l = province_r"),
)
COMPARISONS: dict[str, tuple[tuple[str, str, Levels], ...]] = {
    PERSON: (
        (
            "name",
            "name_l IS NULL OR name_r IS NULL",
            (
                ("same words", "name_l = name_r"),
                ("a slip", f"damerau_levenshtein(name_l, name_r) = 1 OR {_like('name', 0.96)}"),
                ("both parts alike", f"{_ALONG} OR {_CROSSED}"),
                ("an initial", _INITIAL),
                ("one part alike", _ONE_NAME),
            ),
        ),
        (
            "birth",
            "birth_l IS NULL OR birth_r IS NULL",
            (
                ("same day", "birth_l = birth_r"),
                ("a slip", "damerau_levenshtein(birth_l, birth_r) = 1 OR birth_l = birth_r[1:4] || birth_r[7:8] || birth_r[5:6]"),
                ("two slips", "damerau_levenshtein(birth_l, birth_r) = 2"),
            ),
        ),
        (
            "code",
            "code_l IS NULL OR code_r IS NULL",
            (("same", "code_l = code_r"), *_SLIPS),
        ),
        ("phones", "phones_l IS NULL OR phones_r IS NULL", (("one shared", _share("phones")),)),
        ("emails", "emails_l IS NULL OR emails_r IS NULL", (
            ("one shared", _share("emails")),
            ("alike", "jaro_winkler_similarity(emails_l[1], emails_r[1]) >= 0.95"),
        )),
        ("employers", "employers_l IS NULL OR employers_r IS NULL", (("one shared", _share("employers")),)),
        ("street", "street_l IS NULL OR street_r IS NULL", _STREET),
        ("town", "(town_l IS NULL OR town_r IS NULL) AND (postal_code_l IS NULL OR postal_code_r IS NULL)", _TOWN),
    ),
    COMPANY: (
        (
            "name",
            "name_l IS NULL OR name_r IS NULL",
            (
                ("same words", "name_l = name_r"),
                ("same telling words", "core_l = core_r OR replace(name_l, ' ', '') = replace(name_r, ' ', '')"),
                ("a slip", f"damerau_levenshtein(core_l, core_r) = 1 OR {_like('name', 0.95)}"),
                ("alike", f"{_like('core', 0.88)} OR contains(core_l, core_r) OR contains(core_r, core_l)"),
                ("a word shared", "list_has_any(string_split(core_l, ' '), string_split(core_r, ' '))"),
            ),
        ),
        (
            "codes",
            "codes_l IS NULL OR codes_r IS NULL",
            (("one shared", _share("codes")), *_SLIPS),
        ),
        ("phones", "phones_l IS NULL OR phones_r IS NULL", (("one shared", _share("phones")),)),
        (
            "mail",
            "(emails_l IS NULL OR emails_r IS NULL) AND (domains_l IS NULL OR domains_r IS NULL)",
            (
                ("an address shared", _share("emails")),
                ("a domain shared", _share("domains")),
                ("alike", "jaro_winkler_similarity(emails_l[1], emails_r[1]) >= 0.95"),
            ),
        ),
        ("street", "street_l IS NULL OR street_r IS NULL", _STREET),
        ("town", "(town_l IS NULL OR town_r IS NULL) AND (postal_code_l IS NULL OR postal_code_r IS NULL)", _TOWN),
    ),
}  # fmt: skip
"""By kind of party: a comparison with when nothing can be said, and its steps; whatever is left is the last one."""
_COMMON = {PERSON: "name", COMPANY: "name"}
"""The column whose frequent values say less: there are many Mario Rossi, and one Ildegarda Zwerger."""


def settings(kind: str) -> dict[str, Any]:
    """The comparisons of a kind of party in the words of splink, still without weights."""
    comparisons = [
        {
            "output_column_name": f"{name}_c",
            "comparison_levels": [
                {"sql_condition": unknown, "label_for_charts": "unknown", "is_null_level": True},
                *(_level(kind, name, at, said, condition) for at, (said, condition) in enumerate(levels)),
                {"sql_condition": "ELSE", "label_for_charts": "else"},
            ],
        }
        for name, unknown, levels in COMPARISONS[kind]
    ]
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "unique_id",
        "comparisons": comparisons,
        "blocking_rules_to_generate_predictions": ["l.unique_id = r.unique_id"],
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": False,
        "linker_uid": kind,
    }


def _level(kind: str, name: str, at: int, said: str, condition: str) -> dict[str, Any]:
    level: dict[str, Any] = {"sql_condition": condition, "label_for_charts": said}
    if not at and _COMMON[kind] == name:
        level |= {"tf_adjustment_column": name, "tf_adjustment_weight": 1.0, "tf_minimum_u_value": 0.0001}
    return level


def trained_file(kind: str) -> Path:
    """Where the trained weights of a kind of party are kept."""
    return PLACE / f"{kind}.json"


@lru_cache
def trained(kind: str) -> dict[str, Any]:
    """The trained model as splink reads it."""
    found: dict[str, Any] = json.loads(trained_file(kind).read_text(encoding="utf-8"))
    return found
