from hls.leadership.models import Summary, SummarySchedule

__all__ = ["Summary", "SummarySchedule"]
