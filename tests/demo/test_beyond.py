"""The demo's macro issue went outside and an answer came back, and all of it goes with the demo."""

import pytest

from hls.demo.clear import clear
from issues.dossiers.facts import facts_of
from issues.models import Comment, Dossier, OutsideLink


@pytest.mark.system(35)
def test_northbank_talks_and_has_an_answer_from_outside(northbank):
    assert Comment.objects.filter(by__isnull=False).count() >= 3
    facts = facts_of(Dossier.objects.get())
    assert facts["rule"]
    assert facts["stories"]
    assert [line["what"] for line in facts["outside"]] == ["Shown to them", "Replied"]
    assert not Comment.objects.filter(is_demo=False).exists()
    clear()
    assert not Comment.objects.exists()
    assert not OutsideLink.objects.exists()
