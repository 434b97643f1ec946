"""Strict readers of the smaller formats: GitLab's Code Quality, github-action-benchmark's JSON, GitHub's workflow
commands, and the markdown of a comment."""
import html
import re

from strict import check_well_formed, count, fails_otherwise, list_of, need, positive, read_json, shape, text
from strict import visible, weight, well_formed

LIMIT = 60000  # bytes of a comment


def check_gitlab(data, report):
    """docs.gitlab.com/ci/testing/code_quality: paths are relative without "./", fingerprints are unique."""
    def place(value, where):
        shape(value, where, {"path": text, "lines": lambda item, at: shape(item, at, {"begin": positive})})

    def issue(value, where):
        shape(value, where, {"description": text, "check_name": text, "fingerprint": text, "location": place,
                             "severity": {"info", "minor", "major", "critical", "blocker"}})

    issues = read_json(data)
    check_well_formed(issues)
    list_of(issue)(issues, "document")
    need([item["description"] for item in issues] == [visible(finding["message"]) for finding in report["findings"]],
         "other issues")
    need(len({item["fingerprint"] for item in issues}) == len(issues), "a fingerprint twice")
    severities = {"fail": "major", "warn": "minor", "inconclusive": "info"}
    for item, finding in zip(issues, report["findings"]):
        path = item["location"]["path"]
        need(not path.startswith("./") and not path.startswith("/srv/project/"), "not relative: " + path)
        need(item["severity"] == severities[weight(finding)], "another severity")


def check_benchmark(data, report):
    """The action takes name, unit and value of each, and range and extra where they are texts."""
    def entry(value, where):
        shape(value, where, {"name": text, "unit": text, "value": int}, {"range": text, "extra": text})

    entries = read_json(data)
    check_well_formed(entries)
    list_of(entry, 1)(entries, "document")
    need([(item["name"], item["unit"], item["value"]) for item in entries] ==
         [("memory: size", "bytes", report["total"]["head"]["size"]),
          ("memory: count", "blocks", report["total"]["head"]["count"]),
          ("memory: limits exceeded", "limits", count(report, "fail"))], "other values")


def unescape(value, pairs):
    """As the runner does: the percent sign last."""
    for escaped, character in pairs:
        value = value.replace(escaped, character)
    return value.replace("%25", "%")


DATA = [("%0D", "\r"), ("%0A", "\n")]
PROPERTY = DATA + [("%3A", ":"), ("%2C", ",")]


def read_command(line):
    """(command, properties, message), the way of the runner's ActionCommand.TryParseV2."""
    need(line.startswith("::") and line.find("::", 2) > 0, "no command: " + line)
    end = line.index("::", 2)
    command, _, rest = line[2:end].partition(" ")
    properties = {}
    for part in filter(None, rest.split(",")):
        name, equals, value = part.partition("=")
        need(equals == "=" and name in ("file", "line", "title") and name not in properties, "a property " + part)
        need(re.fullmatch(r"(?:[^%]|%(?:25|0D|0A|3A|2C))*", value), "an unknown escape in " + value)
        properties[name] = unescape(value, PROPERTY)
    return command, properties, unescape(line[end + 2:], DATA)


def check_github(data, report):
    lines = re.split("\r\n|\r|\n", data.decode("utf-8"))  # as the runner's ReadLine splits
    need(lines.pop() == "" and len(lines) <= 10, "%d annotations" % len(lines))
    commands = [read_command(line) for line in lines]
    expected = [("error" if weight(finding) == "fail" else "warning", finding)
                for kind in ("fail", "warn", "inconclusive")
                for finding in report["findings"] if weight(finding) == kind]
    if fails_otherwise(report):
        need(commands and commands.pop(0)[0] == "error", "no error for a check that failed")
    for (command, properties, message), (severity, finding) in zip(commands, expected):
        if command == "notice":
            break
        need(command == severity and message.split("\n")[0] == visible(finding["message"]), "another annotation")
        site = finding.get("site", {})
        name = well_formed(site.get("filename", ""))
        need(("file" in properties) == (name != ""), "a file too many, or too few")
        if re.fullmatch(r"/srv/project/[^/.][^/]*", name):
            need(properties["file"] == name[len("/srv/project/"):], "another file: %r" % properties)
        need("file" not in properties or properties.get("line", "") == str(site.get("lineno", "")), "another line")
    shown = [command for command, _, _ in commands if command != "notice"]
    left = [int(message.split()[0]) for command, _, message in commands if command == "notice"]
    known = len(expected) + len(report["warnings"])
    need(len(left) <= 1 and len(shown) + sum(left) >= known, "some are neither shown nor counted")


def cells(line):
    """Of a table's row. No name may hold a "|", escaped or not, so that every reader sees the same cells."""
    need(line.startswith("| ") and line.endswith(" |"), "no row: " + line)
    return [cell.strip() for cell in line[1:-1].split("|")]


PLAIN = re.compile(r"[^<>`*_\[\]|@#]*")
CODE = re.compile(r"<code>([^<>`*_\[\]|@\n]*)</code>")
TAG = re.compile(r"</?(?:details|summary)>")


def check_markdown(data, report):
    """Outside of what the report itself writes, no character is left that means something."""
    need(len(data) <= LIMIT, "%d bytes" % len(data))
    page = data.decode("utf-8")
    marker, rest = page[:len("<!-- tmcheck -->\n")], page[len("<!-- tmcheck -->\n"):]
    need(marker == "<!-- tmcheck -->\n" and rest.startswith("### :"), "no marker, or no verdict")
    need(page.count("<details>") == page.count("</details>"), "details are not closed")
    names = []
    width = None
    for line in rest.split("\n")[1:]:
        codes = CODE.findall(line)
        names += [html.unescape(code) for code in codes]
        need(PLAIN.fullmatch(TAG.sub("", CODE.sub("", line)).replace("|", "") if line.startswith("|")
                             else TAG.sub("", CODE.sub("", line))), "markup in a name: " + line)
        if line.startswith("|"):
            need(width in (None, len(cells(line))), "a row of another width: " + line)
            width = len(cells(line))
        else:
            width = None
    worst = [finding for finding in report["findings"][:10]]
    for finding in worst:
        name = visible(finding["rule"]["name"])
        need(not name or any(told.endswith(name[-100:]) for told in names), "a rule is not named: " + name)


def check_text(data, report):
    page = data.decode("utf-8")
    need(page.startswith("tmcheck: %s: " % report["verdict"]), "no verdict")
    for line in page.split("\n"):
        need(not re.search("[\x00-\x1f\x7f-\x9f]", line), "a control character: %r" % line)
        need(re.match(r"$|tmcheck: |fail: |warn: |inconclusive: |total: |shrank: |moved: |suppressed: |warning: |    at |    \.\.\. |"
                      r"    source: |    in the baseline", line), "a name begins a line: " + line)
    for finding in report["findings"]:
        need("%s: %s [" % (weight(finding), visible(finding["message"])) in page, "a finding is missing")
