"""Dated answers of the demo place, what was said back, and one question in its own words. All of it is filler."""

from cycles import models as c
from issues.models import Barrier


def load(world):
    place, asked = world.place, {q.key: q for q in c.Question.objects.filter(place=None)}
    for row in world.data["wordings"]:
        c.QuestionWording.objects.create(
            place=place,
            question=asked[row["key"]],
            text=row["text"],
            by=world.user[row["by"]],
            at=world.at(row["day"], 9),
        )
    words = {row["key"]: (row["day"], row["text"]) for row in world.data["wordings"]}
    for row in sorted(world.data["answers"], key=lambda row: -row["day"]):
        for key, said in row["said"].items():
            day, text = words.get(key, (0, ""))
            answer = _answer(world, row, asked[key], said, text if row["day"] <= day else asked[key].text)
            if issue := row.get("issue", {}).get(key):
                Barrier.objects.create(answer=answer, issue=world.issue[issue])
    for row in world.data["remarks"]:
        answer = c.Answer.objects.filter(**_where(world, row), question=asked[row["key"]]).last()
        answer.remarks.create(
            text=row["text"],
            said_by=row.get("said_by", ""),
            by=world.user[row["by"]],
            on=world.day(row["day"]),
            at=world.at(row["day"], 12),
            is_demo=True,
        )


def _where(world, row):
    ((kind, key),) = row["to"].items()
    return {kind: {"cycle": world.cycle, "team": world.team, "experiment": world.experiment}[kind][key]}


def _answer(world, row, question, said, asked):
    text, example = said if isinstance(said, list) else (said, "")
    return c.Answer.objects.create(
        **_where(world, row),
        question=question,
        asked=asked,
        text=text or "",
        example=example,
        is_unknown=said is None,
        by=world.user[row["by"]],
        on=world.day(row["day"]),
        at=world.at(row["day"], 11),
        is_demo=True,
    )
