"""Checks that a server exports all metrics that the dashboard and the alerts use.

    check.py URL METRICS_URL RULES

Writes the dashboard's queries to RULES as recording rules, so that promtool can read them.
"""

import json
import re
import sys
from pathlib import Path
from urllib.request import Request, urlopen

DEPLOY = Path(__file__).parents[2] / "deploy"
METRIC = re.compile(r"\b(?:doorward|process)_[a-z_]+")
# Values for Grafana's variables.
VARIABLES = {"$__rate_interval": "5m", "$job": "doorward", "$instance": ".*"}


def queries(dashboard: dict) -> list[str]:
    """Returns the queries of all panels, which must use the selected data source."""
    found = []
    for panel in dashboard["panels"]:
        if panel["type"] == "row":
            continue
        for target in panel["targets"]:
            assert target["datasource"] == panel["datasource"], panel["title"]
            assert target["datasource"]["uid"] == "${datasource}", panel["title"]
            found.append(target["expr"])
    return found


def without_overlap(dashboard: dict) -> None:
    """Asserts that panel IDs are unique and that panels do not overlap."""
    ids = [panel["id"] for panel in dashboard["panels"]]
    assert len(ids) == len(set(ids)), "two panels have the same ID"
    taken = set()
    for panel in dashboard["panels"]:
        at = panel["gridPos"]
        assert at["x"] + at["w"] <= 24, panel["title"]
        for x in range(at["x"], at["x"] + at["w"]):
            for y in range(at["y"], at["y"] + at["h"]):
                assert (x, y) not in taken, panel["title"]
                taken.add((x, y))


def told(url: str, metrics: str) -> set[str]:
    """Registers a user, and returns the names of all series that the server exports."""
    person = {"email": "ann@example.com", "username": "ann", "password": "correct horse battery"}
    headers = {"content-type": "application/json"}
    urlopen(Request(f"{url}/v1/auth/register", json.dumps(person).encode(), headers)).close()
    lines = urlopen(metrics).read().decode().splitlines()
    return {re.split(r"[{ ]", line)[0] for line in lines if not line.startswith("#")}


def main() -> None:
    url, metrics, rules = sys.argv[1:]
    dashboard = json.loads((DEPLOY / "grafana-dashboard.json").read_text())
    without_overlap(dashboard)
    asked = queries(dashboard)
    variables = {variable["name"] for variable in dashboard["templating"]["list"]}
    assert {"datasource", "job", "instance"} <= variables, variables

    there = told(url, metrics)
    for place, text in [
        ("the dashboard", "\n".join([*asked, json.dumps(dashboard["templating"])])),
        ("the alerts", (DEPLOY / "alerts.yml").read_text()),
    ]:
        named = set(METRIC.findall(text))
        assert named, place
        missing = sorted(named - there)
        if missing:
            sys.exit(f"{place} uses metrics that the server does not export: {', '.join(missing)}")
        print(f"{place}: {len(named)} metrics, all exported")

    records = []
    for number, query in enumerate(asked):
        for name, value in VARIABLES.items():
            query = query.replace(name, value)
        records.append({"record": f"panel:{number}", "expr": query})
    # JSON is YAML.
    Path(rules).write_text(json.dumps({"groups": [{"name": "dashboard", "rules": records}]}))


if __name__ == "__main__":
    main()
