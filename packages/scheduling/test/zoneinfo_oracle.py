"""Where windows begin and end, by brute force with Python's zoneinfo: an opinion that shares nothing with the engine.

Reads {"directory", "zones": [..] or null for all, "from", "to"} (years) from standard input. Writes one JSON line per
window: [zone, start date, start minute, minutes long, first instant, last instant + 60 or null when it never opens].
Local clocks are read minute by minute around every change that a look every six hours finds.
"""

import json
import sys
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo, reset_tzpath

EPOCH = datetime(1970, 1, 1)


def wall(zone, at):
    """Seconds on the wall clock of a zone, as if they were UTC."""
    local = datetime.fromtimestamp(at, timezone.utc).astimezone(zone)
    return int((local.replace(tzinfo=None) - EPOCH).total_seconds())


def changes(zone, first, last):
    step = 6 * 3600
    at = first
    before = wall(zone, at) - at
    while at < last:
        after = wall(zone, at + step) - at - step
        if after != before:
            yield at - at % 60, at + step, before, after
        at += step
        before = after


def windows(zone, change):
    """The monotone clock around a change, and which minutes each probed window is open."""
    low, high, before, after = change
    exact = next(at for at in range(low, high + 60, 60) if wall(zone, at) - at != before)
    clock = -(10**18)
    for at in range(exact - 3 * 86400, exact - 8 * 3600, 900):
        clock = max(clock, wall(zone, at))
    ticks = []
    for at in range(exact - 8 * 3600, exact + 34 * 3600, 60):
        clock = max(clock, wall(zone, at))
        ticks.append((at, clock // 60))
    edges = sorted({exact + before, exact + after})
    bounds = sorted({edge // 60 + shift for edge in edges for shift in (-75, -30, 0, 15, 30, 90)})
    for i, start in enumerate(bounds):
        for end in bounds[i + 1 :]:
            open_at = [at for at, minute in ticks if start <= minute < end]
            day = (EPOCH + timedelta(minutes=start)).date()
            midnight = int((datetime(day.year, day.month, day.day) - EPOCH).total_seconds()) // 60
            span = [open_at[0], open_at[-1] + 60] if open_at else [None, None]
            yield [day.isoformat(), start - midnight, end - start, *span]


def main():
    request = json.load(sys.stdin)
    reset_tzpath([request["directory"]])
    names = request["zones"]
    first = int(datetime(request["from"], 1, 2, tzinfo=timezone.utc).timestamp())
    last = int(datetime(request["to"], 12, 30, tzinfo=timezone.utc).timestamp())
    for name in names:
        zone = ZoneInfo(name)
        for change in changes(zone, first, last):
            for window in windows(zone, change):
                print(json.dumps([name, *window]))


main()
