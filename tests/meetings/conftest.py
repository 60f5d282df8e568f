import pytest

from tests.factories import MeetingFactory
from tests.meetings.making import raised


@pytest.fixture
def meeting(here):
    return MeetingFactory(team=here.leadership, by=here.leader)


@pytest.fixture
def live(here):
    raised(here)
    return MeetingFactory(team=here.leadership, by=here.leader, is_live=True)
