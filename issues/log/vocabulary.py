"""A place's own words, kept by the database, so that a misspelled word still finds what was meant.

Each word stands with itself shortened by one letter, longer ones also by two: two words that are a slip apart share
one of these, so one index finds the candidates however many words there are (docs/adr/0026). The words are only ever
used to look further; they are shown to nobody. A row is added without asking who else adds it, because a unique word
would make writers wait for each other; the sweep takes out what stands twice, and what no issue says any more.
"""

from itertools import combinations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import connection, models
from django.utils import timezone

from cycles.people.models import Place

SHORTEST, LONGEST = 4, 24
TWO_SLIPS_FROM = 7  # letters: in shorter words two slips make another word
WORDS_OF = ("description", "what_they_face", "who_affected")

_TEXT = " || ' ' || ".join("{row}." + name for name in WORDS_OF)
_SPLIT = f"regexp_split_to_table(lower({_TEXT}), '[^a-zà-öø-ɏ]+')"
_SHORTENED = f"""ARRAY(SELECT w
  UNION SELECT left(w, i - 1) || substr(w, i + 1) FROM generate_series(1, length(w)) i
  UNION SELECT left(w, i - 1) || substr(w, i + 1, j - i - 1) || substr(w, j + 1)
    FROM generate_series(1, length(w)) i, generate_series(i + 1, length(w)) j WHERE length(w) >= {TWO_SLIPS_FROM})"""  # noqa: S608 - our own names
_IS_WORD = f"length(w) BETWEEN {SHORTEST} AND {LONGEST} AND to_tsvector('english', w) <> ''"  # not “this”, “have”

LEARN = f"""INSERT INTO issues_word (place_id, word, near, checked_on)
  SELECT NEW.place_id, w, {_SHORTENED}, current_date
  FROM (SELECT DISTINCT {_SPLIT.format(row="NEW")} AS w) said
  WHERE {_IS_WORD} AND NOT EXISTS (SELECT FROM issues_word v WHERE v.place_id = NEW.place_id AND v.word = w);
RETURN NULL;"""  # noqa: S608 - our own names
LEARN_ALL = f"""INSERT INTO issues_word (place_id, word, near, checked_on)
  SELECT place_id, w, {_SHORTENED}, current_date
  FROM (SELECT DISTINCT i.place_id, {_SPLIT.format(row="i")} AS w FROM issues_issue i) said
  WHERE {_IS_WORD}
    AND NOT EXISTS (SELECT FROM issues_word v WHERE v.place_id = said.place_id AND v.word = w)"""  # noqa: S608

WORD_TRIGGERS = [
    pgtrigger.Trigger(name="words_learned", when=pgtrigger.After, operation=pgtrigger.Insert, func=LEARN),
    pgtrigger.Trigger(
        name="words_learned_anew",
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=pgtrigger.AnyChange(*WORDS_OF),
        func=LEARN,
    ),
]


class Word(models.Model):
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="+")
    word = models.CharField(max_length=LONGEST)
    near = ArrayField(models.CharField(max_length=LONGEST))
    checked_on = models.DateField(default=timezone.localdate)

    class Meta:
        indexes = [
            models.Index(fields=["place", "word"], name="word_of_place"),
            models.Index(fields=["checked_on", "id"], name="word_checked"),
            GinIndex(fields=["near"], name="word_near"),
        ]

    def __str__(self):
        return self.word


def shortened(word, most=LONGEST):
    """The word itself, and what is left of it without one letter, or without two where it is long.

    Beyond `most` letters only one is left out: the two sides still meet, with a tenth of the forms to look for.
    """
    slips = 2 if TWO_SLIPS_FROM <= len(word) <= most else 1
    found = {word}
    for count in range(1, slips + 1):
        for gone in combinations(range(len(word)), count):
            found.add("".join(letter for at, letter in enumerate(word) if at not in gone))
    return found


CHECKED_AT_ONCE = 200


def forget(today):
    """Look at some words that were not looked at today: gone are those that stand twice or that no issue says.

    Answers how many were looked at.
    """
    with connection.cursor() as cursor:
        cursor.execute(FORGET, {"today": today, "most": CHECKED_AT_ONCE})
        return cursor.fetchone()[0]


FORGET = """WITH few AS (
    SELECT id, place_id, word FROM issues_word WHERE checked_on < %(today)s
    ORDER BY checked_on, id LIMIT %(most)s FOR UPDATE SKIP LOCKED),
  said AS (
    SELECT s.id, NOT EXISTS (SELECT FROM issues_word o WHERE o.place_id = s.place_id AND o.word = s.word AND o.id < s.id)
      AND EXISTS (SELECT FROM issues_issue i WHERE i.place_id = s.place_id
        AND i.search @@ plainto_tsquery('english', s.word)) AS stays
    FROM few s),
  gone AS (DELETE FROM issues_word w USING said WHERE w.id = said.id AND NOT said.stays),
  kept AS (UPDATE issues_word w SET checked_on = %(today)s FROM said WHERE w.id = said.id AND said.stays)
  SELECT count(*) FROM said"""
