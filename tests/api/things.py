"""Prints a configuration for Schemathesis in which ids are those of things that the caller can see.

Ids made up at random never reach beyond "absent"; with these the operations themselves meet the odd input.
The token is read from NOROSHI_TOKEN and never printed; Schemathesis reads it from there too.
"""

import json
import os
import sys
import urllib.error
import urllib.request

NIL = "00000000-0000-0000-0000-000000000000"


def main(url):
    """Asks the lists of the server at `url` and prints what was found as TOML."""
    token = os.environ["NOROSHI_TOKEN"]

    def get(path):
        request = urllib.request.Request(url + path, headers={"Authorization": f"Bearer {token}"})
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return json.load(response), response.headers.get("ETag")
        except urllib.error.HTTPError:
            # Not of this caller: its operations are met from outside, with an id of nothing.
            return None, None

    def first(path, key="id", wanted=lambda item: True):
        found, _ = get(path)
        for item in (found or {}).get("items", []):
            if wanted(item):
                return item[key]
        return NIL

    case = first("/api/v1/cases?limit=200", wanted=lambda case: case["phase"] == "open")
    case_view, case_tag = get(f"/api/v1/cases/{case}")
    _, draft_tag = get(f"/api/v1/cases/{case}/draft")
    awareness = case_view["awareness"][0]["id"] if case_view else NIL
    facility = first("/api/v1/facilities")
    _, facility_tag = get(f"/api/v1/facilities/{facility}")
    computer = first("/api/v1/computers")
    _, computer_tag = get(f"/api/v1/computers/{computer}")
    filing = first("/api/v1/filings")
    view, _ = get(f"/api/v1/filings/{filing}")
    notification = first("/api/v1/filings?kind=asset_notification")
    receipts, _ = get(f"/api/v1/filings/{filing}/receipts")
    logs, _ = get("/api/v1/logs")
    receipt_log = receipts["items"][0]["log"] if receipts and receipts["items"] else "meti"
    corrections, _ = get("/api/v1/corrections")
    correction = NIL
    if corrections and corrections["items"]:
        correction = corrections["items"][0]["request"]["id"]
    digest = view["attachments"][0]["digest"] if view and view["attachments"] else "0" * 64
    any_case = view["case"] if view and view["case"] else case

    print('headers = { Authorization = "Bearer ${NOROSHI_TOKEN}" }')
    # The more special path stands last: it wins.
    for path, values in [
        ("/cases/", {"path.id": case, "path.awareness": awareness, "header.If-Match": case_tag}),
        ("/cases/.*/draft$", {"path.id": case, "header.If-Match": draft_tag}),
        ("/cases/.*/timeline$", {"path.id": any_case}),
        ("/facilities/", {"path.id": facility, "header.If-Match": facility_tag}),
        ("/computers/", {"path.id": computer, "header.If-Match": computer_tag}),
        ("/decisions/", {"path.id": first("/api/v1/decisions")}),
        ("/filings/", {"path.id": filing, "path.digest": digest, "path.log": receipt_log}),
        ("/filings/.*/forwarding$", {"path.id": notification}),
        ("/corrections/", {"path.id": correction}),
        ("/logs/", {"path.log": logs[0]["code"] if logs else "meti", "path.index": 0}),
    ]:
        pairs = ", ".join(
            f"{json.dumps(name)} = {json.dumps(value)}"
            for name, value in values.items()
            if value is not None
        )
        print(f"\n[[operations]]\ninclude-path-regex = {json.dumps(path)}\nparameters = {{ {pairs} }}")


main(sys.argv[1])
