import pytest
from django.http import HttpResponse

from hls.limits import limited


@pytest.fixture
def view():
    return limited("try", 3, 60)(lambda request: HttpResponse("ok"))


def test_limit_counts_each_person_by_themselves(rf, here, view):
    def call(user):
        request = rf.post("/")
        request.user = user
        return view(request)

    answers = [call(here.worker) for _ in range(5)]
    assert [a.status_code for a in answers] == [200, 200, 200, 429, 429]
    assert answers[-1]["Retry-After"] == "60"
    assert call(here.colleague).status_code == 200


def test_limit_leaves_reading_alone(rf, here, view):
    request = rf.get("/")
    request.user = here.worker
    assert [view(request).status_code for _ in range(9)] == [200] * 9
