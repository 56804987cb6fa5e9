"""The figures to reach."""


class Targets:
    def __init__(self):
        self.all = []

    def at_least(self, what, value, limit):
        self._add(what, value, "at least", limit, value is not None and value >= limit)

    def at_most(self, what, value, limit):
        self._add(what, value, "at most", limit, value is not None and value <= limit)

    def _add(self, what, value, how, limit, is_reached):
        self.all.append({"what": what, "value": value, "how": how, "limit": limit, "reached": is_reached})

    def passes(self, result, peer, what, limit=1.0):
        """That our first row is at least `limit` times as fast as the peer's, where that was to be had."""
        if peer in result:
            ours = next(iter(result.values()))
            self.at_least(f"{what}: to {peer}", ours["ratio"][peer], limit)
        else:
            self.at_least(f"{what}: to {peer}", None, limit)

    def table(self):
        if not self.all:
            return
        print("\n| figure to reach | | measured | |\n|---|---|---|---|")
        for each in self.all:
            value = "not measured" if each["value"] is None else f"{each['value']:.2f}"
            state = "reached" if each["reached"] else "missed"
            print(f"| {each['what']} | {each['how']} {each['limit']:g} | {value} | {state} |")
