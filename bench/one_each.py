"""What the bench holds the batches against: the same letters, but one task and one connection for each."""

from hls.celery import app

app.conf.beat_schedule = {}


@app.task(name="bench.send_one")
def send_one(pk):
    from django.utils import timezone

    from hls.notices import claiming, sending

    sending._send(claiming._lease([pk]), sending._at_once_parcels, timezone.now())
