"""A strict reader of the part of SARIF 2.1.0 that tmcheck writes. The numbers are sections of the standard,
https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html; members that are optional there and not written here
are unknown to it."""
import re
import urllib.parse

from strict import check_well_formed, count, fails_otherwise, list_of, need, number, positive, read_json, shape, text
from strict import visible, weight

BASE = "%SRCROOT%"
URI = re.compile(r"(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})+")  # of RFC 3986 what a path of ours needs
LEVELS = {"fail": "error", "warn": "warning", "inconclusive": "none"}


def unescape_message(escaped):
    """3.11.5: braces are doubled; 3.11.6: a backslash before the bracket makes "[a](b)" no link."""
    need(not re.search(r"(?<!\{)\{(?:\{\{)*(?!\{)|(?<!\})\}(?:\}\})*(?!\})", escaped), "a single brace: " + escaped)
    need(not re.search(r"\[[^\]\\]*\]\(", escaped), "a link: " + escaped)
    return escaped.replace("{{", "{").replace("}}", "}").replace("\\](", "](")


def message(value, where):
    shape(value, where, {"text": text})
    unescape_message(value["text"])


def artifact(value, where):
    """3.4"""
    shape(value, where, {"uri": text}, {"uriBaseId": {BASE}})
    uri = value["uri"]
    if uri.startswith("file:///"):  # 3.4.4: an absolute URI has no base
        need("uriBaseId" not in value and URI.fullmatch(uri[len("file://"):]), "%s: %r" % (where, uri))
    else:
        need("uriBaseId" in value and URI.fullmatch(uri) and not uri.startswith("/"), "%s: %r" % (where, uri))


def region(value, where):
    shape(value, where, {"startLine": positive}, {"snippet": lambda item, at: shape(item, at, {"text": text})})


def physical(value, where):
    shape(value, where, {"artifactLocation": artifact}, {"region": region})


def logical(value, where):
    shape(value, where, {"name": str, "kind": {"function"}})


def location(value, where):
    shape(value, where, {"physicalLocation": physical}, {"logicalLocations": list_of(logical, 1)})


def frame(value, where):
    shape(value, where, {"location": lambda item, at: shape(item, at, {"physicalLocation": physical})})


def stack(value, where):
    shape(value, where, {"message": message, "frames": list_of(frame, 1)})


def suppression(value, where):
    shape(value, where, {"kind": {"external"}}, {"justification": text})  # 3.35


def fingerprints(value, where):
    shape(value, where, {"tmcheck/v1": str})  # 3.27.17: a versioned hierarchical string


def properties(value, where):
    shape(value, where, {"size": int, "count": int, "size_diff": int, "count_diff": int}, {"actual": number})


def result(value, where):
    """3.27"""
    shape(value, where,
          {"ruleId": text, "ruleIndex": int, "kind": {"fail", "review"}, "level": set(LEVELS.values()),
           "message": message, "locations": list_of(location, 1), "partialFingerprints": fingerprints,
           "properties": properties},
          {"stacks": list_of(stack, 1), "baselineState": {"new", "unchanged", "updated", "absent"},
           "suppressions": list_of(suppression)})
    need((value["kind"] == "fail") == (value["level"] != "none"), where + ": 3.27.10: no failure has no level")


def rule(value, where):
    shape(value, where, {"id": text, "shortDescription": message, "fullDescription": message,
                         "defaultConfiguration": lambda item, at: shape(item, at, {"level": {"error", "warning"}})})


def driver(value, where):
    shape(value, where, {"name": {"tmcheck"}, "version": str, "rules": list_of(rule)})


def notification(value, where):
    shape(value, where, {"level": {"warning", "error"}, "message": message})


def invocation(value, where):
    shape(value, where, {"executionSuccessful": {True}, "exitCode": int,
                         "toolExecutionNotifications": list_of(notification)})


def bases(value, where):
    shape(value, where, {BASE: lambda item, at: shape(item, at, {"description": message})})


def run(value, where):
    """3.14"""
    shape(value, where, {"tool": lambda item, at: shape(item, at, {"driver": driver}),
                         "invocations": list_of(invocation, 1), "originalUriBaseIds": bases,
                         "results": list_of(result)})
    rules = [item["id"] for item in value["tool"]["driver"]["rules"]]
    need(len(set(rules)) == len(rules), "two rules with one id")
    for item in value["results"]:
        need(rules[item["ruleIndex"]] == item["ruleId"], "3.27.6: ruleIndex is another rule's")
    for member in ("baselineState", "suppressions"):  # 3.27.23, 3.27.24: all or none
        need(len({member in item for item in value["results"]}) < 2, "some results have %s, some not" % member)


def read(data):
    """The one run of the document."""
    document = read_json(data)
    check_well_formed(document)
    shape(document, "document", {"$schema": text, "version": {"2.1.0"}, "runs": list_of(run, 1)})
    need(len(document["runs"]) == 1, "more than one run")
    return document["runs"][0]


def path_of(location_of_result):
    """The bytes of the file's name."""
    place = location_of_result["physicalLocation"]["artifactLocation"]["uri"]
    if place.startswith("file://"):
        place = place[len("file://"):]
    return urllib.parse.unquote_to_bytes(place)


def check(data, report):
    """Whether it says what the JSON report says."""
    found = read(data)
    absent = report["absent"] if report["baseline"] else []
    expected = report["findings"] + report["suppressed"] + absent
    need(len(found["results"]) == len(expected), "%d results" % len(found["results"]))
    for item, finding in zip(found["results"], expected):
        need(unescape_message(item["message"]["text"]) == visible(finding["message"]), "another message")
        need(item["level"] == LEVELS[weight(finding)], "another level")
        need(item["properties"]["size_diff"] == finding["size_diff"], "another size_diff")
        lines = [line.get("region", {}).get("startLine") for line in
                 (place["physicalLocation"] for place in item["locations"])]
        site = finding.get("site", {})
        need(lines == [site.get("lineno") if "filename" in site else None], "another line: %r" % lines)
        need(("stacks" in item) == ("traceback" in site), "a traceback too many, or too few")
        if "stacks" in item:
            tails = [frame_of.rpartition(":")[2] for frame_of in reversed(site["traceback"])]
            told = [str(entry["location"]["physicalLocation"]["region"]["startLine"])
                    for entry in item["stacks"][0]["frames"]]
            need(told == tails, "3.44.3: the most recent frame is first")
        need(("baselineState" in item) == bool(report["baseline"]), "a state without a baseline, or none with one")
    states = [item.get("baselineState") for item in found["results"]]
    need(states.count("absent") == len(absent), "absent results")
    silenced = [bool(item.get("suppressions")) for item in found["results"]]
    need(silenced.count(True) == len(report["suppressed"]), "suppressed results")
    notes = found["invocations"][0]["toolExecutionNotifications"]
    need(len(notes) >= len(report["warnings"]), "warnings are missing")
    need(all((note["level"] == "error") == fails_otherwise(report) for note in notes), "another level of warnings")
    need(count(report, "fail") == sum(item["level"] == "error" and not item.get("suppressions") and
                                      item.get("baselineState") != "absent" for item in found["results"]), "errors")
