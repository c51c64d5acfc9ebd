"""Somebody who tries to work out what is hidden; written apart from the protection."""

import numpy as np
from scipy.optimize import linprog

TERTIALS = ("2026-T1", "2026-T2", "2026-T3")
SUMS = {
    "2026-T2+": [("2026-T1", "2026-T2")],
    "2026-T3+": [TERTIALS, ("2026-T2+", "2026-T3")],
    "2026": [TERTIALS, ("2026-T2+", "2026-T3")],
}


class Attacker:
    """Shown counts and hidden ones, each with what the words allow, and sums among them."""

    def __init__(self):
        self.shown, self.hidden, self.sums = {}, {}, []

    def sees(self, key, number):
        self.shown[key] = number

    def reads(self, key, low, high):
        self.hidden[key] = (low, high)

    def adds(self, total, parts):
        if {total, *parts} <= self.shown.keys() | self.hidden.keys():
            self.sums.append((total, parts))

    def between(self, *keys):
        """The least and the greatest that hidden counts can be together, in whole numbers."""
        columns = list(self.hidden)
        place = {key: column for column, key in enumerate(columns)}
        rows, left = [], []
        for total, parts in self.sums:
            row, known = np.zeros(len(columns)), 0
            for key, sign in ((total, 1), *((part, -1) for part in parts)):
                if key in place:
                    row[place[key]] += sign
                else:
                    known += sign * self.shown[key]
            if row.any():
                rows.append(row)
                left.append(-known)
        ends = []
        for sign in (1, -1):
            goal = np.zeros(len(columns))
            for key in keys:
                goal[place[key]] = sign
            found = linprog(
                goal,
                A_eq=np.array(rows) if rows else None,
                b_eq=left or None,
                bounds=[self.hidden[key] for key in columns],
                integrality=1,
            )
            assert found.status in (0, 3, 4), found.message
            ends.append(sign * found.fun if found.status == 0 else -sign * np.inf)
        return tuple(ends)

    def finds(self):
        """Hidden counts known to fewer than three values, and pairs with under ten together."""
        found = set()
        for key in self.hidden:
            low, high = self.between(key)
            if high - low < 3:
                found.add(key)
        for total, parts in self.sums:
            gap = [part for part in parts if part in self.hidden]
            if total in self.shown and gap:
                together = self.shown[total] - sum(
                    self.shown[part] for part in parts if part in self.shown
                )
                if together < 10:
                    found.add(tuple(gap))
        return found
