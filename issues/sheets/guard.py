"""The formula guard: what a spreadsheet would run is written as words, and comes back as it was.

A cell that begins with = + - @, a tab, a line break, or one of the wide forms of those signs, may be
run as a formula. It gets one apostrophe in front. A cell that already has apostrophes before such a
sign gets one more, so that taking one off always gives the first text back:

    =1+1   ->  '=1+1        '=1+1  ->  ''=1+1        'tis  ->  'tis
"""

import re

# What people can't see (blanks, direction marks) may stand before the sign; a spreadsheet would pass over it.
UNSEEN = r"[\s\x00-\x1f\x7f-\x9f\ufeff\u200b-\u200f\u202a-\u202e\u2060-\u2069]"
SIGN = r"[=+\-@\t\r\n＝＋－−＠﹢﹣﹦﹫]"
# A spreadsheet's own words for a sum that failed would come back as an empty cell.
FAILED = r"#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|SPILL!|CALC!)\Z"
RISKY = re.compile(f"'*(?:{UNSEEN}*{SIGN}|{FAILED})")


def guarded(text):
    return f"'{text}" if RISKY.match(text) else text


def unguarded(text):
    return text[1:] if text.startswith("'") and RISKY.match(text) else text
