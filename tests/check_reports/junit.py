"""A strict reader of JUnit XML as Jenkins' junit-10.xsd has it: which elements and attributes there are, in which order,
and that the counts are those of what is inside. Expat, below it, takes XML 1.0 and nothing else."""
import xml.etree.ElementTree

from strict import count, fails_otherwise, need, visible

ATTRIBUTES = {
    "testsuites": ({"name", "tests", "failures", "errors"}, set()),
    "testsuite": ({"name", "tests", "failures", "errors", "skipped", "time"}, set()),
    "testcase": ({"classname", "name", "time"}, set()),
    "failure": ({"type", "message"}, set()),
    "skipped": ({"message"}, set()),
    "system-out": (set(), set()),
}
CHILDREN = {"testsuites": {"testsuite"}, "testsuite": {"testcase"}, "testcase": {"failure", "skipped", "system-out"}}


def check_element(element):
    need(element.tag in ATTRIBUTES, "an unknown element " + element.tag)
    required, optional = ATTRIBUTES[element.tag]
    names = set(element.attrib)
    need(required <= names <= required | optional, "%s has %r" % (element.tag, names))
    for child in element:
        need(child.tag in CHILDREN.get(element.tag, ()), "%s in %s" % (child.tag, element.tag))
        check_element(child)
    if element.tag in CHILDREN:
        texts = [element.text] + [child.tail for child in element]
        need(not "".join(part or "" for part in texts).strip(), "text in " + element.tag)


def check_counts(element):
    """A testcase fails once at most, or is skipped, and what stands above it counts that."""
    cases = list(element.iter("testcase"))
    failing = sum(case.find("failure") is not None for case in cases)
    skipped = sum(case.find("skipped") is not None for case in cases)
    need(int(element.get("tests")) == len(cases) and int(element.get("failures")) == failing, "other counts")
    need(element.get("skipped") is None or int(element.get("skipped")) == skipped, "skipped is not %d" % skipped)
    need(int(element.get("errors")) == 0, "errors")
    for case in cases:
        need([child.tag for child in case] in (["system-out"], ["failure", "system-out"], ["skipped", "system-out"],
                                              ["failure"]), "a testcase with %r" % [child.tag for child in case])
    need(len({case.get("name") for case in cases}) == len(cases), "two testcases with one name")
    return cases


def check(data, report):
    root = xml.etree.ElementTree.fromstring(data)
    need(data.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n') and root.tag == "testsuites", "no JUnit XML")
    check_element(root)
    need(len(root) == 1, "more than one testsuite")
    check_counts(root)
    cases = check_counts(root[0])
    told = "\n".join("".join(case.itertext()) for case in cases)
    for finding in report["findings"]:
        shown = visible(finding["message"]).replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")
        need(shown in told, "no testcase says " + shown)
    failed = sum(case.find("failure") is not None for case in cases)
    need((failed > 0) == (count(report, "fail") > 0 or fails_otherwise(report)), "looks like another verdict")
