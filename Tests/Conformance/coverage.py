"""What the operations were answered, by the server's own log of requests."""
import collections
import json


class Coverage:
    """Counts the requests of each route: how many, and how many were answered 2xx."""

    def __init__(self, routes, prefix):
        # The log has a route's path without the prefix.
        self.routes = [(each["function"], each["method"], each["path"][len(prefix):]) for each in routes]
        self.runs = {}
        self.offset = 0

    def read(self, run, path):
        """Takes what the log at `path` has more than when it was read last as the requests of `run`."""
        counts = collections.defaultdict(collections.Counter)
        with open(path, "rb") as log:
            log.seek(self.offset)
            for line in log:
                # The last line may not be whole yet.
                if not line.endswith(b"\n"):
                    break
                self.offset += len(line)
                try:
                    entry = json.loads(line)
                except ValueError:
                    continue
                if isinstance(entry, dict) and entry.get("message") == "request":
                    key = (entry.get("function"), entry.get("method"), entry.get("route"))
                    counts[key][entry.get("status")] += 1
        self.runs[run] = counts

    def requests(self, route, run):
        return sum(self.runs[run][route].values())

    def successes(self, route):
        return sum(
            count for run in self.runs.values() for status, count in run[route].items() if 200 <= (status or 0) < 300)

    def limited(self):
        return sum(counts[429] for run in self.runs.values() for counts in run.values())

    def table(self):
        """Lines: each route, its requests in each run, and its answers by status."""
        rows = [["function", "route", *self.runs, "answers"]]
        for route in self.routes:
            statuses = collections.Counter()
            for run in self.runs.values():
                statuses.update(run[route])
            answers = " ".join(f"{status}:{count}" for status, count in sorted(statuses.items()))
            rows.append(
                [route[0], f"{route[1]} {route[2]}", *(str(self.requests(route, run)) for run in self.runs), answers])
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows]
