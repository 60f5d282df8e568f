"""Fill a database with a believable place of N issues and N debriefs, in SQL, in one go.

    python -m bench.generate 100000

Reads DATABASE_OWNER_URL (or DATABASE_URL). The database must be migrated and hold no place. The same N gives the
same rows: the random numbers are seeded. Words come from a small vocabulary with a long tail, as real logs do;
`zugzwang` stands in one issue of five thousand (the rare word) and `letter` in about one of twelve (the common one).
"""

import os
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import django
import psycopg
from django.utils import timezone

TEAMS, USERS, CYCLES = 50, 500, 50

VOCABULARY = """
    letter rent benefit form phone call visit house move school court cost bus job card money debt office wait
    list nurse doctor home child worker team award claim wrong late held sent asked told again nobody answer
    number address proof copy paper online password interview assessment referral threshold eligible panel
    meeting signature budget supplier contract landlord deposit eviction repair damp heating meter tariff
    arrears bailiff summons hearing appeal tribunal advice bureau charity church kitchen table neighbour stairs
    noise police caution probation custody release discharge ward bed clinic prescription pharmacy dentist
    therapy counselling crisis helpline queue voicemail switchboard email portal system screen field code error
    duplicate record file folder archive backlog deadline extension review sanction overpayment deduction
    instalment threshold carer respite wheelchair ramp adaptation occupational equipment grant voucher foodbank
    parcel cooker fridge bedding uniform shoes bicycle licence passport visa interpreter translation leaflet
    poster website library allotment garden lunch club choir football gym swimming pool nursery breakfast
    homework exclusion transport taxi mileage receipt petty cash procurement tender framework invoice audit
    policy procedure template checklist training induction supervision caseload handover rota shift weekend
    holiday sickness vacancy agency manager director councillor member committee minutes agenda decision
    delegation scheme statute regulation guidance circular inspection standard indicator baseline pilot rollout
    evaluation consent confidentiality sharing agreement protocol gateway triage allocation duty intake closure
    escalation threshold complaint ombudsman advocate tenancy succession homeless shelter hostel refuge sofa
    street outreach needle alcohol recovery relapse detox rehab peer mentor volunteer befriending isolation
    loneliness bereavement funeral probate pension attendance allowance universal credit capability housing
    element bedroom shortfall discretionary council tax band exemption single occupancy student apprentice zero
    hours contract redundancy furlough overtime payslip coding emergency backdated
""".split()  # noqa: SIM905

AS_SQL_ARRAY = "ARRAY[" + ",".join(f"'{w}'" for w in VOCABULARY) + "]"

# Early words are drawn far more often than late ones; `i` in the series keeps it from being worked out once for all.
SENTENCE = f"""(SELECT initcap(left(s, 1)) || substr(s, 2) || '.' FROM (SELECT string_agg(
    ({AS_SQL_ARRAY})[1 + floor(power(random(), 2.2) * {len(VOCABULARY)})::int], ' ') AS s
    FROM generate_series(1, {{words}} + (i %% 7))) x)"""

ISSUES = [
    ("issues", f"""INSERT INTO issues_issue (place_id, number, cycle_id, team_id, description, who_affected, what_they_face,
          how_many, kind, level, owner_tier, held_by_id, held_since, domain, is_barrier, is_leverage, status,
          countermeasure_state, system_change_state, raised_by_id, raised_on, closed_on, closed_how, closed_words,
          updated_at, version, client_id, is_demo)
        SELECT c.place_id, i, c.id, c.team_id,
          {SENTENCE.format(words=9)} || CASE WHEN i %% 5000 = 7 THEN ' Zugzwang.' ELSE '' END,
          '', {SENTENCE.format(words=5)}, '', '', (ARRAY[NULL,1,1,2,2,2,2,3])[1 + i %% 8],
          (ARRAY['','team','team','lship','lship','lship','govt'])[1 + i %% 7],
          CASE WHEN i %% 9 = 0 THEN (SELECT min(id) + i %% 6 FROM cycles_team) ELSE c.team_id END,
          d.raised + (i %% 20), '', i %% 11 = 0, i %% 13 = 0, d.status,
          (ARRAY['','trying','in_place','in_place'])[1 + i %% 4], (ARRAY['','','working_out','agreed','','','working_out','in_place'])[1 + (i / 5) %% 8],
          u.first + i %% {USERS}, d.raised, CASE WHEN d.status = 'closed' THEN d.raised + 30 END,
          CASE WHEN d.status = 'closed' THEN 'in_place' ELSE '' END, '',
          d.raised + interval '25 days' + (i %% 86400) * interval '1 second', 2, gen_random_uuid(), false
        FROM generate_series(1, %(n)s) i
        JOIN LATERAL (SELECT current_date - 30 - ((i::bigint * 7919) %% 1080)::int AS raised,
          CASE WHEN (i * 31) %% 100 < 78 THEN 'closed' ELSE 'open' END AS status) d ON true
        JOIN (SELECT *, row_number() OVER (ORDER BY id) AS r FROM cycles_learningcycle) c ON c.r = 1 + i %% {CYCLES}
        CROSS JOIN (SELECT min(id) AS first FROM cycles_user) u"""),
    ("access", """INSERT INTO issues_issueaccess (issue_id, team_id, from_at, is_holder, status, level, owner_tier,
          countermeasure_state, system_change_state, is_barrier, is_leverage, updated_at, raised_on, number, changes_on)
        SELECT i.id, t.team, now(), i.held_by_id = t.team, status, level, owner_tier, countermeasure_state,
          system_change_state, is_barrier, is_leverage, updated_at, raised_on, number,
          CASE WHEN i.system_change_state = 'in_place' THEN i.raised_on + 12 END
        FROM issues_issue i CROSS JOIN LATERAL (SELECT i.team_id UNION SELECT i.held_by_id) t(team)"""),
    ("sightings", f"""INSERT INTO issues_sighting (issue_id, team_id, by_id, "on", words, quote, quote_released_on, client_id, occasion_ref)
        SELECT i.id, i.team_id, i.raised_by_id, i.raised_on + k, {SENTENCE.format(words=6).replace("(i %% 7)", "(i.number %% 7)")},
          CASE WHEN i.number %% 300 = 9 THEN 'Nobody rang before the letter came.' ELSE '' END,
          CASE WHEN i.number %% 300 = 9 THEN i.raised_on + k END, gen_random_uuid(), i.number
        FROM issues_issue i, generate_series(0, 3) k WHERE k = 0 OR i.number %% 8 = k"""),
    ("newest quotes", """UPDATE issues_issueaccess a SET quoted_on = s.newest FROM (SELECT issue_id,
          max(quote_released_on) AS newest FROM issues_sighting WHERE quote <> '' GROUP BY 1) s WHERE s.issue_id = a.issue_id"""),
    ("seen in debriefs", """UPDATE issues_issue i SET seen_in = s.n FROM (SELECT issue_id,
          count(DISTINCT occasion_ref) AS n FROM issues_sighting GROUP BY 1) s WHERE s.issue_id = i.id"""),
    ("seen in debriefs, for each team", """UPDATE issues_issueaccess a SET seen_in = i.seen_in
        FROM issues_issue i WHERE i.id = a.issue_id"""),
    ("responses", f"""INSERT INTO issues_response (issue_id, kind, text, leaves_behind, state, in_place_on, by_id, updated_at, version)
        SELECT i.id, k.kind, {SENTENCE.format(words=6).replace("(i %% 7)", "(i.number %% 7)")}, '', k.state,
          CASE WHEN k.state = 'in_place' THEN i.raised_on + 12 END, i.raised_by_id, i.updated_at, 1
        FROM issues_issue i JOIN LATERAL (VALUES ('countermeasure', i.countermeasure_state),
          ('system_change', i.system_change_state)) k(kind, state) ON k.state <> ''"""),
    ("steps", """INSERT INTO issues_issuestep (issue_id, what, words, team_id, state, by_id, at)
        SELECT i.id, k.what, CASE k.what WHEN 'raised' THEN '' ELSE 'We looked at it together.' END, i.team_id, '',
          i.raised_by_id, i.raised_on + k.after * interval '1 day'
        FROM issues_issue i JOIN LATERAL (VALUES ('raised', 0), ('level', 3), ('countermeasure', 12)) k(what, after) ON true"""),
    ("ten comments", """INSERT INTO issues_issuestep (issue_id, what, words, team_id, state, by_id, at)
        SELECT i.id, 'seen', 'Seen again.', i.team_id, '', i.raised_by_id, now() - k * interval '1 hour'
        FROM (SELECT * FROM issues_issue WHERE number %% 1000 = 3) i, generate_series(1, 10) k"""),
    ("offers", """INSERT INTO issues_issuemove (issue_id, state, from_level, to_level, from_owner, to_owner, from_team_id,
          to_team_id, why, asks, by_id, at, answer, waits)
        SELECT i.id, 'offered', i.level, 2, i.owner_tier, 'lship', i.held_by_id, (SELECT min(id) FROM cycles_team),
          'We cannot change it here.', 'Should it change?', i.raised_by_id, now() - (i.number %% 90) * interval '1 day', '', true
        FROM issues_issue i WHERE i.status = 'open' AND i.number %% 97 = 5 AND i.held_by_id <> (SELECT min(id) FROM cycles_team)
        LIMIT 300"""),
    ("taken on", """WITH l AS (SELECT min(id) AS id FROM cycles_team), mv AS (
          INSERT INTO issues_issuemove (issue_id, state, from_level, to_level, from_owner, to_owner, from_team_id,
            to_team_id, why, asks, by_id, at, answered_by_id, answered_at, answer, waits)
          SELECT i.id, 'accepted', i.level, 2, i.owner_tier, 'lship', i.team_id, l.id, 'We cannot change it here.',
            'Should it change?', i.raised_by_id, i.raised_on, i.raised_by_id, i.raised_on + 2, '', false
          FROM issues_issue i, l WHERE i.held_by_id = l.id AND i.team_id <> l.id RETURNING id, issue_id, by_id)
        INSERT INTO issues_decision (issue_id, team_id, move_id, outcome, words, new_normal, decided_on, by_id, at)
        SELECT mv.issue_id, l.id, mv.id, 'try', 'We will try it.', '', current_date - (mv.id %% 900)::int, mv.by_id, now()
          FROM mv, l WHERE mv.id %% 10 <> 0"""),
    ("still waiting", """UPDATE issues_issuemove m SET waits = true FROM issues_issue i WHERE i.id = m.issue_id
          AND i.status = 'open' AND m.state = 'accepted'
          AND NOT EXISTS (SELECT FROM issues_decision d WHERE d.move_id = m.id)"""),
    ("flow tallies", """INSERT INTO issues_flowtally (place_id, month, level, owner_tier, status, countermeasure_state, system_change_state, n)
        SELECT place_id, date_trunc('month', raised_on)::date, level, owner_tier, status, countermeasure_state,
          system_change_state, count(*) FROM issues_issue GROUP BY 1, 2, 3, 4, 5, 6, 7"""),
    ("wait tallies", """INSERT INTO issues_waittally (place_id, held_by_id, week, n)
        SELECT place_id, held_by_id, date_trunc('week', held_since)::date, count(*) FROM issues_issue
        WHERE status = 'open' GROUP BY 1, 2, 3"""),
]  # fmt: skip

DEBRIEFS = [
    ("debriefs", f"""INSERT INTO debriefs_debrief (place_id, team_id, cycle_id, kind, planned_for, "where", state, held_on,
          written_up_at, written_up_by_id, missed_because, client_id, is_demo)
        SELECT c.place_id, c.team_id, c.id, 'regular', m.at, '', 'written_up', m.at::date, m.at + interval '1 hour',
          u.first + i %% {USERS}, '', gen_random_uuid(), false
        FROM generate_series(1, %(n)s) i
        JOIN LATERAL (SELECT now() - ((i::bigint * 7919) %% 93600000) * interval '1 second' AS at) m ON true
        JOIN (SELECT *, row_number() OVER (ORDER BY id) AS r FROM cycles_learningcycle) c ON c.r = 1 + i %% {CYCLES}
        CROSS JOIN (SELECT min(id) AS first FROM cycles_user) u"""),
    ("contributions", """INSERT INTO debriefs_contribution (debrief_id, author_id, client_id, draft, revision, saved_at, shared_at)
        SELECT id, written_up_by_id, gen_random_uuid(), '{}', 1, planned_for, planned_for FROM debriefs_debrief"""),
    ("answers", f"""INSERT INTO debriefs_debriefanswer (debrief_id, contribution_id, question_id, text, at)
        SELECT c.debrief_id, c.id, q.id, {SENTENCE.format(words=12).replace("(i %% 7)", "(c.id %% 7)::int")}, c.shared_at
        FROM debriefs_contribution c JOIN cycles_question q ON q.key IN ('debrief.now', 'debrief.learn')"""),
]  # fmt: skip


def people_and_cycles(n):
    """The small tables, through the models."""
    from cycles import models as c

    place = c.Place.objects.create(name="Bench", slug="bench", issue_counter=n)
    users = c.User.objects.bulk_create(
        c.User(email=f"bench{i}@example.org", name=f"Bench Person {i}", short_name=f"Bench{i}", password="!")
        for i in range(USERS)
    )
    kinds = ["leadership"] + ["working"] * 5 + ["core"] * (TEAMS - 6)
    teams = c.Team.objects.bulk_create(
        c.Team(place=place, name=f"Team {i}", slug=f"team-{i}", kind=kind) for i, kind in enumerate(kinds)
    )
    long_ago = timezone.localdate() - timedelta(days=400)
    c.Membership.objects.bulk_create(
        c.Membership(
            place=place,
            user=user,
            team=teams[i % TEAMS],
            from_on=long_ago,
            role="leader" if i % TEAMS == 0 else "caseworker",
        )
        for i, user in enumerate(users[:-1])
    )
    c.Membership.objects.create(place=place, user=users[-1], role="steward", from_on=long_ago)
    c.LearningCycle.objects.bulk_create(
        c.LearningCycle(place=place, team=team, title=f"Cycle {i}", purpose="People live good lives")
        for i, team in enumerate(teams)
    )


INDEXES = """SELECT format('DROP INDEX %%I', c.relname), pg_get_indexdef(i.indexrelid) FROM pg_index i
  JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = ANY(%s::regclass[])
  AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid)"""
LINKS = """SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
  format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid))
  FROM pg_constraint WHERE contype = 'f' AND conrelid = ANY(%s::regclass[])"""


def tables_of(steps):
    return sorted({word for _, sql in steps for word in re.findall(r"INTO (\w+)", sql)})


def put_aside(connection, tables):
    """Drop the indexes, links and row triggers of `tables`; give back what builds them again, last of all."""
    aside = [row for sql in (LINKS, INDEXES) for row in connection.execute(sql, [tables]).fetchall()]
    for drop, _ in aside:
        connection.execute(drop)
    for table in tables:
        connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    awake = [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables]
    return [build for _, build in reversed(aside)] + awake + stand_in(connection, tables)


# What the models fill in by themselves, so that a new column asks nothing of the rows above.
PLAIN = {"text": "''", "character varying": "''", "boolean": "false", "jsonb": "'{}'", "uuid": "gen_random_uuid()"}
UNFILLED = """SELECT table_name, column_name, data_type FROM information_schema.columns
  WHERE table_name = ANY(%s) AND is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO'"""


def stand_in(connection, tables):
    """Give the columns that nobody fills a plain value while rows come in; give back what ends that."""
    found = [row for row in connection.execute(UNFILLED, [tables]).fetchall() if row[2] in PLAIN]
    for table, column, kind in found:
        connection.execute(f'ALTER TABLE {table} ALTER "{column}" SET DEFAULT {PLAIN[kind]}')
    return [f'ALTER TABLE {table} ALTER "{column}" DROP DEFAULT' for table, column, _ in found]


def fill(url, steps, n, rebuild):
    with psycopg.connect(url, options="-c jit=off", autocommit=True) as connection:
        connection.execute("SET work_mem = '256MB'")
        connection.execute("SET maintenance_work_mem = '1GB'")
        connection.execute("SELECT setseed(0.42)")
        for name, sql in steps:
            timed(name, lambda sql=sql: connection.execute(sql, {"n": n}))
        timed("indexes", lambda: [connection.execute(build) for build in rebuild])


def timed(name, act):
    began = time.monotonic()
    act()
    print(f"{name:14} {time.monotonic() - began:7.1f} s", flush=True)


def main(n):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hls.settings")
    django.setup()
    url = os.environ.get("DATABASE_OWNER_URL") or os.environ["DATABASE_URL"]
    with psycopg.connect(url) as connection:
        if connection.execute("SELECT count(*) FROM cycles_place").fetchone()[0]:
            sys.exit("This database holds a place already. The bench fills only an empty one.")
    people_and_cycles(n)
    from issues.log.vocabulary import LEARN_ALL

    chains = [[*ISSUES, ("words", LEARN_ALL)], DEBRIEFS]
    with psycopg.connect(url) as connection:
        rebuild = [put_aside(connection, tables_of(steps)) for steps in chains]
    # Side by side on two cores: the debriefs need nothing of the issues.
    with ThreadPoolExecutor(len(chains)) as pool:
        for done in [pool.submit(fill, url, steps, n, again) for steps, again in zip(chains, rebuild, strict=True)]:
            done.result()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET maintenance_work_mem = '1GB'")
        timed("vacuum", lambda: connection.execute("VACUUM ANALYZE"))


if __name__ == "__main__":
    main(int(sys.argv[1]))
