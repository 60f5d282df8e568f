"""A phone without a signal (row 36 of the assurance table): words outlive a killed browser, and arrive once.

    python -m bench.offline --engine firefox --runs 20
    python -m bench.offline --engine chromium --runs 20
    python -m bench.offline --engine firefox --runs 1 --break plain    # or lost, or twice: must be found

Serves the database of DATABASE_URL itself, in a place of its own that it takes away again. Needs Debian's
firefox-esr and chromium.
"""

import argparse
import os
import sys
from time import monotonic


def main():
    from bench.offline.engines import ENGINES
    from bench.offline.journey import BREAKS

    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--engine", choices=ENGINES, required=True)
    asked.add_argument("--runs", type=int, default=20)
    asked.add_argument("--first", type=int, default=0, help="the number of the first run, to see one again")
    asked.add_argument("--seed", type=int, default=36)
    asked.add_argument("--break", choices=BREAKS, default="", dest="broken", help="a fault made on purpose")
    asked = asked.parse_args()
    engine = ENGINES[asked.engine]
    if not engine.path():
        sys.exit(f"no {asked.engine} on this machine")
    # No https on this machine's own address; browsers trust it all the same.
    os.environ |= {"ENVIRONMENT": "development", "SITE_URL": "http://127.0.0.1"}
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hls.settings")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps a loop running in this thread
    import django

    django.setup()
    sys.exit(drill(engine, asked))


def drill(engine, asked):
    """Prints each run and all of them; answers 1 when a figure that must be 0 is not."""
    from bench.offline.journey import journey
    from bench.offline.world import World
    from bench.run import served

    began, outcomes, failed = monotonic(), [], 0
    world = World()
    try:
        with served("hls.wsgi", "hls.settings") as (port, _):
            for number in range(asked.first, asked.first + asked.runs):
                try:
                    out = journey(engine, world, port, number, asked.seed, asked.broken)
                except Exception as wrong:
                    failed += 1
                    print(f"{number:3} failed: {type(wrong).__name__}: {wrong}", flush=True)
                    continue
                outcomes.append(out)
                print(f"{number:3} {told(out)}", flush=True)
    finally:
        world.clear()
    sums = {
        name: sum(getattr(out, name) for out in outcomes) for name in ("typed", "lost", "younger", "repeats", "left")
    }
    plain = sum(len(out.plain) for out in outcomes)
    print(
        f"{asked.engine}: {len(outcomes)} runs, {failed} not finished, {sums['typed']:,} letters typed, "
        f"{sums['lost']} older than five seconds lost ({sums['younger']} younger), {sums['repeats']} repeats, "
        f"{plain} files with plain words, {sums['left']} left on the device, {monotonic() - began:.0f} s"
    )
    return int(bool(failed or plain or sums["lost"] or sums["repeats"] or sums["left"]))


def told(out):
    where = f" in {', '.join(out.plain)}" if out.plain else ""
    return (
        f"{out.kind}: {out.typed:,} typed, {out.lost} lost ({out.younger} younger), {out.repeats} repeats, "
        f"plain words in {len(out.plain)} files{where}, {out.left} left, {out.seconds:.0f} s"
    )


if __name__ == "__main__":
    main()
