"""The SQL that an expert would write by hand for each item, against the same tables, with rights, and the indexes that suit it best.

It selects what the page shows, so that both do the same work. `:me` and the like are parameters; what differs between the two
databases is put in by `Dialect`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

INDEXES: Mapping[str, Sequence[str]] = {
    "sqlite": (
        "CREATE INDEX expert_owner_name ON parties_party (owner_id, name_key, id)",
        "CREATE INDEX expert_territory_name ON parties_party (territory_id, name_key, id)",
        "CREATE INDEX expert_ground ON parties_party (province, industry_id, turnover, id)",
        """CREATE INDEX expert_made ON parties_party (json_extract(extra, '$."u1~"'), json_extract(extra, '$."u3"'), id)""",
        "CREATE INDEX expert_dealings ON processes_activity (party_id, state, at, id)",
        "CREATE INDEX expert_user_name ON people_user (name_key, id)",
    ),
    "postgresql": (
        "CREATE INDEX expert_owner_name ON parties_party (owner_id, name_key, id)",
        "CREATE INDEX expert_territory_name ON parties_party (territory_id, name_key, id)",
        "CREATE INDEX expert_ground ON parties_party (province, industry_id, turnover DESC NULLS LAST, id DESC)",
        """CREATE INDEX expert_made ON parties_party
           (((extra ->> 'u1~') COLLATE "C"), ((extra ->> 'u3')::bigint) DESC NULLS LAST, id DESC)""",
        "CREATE INDEX expert_dealings ON processes_activity (party_id, state, at, id)",
        "CREATE INDEX expert_user_name ON people_user (name_key, id)",
    ),
}
"""Made on a copy of the database that only the expert reads. `u1` and `u3` are the first two user-made fields measured."""


@dataclass(frozen=True)
class Dialect:
    """What one database says otherwise."""

    made: str
    made_sort: str
    then: str
    by: str
    starts: str
    word: str
    begins: str
    holds: str
    matches: str
    search_from: str
    walks: str
    """How a join is written whose left side is to be walked first."""

    def places(self) -> dict[str, str]:
        """The conditions by which what is found is put into its place."""
        return {"starts": self.starts, "word": self.word, "begins": self.begins, "holds": self.holds}


SQLITE = Dialect(
    made="""json_extract(p.extra, '$."u1~"')""",
    made_sort="""json_extract(p.extra, '$."u3"')""",
    then="json_extract(e.image, '$.name_key')",
    by="+row_id",  # keeps SQLite from walking all entries by row
    starts="substr(s.heading, 1, length(:words)) = :words",
    word="instr(' ' || s.heading || ' ', ' ' || :words || ' ') > 0",
    begins="instr(' ' || s.heading, ' ' || :words) > 0",
    holds="instr(s.heading, :words) > 0",
    matches="search_{record}_fts MATCH :quoted",
    search_from="search_{record}_fts CROSS JOIN search_{record} s ON s.id = search_{record}_fts.rowid",
    walks="CROSS JOIN",
)
POSTGRESQL = Dialect(
    made="""((p.extra ->> 'u1~') COLLATE "C")""",
    made_sort="((p.extra ->> 'u3')::bigint)",
    then="""((e.image ->> 'name_key') COLLATE "C")""",
    by="row_id",
    starts="starts_with(s.heading, :words)",
    word="strpos(' ' || s.heading || ' ', ' ' || :words || ' ') > 0",
    begins="strpos(' ' || s.heading, ' ' || :words) > 0",
    holds="strpos(s.heading, :words) > 0",
    matches="s.text LIKE :like",
    search_from="search_{record} s",
    walks="JOIN",
)
DIALECTS = {"sqlite": SQLITE, "postgresql": POSTGRESQL}

COLUMNS = """p.id, p.name, p.kind, p.phase, p.province, i.name, u.name, n.last_activity_on, n.next_activity_on, p.turnover, p.phone"""
AROUND = """LEFT JOIN parties_industry i ON i.id = p.industry_id LEFT JOIN people_user u ON u.id = p.owner_id
LEFT JOIN parties_partynumbers n ON n.party_id = p.id"""

# ── the list by name: all of it walks one index; an agent's is a union of branches, each of which walks its own ──────
LIST = f"SELECT {COLUMNS} FROM parties_party p {AROUND} WHERE {{after}} ORDER BY p.name_key, p.id LIMIT 51"
FIRST, AFTER = "p.name_key > ''", "(p.name_key, p.id) > (:name, :id)"
BRANCH = """SELECT * FROM (SELECT p.id, p.name_key FROM parties_party p WHERE p.{column} = {value} AND {after}
ORDER BY p.name_key, p.id LIMIT 51) b{number}"""
LIST_OF_AGENT = f"""SELECT {COLUMNS} FROM ({{branches}} ORDER BY name_key, id LIMIT 51) k JOIN parties_party p ON p.id = k.id {AROUND}
ORDER BY k.name_key, k.id"""

# ── filter and sort ──────────────────────────────────────────────────────────────────────────────────────────────────
GROUND = f"""SELECT {COLUMNS} FROM parties_party p {AROUND} WHERE p.province = :province AND p.industry_id = :industry {{rights}}
ORDER BY p.turnover DESC NULLS LAST, p.id DESC LIMIT 51"""
MADE = f"""SELECT {COLUMNS} FROM parties_party p {AROUND} WHERE {{made}} = :made {{rights}}
ORDER BY {{made_sort}} DESC NULLS LAST, p.id DESC LIMIT 51"""

# ── search: the best thousand matches at most; names that begin so, then whole words, beginnings, pieces ────────────────
PLACED = """SELECT s.id, s.heading,
 CASE WHEN s.heading = :words THEN 0 WHEN {{starts}} THEN 1 WHEN {{word}} THEN 2
 WHEN {{begins}} THEN 3 WHEN {{holds}} THEN 4 ELSE 5 END AS place
FROM {source} ORDER BY place, heading, id LIMIT {{limit}}"""
BEST = PLACED.format(source="(SELECT s.id, s.heading FROM {search_from} {join} WHERE {matches} {rights} LIMIT 1000) s")
BEST_OF_FEW = PLACED.format(
    source="(SELECT s.* FROM parties_party p JOIN search_party s ON s.id = p.id WHERE p.owner_id = :me AND s.text LIKE :like) s"
)
SEARCH = f"""SELECT {COLUMNS} FROM ({{best}}) k JOIN parties_party p ON p.id = k.id {AROUND}
ORDER BY k.place, k.heading, k.id"""
SEARCH_DEALINGS = """SELECT a.id, a.at, a.kind, a.direction, a.subject, p.name FROM ({best}) k
JOIN processes_activity a ON a.id = k.id JOIN parties_party p ON p.id = a.party_id ORDER BY k.place, k.heading, k.id"""
OPEN = "AND EXISTS (SELECT 1 FROM processes_activity a WHERE a.id = s.id AND (NOT a.private OR a.taken_by_id = :me OR a.assignee_id = :me))"

# ── the card ─────────────────────────────────────────────────────────────────────────────────────────────────────────
CARD = (
    f"SELECT p.*, {COLUMNS} FROM parties_party p {AROUND} WHERE p.id = :card {{rights}}",
    """SELECT a.id, a.kind, a.direction, a.at, a.subject, a.asked, a.outcome, q.name, u.name FROM processes_activity a
LEFT JOIN parties_party q ON q.id = a.person_id LEFT JOIN people_user u ON u.id = a.taken_by_id
WHERE a.party_id = :card AND a.state = 'done' AND (NOT a.private OR a.taken_by_id = :me OR a.assignee_id = :me)
ORDER BY a.at DESC, a.id DESC LIMIT 20""",
    """SELECT a.id, a.kind, a.at, a.subject FROM processes_activity a WHERE a.party_id = :card AND a.state = 'planned'
AND (NOT a.private OR a.taken_by_id = :me OR a.assignee_id = :me) ORDER BY a.at, a.id LIMIT 10""",
    """SELECT f.id, q.name, f.job_title, f.job_role, f.phone, f.mobile, f.email FROM parties_affiliation f
JOIN parties_party q ON q.id = f.person_id WHERE f.organisation_id = :card AND f.until IS NULL ORDER BY f.main DESC, q.name_key""",
    "SELECT * FROM parties_contactpoint WHERE party_id = :card",
    "SELECT * FROM parties_address WHERE party_id = :card",
    "SELECT t.name FROM parties_partytypeof o JOIN parties_partytype t ON t.id = o.party_type_id WHERE o.party_id = :card",
    """SELECT e.id, e.at, c.user_name, c.command, e.image FROM history_entry e LEFT JOIN history_change_set c
ON c.id = e.change_set_id WHERE e.record = 'party' AND e.row_id = :card ORDER BY e.id DESC LIMIT 20""",
)

# ── the list as it was, of what may be seen now: live rows unchanged since walk the index, others come from their first image
AS_OF = """WITH was AS MATERIALIZED (SELECT e.row_id AS id, {then} AS name_key, e.image
 FROM (SELECT row_id, min(id) AS id FROM history_entry WHERE record = 'party' AND at > :at GROUP BY {by}) c
 JOIN history_entry e ON e.id = c.id WHERE e.act <> 'I'),
later AS MATERIALIZED (SELECT DISTINCT row_id FROM history_entry WHERE record = 'party' AND at > :at)
SELECT k.id, k.name_key, p.name, p.kind, p.phase, p.province, i.name, u.name, p.turnover, p.phone, w.image FROM (
 SELECT * FROM ({live}) live UNION ALL SELECT * FROM (
  SELECT w.id, w.name_key FROM was w JOIN parties_party p ON p.id = w.id WHERE 1 = 1 {rights}) then_
 ORDER BY name_key, id LIMIT 51) k
JOIN parties_party p ON p.id = k.id LEFT JOIN was w ON w.id = k.id
LEFT JOIN parties_industry i ON i.id = p.industry_id LEFT JOIN people_user u ON u.id = p.owner_id ORDER BY k.name_key, k.id"""
UNCHANGED = "p.name_key > '' AND p.id NOT IN (SELECT row_id FROM later)"
LIVE = f"SELECT p.id, p.name_key FROM parties_party p WHERE {UNCHANGED} ORDER BY p.name_key, p.id LIMIT 51"

# ── changes, with the same history that the product keeps: a change set, and the stamp that its triggers read ────────
CHANGE_SET = """INSERT INTO history_change_set (at, user_id, user_name, door, command, undoes_id, open, summary)
VALUES (:at, :me, 'Bench', 'bench', 'bench', NULL, FALSE, '{}') RETURNING id"""
STAMP = {
    "sqlite": "INSERT OR REPLACE INTO history_stamp (id, change_set_id, at, markers_only) VALUES (1, :change, :at, FALSE)",
    "postgresql": "SELECT set_config('rapporto.change_set', :change, true), set_config('rapporto.at', :at, true)",
}
UNSTAMP = {"sqlite": "DELETE FROM history_stamp", "postgresql": "SELECT set_config('rapporto.change_set', '', true)"}
CREATE = """INSERT INTO parties_party (extra, kind, name, honorific, first_name, last_name, gender, birth_date, phase, industry_id,
owner_id, territory_id, territory_by_hand, part_of_id, phone, mobile, email, website, street, postal_code, city, province, region,
country, vat_number, tax_code, sdi_code, pec, iban, employees, turnover, external_code, notes, name_key, honorific_key,
first_name_key, last_name_key, street_key, city_key, region_key, notes_key)
VALUES ('{}', 'organisation', :name, '', '', '', '', NULL, 'suspect', NULL,
:me, (SELECT territory_id FROM people_territoryarea WHERE kind = 'province' AND first = :province), FALSE, NULL, :phone, '', :email,
'', '', :postal_code, :city, :province, :region, 'IT', '', '', '', '', '', NULL, NULL, '', '', :name_key, '', '', '', '', :city_key,
:region_key, '') RETURNING id"""
CREATE_NUMBERS = "INSERT INTO parties_partynumbers (party_id, activities) VALUES (:id, 0)"
CREATE_SEARCH = "INSERT INTO search_party (id, heading, text) VALUES (:id, :name_key, :text)"
CREATED = """SELECT kind, phase, owner_id, territory_id, territory_by_hand, phone, email, postal_code, city, province, region, country,
city_key, region_key, (SELECT count(*) FROM parties_partynumbers WHERE party_id = p.id),
(SELECT count(*) FROM search_party s WHERE s.id = p.id)
FROM parties_party p WHERE name_key = :name_key"""
CHANGE = "UPDATE parties_party SET phase = :phase WHERE province IN ({provinces}) AND phase <> :phase {rights}"
UNDO = """UPDATE parties_party SET phase = {then} FROM history_entry e
WHERE e.change_set_id = :change AND e.record = 'party' AND e.row_id = parties_party.id AND parties_party.phase = :phase"""
THEN = {"sqlite": "json_extract(e.image, '$.phase')", "postgresql": "e.image ->> 'phase'"}
CHANGE_ALL = "UPDATE parties_party SET phase = 'at_risk' WHERE id < 10000000 AND phase <> 'at_risk'"
PHASES_OF_ALL = "SELECT phase, count(*), sum(id) FROM parties_party WHERE id < 10000000 GROUP BY phase ORDER BY phase"
ENTERED = "SELECT row_id FROM history_entry WHERE change_set_id = :change AND record = 'party' ORDER BY id"
PHASES = (
    "SELECT phase, count(*), sum(id) FROM parties_party WHERE province IN ({provinces}) GROUP BY phase ORDER BY phase"
)
