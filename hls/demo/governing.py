"""The demo's governing: a review with what lay beside it, promises and what became of them, accounts and voices."""

from cycles import models as c
from hls.governing import models as g


def load(world):
    data = world.data["governing"]
    for row in data["reviews"]:
        _review(world, row)
    for row in data["promises"]:
        _promise(world, row)
    for row in data["accounts"]:
        _account(world, row)
    for row in data["voices"]:
        _voice(world, row)


def _about(world, row, back):
    return {
        "cycle": world.cycle[row["cycle"]],
        "by": world.user[row["by"]],
        "at": world.at(back),
        "is_demo": True,
    }


def _review(world, row):
    back, about = row["day"], _about(world, row, row["day"])
    asked = {q.key.partition(".")[2]: q for q in c.Question.objects.filter(set="governing")}
    review = g.Review.objects.create(
        held_on=world.day(back),
        answered_by=row["answered_by"],
        who_is_in=row["in"],
        who_is_out=row["out"],
        changes=row["changes"],
        who_does=row["who_does"],
        draft={asked[key].key: {"text": text, "is_unknown": not text} for key, text in row["said"].items()},
        state="finished",
        finished_at=world.at(back, 16),
        finished_by=world.user[row["by"]],
        updated_at=world.at(back, 16),
        **about,
    )
    said = row["said"] | {"boundary": f"In: {row['in']}\nLeft out: {row['out']}"}
    review.answers.set(
        c.Answer.objects.create(
            question=asked[key],
            asked=asked[key].text,
            text=text,
            is_unknown=not text,
            on=review.held_on,
            **about,
        )
        for key, text in said.items()
    )
    for key, things in row["beside"].items():
        for kind, thing in things:
            g.ReviewEvidence.objects.create(
                review=review, question=asked[key], by=review.by, **{kind: _thing(world, kind, thing)}
            )


def _thing(world, kind, key):
    """Found by how it begins, as a person would find it."""
    cycle = world.cycle["debt"]
    if kind == "issue":
        return world.issue[key]
    if kind == "reading":
        return c.Reading.objects.filter(measure=world.measure[key]).order_by("period_start", "pk").first()
    if kind == "story":
        return c.Story.objects.get(cycle__place=world.place, title=key)
    return c.Lesson.objects.filter(cycle=cycle, text__startswith=key).first()


def _promise(world, row):
    steps = list(_steps(world, row))
    last = steps[-1]
    promise = g.Promise.objects.create(
        review=g.Review.objects.filter(cycle=world.cycle[row["cycle"]]).first(),
        team=world.team[row["team"]],
        text=last["text"],
        made_on=world.day(row["steps"][0][0]),
        due_on=last["due_on"],
        state=last["state"],
        **_about(world, {"cycle": row["cycle"], "by": row["steps"][0][1]}, row["steps"][0][0]),
    )
    for step in steps:
        promise.steps.create(**step)


def _steps(world, row):
    """Each step with the words and the day that stood from then on."""
    text, due = row["text"], None
    for day, by, state, words, new_due in row["steps"]:
        text = row["changed"] if state == "changed" else text
        due = due if new_due is None else new_due
        yield {
            "state": state,
            "text": text,
            "due_on": world.day(due),
            "words": words,
            "by": world.user[by],
            "at": world.at(day),
        }


def _account(world, row):
    g.Account.objects.create(
        review=g.Review.objects.filter(cycle=world.cycle[row["cycle"]]).first(),
        given_on=world.day(row["day"]),
        to_whom=row["to"],
        told=row["told"],
        said_back=row.get("said_back", ""),
        **_about(world, row, row["day"]),
    )


def _voice(world, row):
    answer = row.get("answer")
    g.Voice.objects.create(
        kind=row["kind"],
        text=row["text"],
        said_by=row.get("said_by", ""),
        said_on=world.day(row["day"]),
        answer=answer[2] if answer else "",
        answered_on=world.day(answer[0]) if answer else None,
        answered_by=world.user[answer[1]] if answer else None,
        **_about(world, row, row["day"]),
    )
