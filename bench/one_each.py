"""What the bench holds the batches against: the same letters, but one task and one connection for each."""

from django.utils import timezone

from hls.celery import app
from hls.notices import claiming, sending

app.conf.beat_schedule = {}


@app.task(name="bench.send_one")
def send_one(pk):
    sending._send(claiming._lease([pk]), sending._at_once_parcels, timezone.now())
