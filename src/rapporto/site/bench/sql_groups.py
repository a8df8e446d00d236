"""The SQL that an expert would write by hand for groups, for what they come to, and for columns beyond the record itself."""

from rapporto.site.bench.sql import AROUND, COLUMNS

PRIVATE = "(NOT a.private OR a.taken_by_id = :me OR a.assignee_id = :me)"

# ── groups: who sees all parties seeks from key to key, others read the narrowest index that holds their rights ──────────
GROUPS = """WITH RECURSIVE walk(k, n) AS (SELECT (SELECT min(province) FROM parties_party WHERE province > ''), 1
UNION ALL SELECT (SELECT min(province) FROM parties_party WHERE province > walk.k), walk.n + 1 FROM walk
WHERE walk.k IS NOT NULL AND walk.n < 51) SELECT k FROM walk WHERE k IS NOT NULL ORDER BY n"""
GROUPS_OF_AGENT = (
    "SELECT DISTINCT p.province FROM parties_party p WHERE p.province > '' {rights} ORDER BY p.province LIMIT 51"
)

FIRST_LEVEL = """SELECT p.region_key, count(*), sum(p.turnover) FROM parties_party p WHERE p.region_key > '' {rights}
GROUP BY p.region_key ORDER BY p.region_key LIMIT 50"""
SECOND_LEVEL = """SELECT p.phase, count(*), sum(p.turnover) FROM parties_party p WHERE p.region_key = :region {rights}
GROUP BY p.phase"""
BLANK = "SELECT count(*), sum(p.turnover) FROM parties_party p WHERE p.region_key = '' {rights}"

# ── columns beyond the record ────────────────────────────────────────────────────────────────────────────────────────
COUNTED = f"""SELECT k.id, (SELECT count(*) FROM processes_activity a WHERE a.party_id = k.id AND {PRIVATE})
FROM ({{rows}}) k"""
BY_OWNER = f"""SELECT {COLUMNS} FROM people_user o {{walks}} parties_party p ON p.owner_id = o.id {AROUND}
WHERE o.name_key > '' {{rights}} ORDER BY o.name_key, o.id, p.id LIMIT 51"""
