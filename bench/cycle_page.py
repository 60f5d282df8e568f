"""Measure the page of a full cycle against that of an empty one and print the ratio of their times.

    python -m bench.cycle_page              # against the database of DATABASE_URL; nothing stays in it
    python -m bench.cycle_page --rounds 80 --parts

60 elements with 90 ties, 40 experiments and 2,000 answers against none. Both are asked by turns through the whole
stack of middleware and templates, so a busy machine slows both. The goal is 1.5 (issue 3).
"""

import argparse
import os
import statistics
import time
from datetime import timedelta

import django

GOAL = 1.5
ELEMENTS, TIES, EXPERIMENTS, ANSWERS = 60, 90, 40, 2000
FEW = 8  # unmeasured rounds first: templates are compiled and plans made
WORDS = "We sat with ten people and read their letters aloud. Nobody had asked them what would help. "


def fill(cycle, by, *, elements=ELEMENTS, ties=TIES, experiments=EXPERIMENTS, answers=ANSWERS):
    """So much on one cycle. Everything is made in bulk: what is measured is reading."""
    from django.utils import timezone

    from cycles import models as c

    today = timezone.localdate()
    parts = c.SystemElement.objects.bulk_create(
        c.SystemElement(cycle=cycle, by=by, name=f"Part {i:02d}", kind=("actor", "factor")[i % 2], note=WORDS)
        for i in range(elements)
    )
    c.ElementTie.objects.bulk_create(
        c.ElementTie(
            cycle=cycle,
            by=by,
            source=parts[i % elements],
            target=parts[(i * 7 + 1 + i // elements) % elements],
            effect=("helps", "hinders", "could_help")[i % 3],
            basis=("seen", "assumed", "")[i % 3],
        )
        for i in range(ties if elements else 0)
        if i % elements != (i * 7 + 1 + i // elements) % elements
    )
    c.Experiment.objects.bulk_create(
        c.Experiment(
            cycle=cycle,
            title=f"Experiment {i:02d}",
            question=f"What happens if we ask first, number {i:02d}?",
            actions=WORDS * 4,
            learned=WORDS * 4,
            state=("running", "making_sense", "idea", "stopped")[i % 4],
            legal_ok=i % 4 < 2,
            safe_ok=i % 4 < 2,
            ended_on=today if i % 4 == 3 else None,
            end_point=("known", "unknown")[i % 2],
            contact=("direct", "indirect")[i % 2],
        )
        for i in range(experiments)
    )
    questions = list(c.Question.objects.filter(place=None, is_active=True).exclude(set__in=["debrief", "hot"]))
    c.Answer.objects.bulk_create(
        c.Answer(
            cycle=cycle,
            question=questions[i % len(questions)],
            asked=questions[i % len(questions)].text,
            text=WORDS * 2,
            by=by,
            on=today - timedelta(days=i // len(questions) * 7),
        )
        for i in range(answers)
    )


def stage():
    """A worker's place with an empty cycle and a full one."""
    from cycles import models as c

    place = c.Place.objects.create(name="Bench", slug="bench-of-the-cycle-page")
    team = c.Team.objects.create(place=place, name="Bench team", slug="bench-team")
    worker = c.User.objects.create(email="bench.cycle.page@example.org", name="Bench Worker", short_name="Bench")
    c.Membership.objects.create(place=place, user=worker, team=team, role=c.Role.CASEWORKER)
    empty, full = (
        c.LearningCycle.objects.create(place=place, team=team, title=title, purpose=WORDS)
        for title in ("Empty", "Full")
    )
    for cycle in (empty, full):
        c.PurposeVersion.objects.create(cycle=cycle, purpose=WORDS, by=worker)
    fill(full, worker)
    return worker, empty, full


def timed(client, url):
    begun = time.perf_counter()
    response = client.get(url)
    took = time.perf_counter() - begun
    assert response.status_code == 200, f"{url} answered {response.status_code}"
    return took * 1000, len(response.content)


def parts(worker, empty, full, rounds):
    """How long each room takes to gather its part, in both; lists that are asked for later count in the template."""
    from hls.pages import cycle as page

    for part in page.PARTS:
        took = {}
        for shown in (empty, full):
            times = []
            for _ in range(rounds):
                begun = time.perf_counter()
                {key: list(value) if hasattr(value, "query") else value for key, value in part(worker, shown).items()}
                times.append((time.perf_counter() - begun) * 1000)
            took[shown.title] = statistics.median(times)
        print(f"  {part.__module__:34} {took['Empty']:6.1f} {took['Full']:6.1f} ms")


def main():
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--rounds", type=int, default=40)
    asked.add_argument("--parts", action="store_true", help="also say which room takes how long")
    options = asked.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hls.settings")
    django.setup()
    from django.conf import settings
    from django.db import connection, transaction
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    with transaction.atomic():
        worker, empty, full = stage()
        client = Client(headers={"accept-encoding": ""})
        client.force_login(worker)
        urls = {shown.title: shown.get_absolute_url() for shown in (empty, full)}
        took, size, queries = {title: [] for title in urls}, {}, {}
        for turn in range(-FEW, options.rounds):
            for title, url in urls.items():
                ms, size[title] = timed(client, url)
                if turn >= 0:
                    took[title].append(ms)
        for title, url in urls.items():
            with CaptureQueriesContext(connection) as captured:
                client.get(url)
            queries[title] = len(captured)
            shown = took[title]
            print(
                f"{title:6} median {statistics.median(shown):6.1f} ms, p95 {statistics.quantiles(shown, n=20)[-1]:6.1f} ms,"
                f" {queries[title]} queries, {size[title] // 1024} KB"
            )
        ratio = statistics.median(took["Full"]) / statistics.median(took["Empty"])
        print(f"Ratio {ratio:.2f} (goal {GOAL}), {queries['Full'] - queries['Empty']} queries more")
        if options.parts:
            parts(worker, empty, full, options.rounds)
        transaction.set_rollback(True)


if __name__ == "__main__":
    main()
