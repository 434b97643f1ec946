"""A share of the comparisons, for builds in which each is dear: those with a sanitizer. They are after errors of memory; of
the numbers the plain build has had every one judged.

The share is the same one each time. It has questions of every subject, and, there being more subjects than N, all
questions, each of others.
"""


def add_option(parser):
    parser.add_argument("--every", type=int, default=1, metavar="N",
                        help="ask only every Nth question, of each sample others, and ask the oldest and newest CPython alone")


def share(questions, every, subject):
    """Every Nth question, at least one; the subject, a number, says which is the first."""
    questions = list(questions)
    first = subject % min(every, len(questions)) if questions else 0
    return questions[first::every]


def judges(pythons, every):
    """The oldest has traces and orders of its own, and the newest reads all dumps."""
    if every == 1:
        return pythons
    return {version: python for version, python in pythons.items() if version in (min(pythons), max(pythons))}
