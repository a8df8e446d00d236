"""Trains the model on a register of which is known who is who: how often each step of a comparison is met in one party, and in two."""

import json
import logging
from collections.abc import Iterable
from typing import Any

from splink import DuckDBAPI, Linker

from rapporto.insight.duplicates import model
from rapporto.insight.duplicates.features import Row
from rapporto.insight.duplicates.table import database, fill

SAMPLED = 2e6
"""Pairs drawn at random to learn what two different parties have in common by chance."""


def train(rows: Iterable[Row], kind: str) -> dict[str, Any]:
    """The weights learnt from rows that bear labels, as splink writes them down."""
    with database() as there:
        fill(there, rows, person=kind == model.PERSON, told=lambda done: None)
        linker = Linker(DuckDBAPI(there).register("subject"), model.settings(kind), log_level=logging.ERROR)
        linker.training.estimate_u_using_random_sampling(max_pairs=SAMPLED, seed=1)
        linker.training.estimate_m_from_label_column("label")
        found: dict[str, Any] = linker.misc.save_model_to_json(out_path=None)
        return found


def keep(kind: str, trained: dict[str, Any]) -> None:
    """Write the weights to the file that is shipped."""
    text = json.dumps(trained, indent=1, ensure_ascii=False, sort_keys=True)
    model.trained_file(kind).write_text(f"{text}\n", encoding="utf-8")
    model.trained.cache_clear()
