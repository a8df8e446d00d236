"""Scores the pairs of a table of parties with the trained model: how likely each pair is one and the same party."""

import logging
from collections.abc import Callable, Iterable, Iterator

from splink import DuckDBAPI, Linker

from rapporto.insight.duplicates import model
from rapporto.insight.duplicates.features import Row
from rapporto.insight.duplicates.table import database, fill, pair_up

Pair = tuple[int, int, float]
"""Two parties, the smaller number first, and how likely they are one, from 0 to 1."""
FETCHED = 10_000
WRITTEN_AGAIN = 0.4
"""Twice the part of the parties that are expected to stand there a second time: the odds of a pair drawn at random follow from it."""


def likely_pairs(
    rows: Iterable[Row], kind: str, least: float, told: Callable[[int], None] = lambda done: None
) -> Iterator[Pair]:
    """The pairs of a table of parties that are one with at least this probability, the likeliest first."""
    with database() as there:
        count = fill(there, rows, person=kind == model.PERSON, told=told)
        if count < 2 or not pair_up(there):
            return
        api = DuckDBAPI(there)
        weights = {**model.trained(kind), "probability_two_random_records_match": min(WRITTEN_AGAIN / count, 0.01)}
        linker = Linker(api.register("subject"), weights, log_level=logging.ERROR, validate_settings=False)
        linker.table_management.register_blocked_pairs_for_predict(api.register("candidate"))
        scored = linker.inference.predict(threshold_match_probability=least)
        found = there.execute(
            f"SELECT unique_id_l, unique_id_r, match_probability FROM {scored.physical_name} ORDER BY 3 DESC, 1, 2"
        )
        while some := found.fetchmany(FETCHED):
            yield from ((min(one, two), max(one, two), probability) for one, two, probability in some)
