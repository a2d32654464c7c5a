"""Runs all behavioural checks against a model and sums them up."""

from collections import defaultdict
from collections.abc import Callable

from .cases import all_cases
from .groups import group_texts, spread_of

#: p(POSITIVE) of each text.
Score = Callable[[list[str]], list[float]]


def run_checks(score: Score) -> dict:
    """Rates by capability and kind, the failures with their scores, and the spread over groups."""
    cases = all_cases()
    texts = [text for case in cases for text in case.texts]
    scores = iter(score(texts))
    by: dict[str, dict[str, list[bool]]] = {
        "capability": defaultdict(list),
        "kind": defaultdict(list),
    }
    failures = []
    for case in cases:
        found = [next(scores) for _ in case.texts]
        passed = case.passes(found)
        by["capability"][case.capability].append(passed)
        by["kind"][case.kind].append(passed)
        if not passed:
            rounded = [round(value, 3) for value in found]
            failures.append([case.capability, case.part, *case.texts, *rounded])
    spread = spread_of(score(group_texts()))
    ordered = sorted(spread.means.items(), key=lambda item: item[1])
    return {
        "cases": len(cases),
        "passed": len(cases) - len(failures),
        "rate": round(1 - len(failures) / len(cases), 4),
        "by": {name: summed(groups) for name, groups in by.items()},
        "groups": {
            "spread_of_means": round(spread.spread, 4),
            "widest_in_one_template": round(spread.widest, 4),
            "wrong_in_clear_templates": spread.wrong,
            "lowest": [[group, round(mean, 3)] for group, mean in ordered[:5]],
            "highest": [[group, round(mean, 3)] for group, mean in ordered[-5:]],
        },
        "failures": failures,
    }


def summed(groups: dict[str, list[bool]]) -> dict[str, str]:
    return {
        name: f"{sum(passed)}/{len(passed)} {sum(passed) / len(passed):.2f}"
        for name, passed in groups.items()
    }
