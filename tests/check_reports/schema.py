"""A validator for JSON Schema 2020-12, as much of it as report.schema.json uses: a keyword that it does not know is a
fault, and so is a member that an object's schema does not name, although readers must take those."""
import re

from strict import need

TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}
ANNOTATIONS = {"$schema", "$id", "$defs", "title", "description"}


def has_type(value, name):
    if name == "integer":
        return type(value) is int
    if name == "number":
        return type(value) in (int, float)
    return type(value) is TYPES[name]


class Validator:
    def __init__(self, schema):
        self.root = schema

    def resolve(self, reference):
        need(reference.startswith("#/$defs/"), "schema: no reference of ours: " + reference)
        return self.root["$defs"][reference[len("#/$defs/"):]]

    def check(self, value, schema=None, where="report"):
        schema = self.root if schema is None else schema
        for keyword, argument in schema.items():
            if keyword in ANNOTATIONS:
                continue
            method = getattr(self, "check_" + keyword.strip("$"), None)
            need(method is not None, "schema: unknown keyword " + keyword)
            method(value, argument, where, schema)

    def check_ref(self, value, reference, where, _):
        self.check(value, self.resolve(reference), where)

    def check_type(self, value, names, where, _):
        names = [names] if isinstance(names, str) else names
        need(any(has_type(value, name) for name in names), "%s is not %s: %r" % (where, names, value))

    def check_const(self, value, constant, where, _):
        need(value == constant and type(value) is type(constant), "%s is not %r" % (where, constant))

    def check_enum(self, value, choices, where, _):
        need(any(value == choice and type(value) is type(choice) for choice in choices), "%s is %r" % (where, value))

    def check_required(self, value, names, where, _):
        for name in names:
            need(name in value, "%s has no %s" % (where, name))

    def check_properties(self, value, properties, where, _):
        for name, item in value.items():
            need(name in properties, "%s has a member that the schema does not name: %s" % (where, name))
            self.check(item, properties[name], where + "." + name)

    def check_items(self, value, schema, where, _):
        for at, item in enumerate(value):
            self.check(item, schema, "%s[%d]" % (where, at))

    def check_minItems(self, value, least, where, _):
        need(len(value) >= least, "%s has fewer than %d items" % (where, least))

    def check_minLength(self, value, least, where, _):
        need(len(value) >= least, "%s is shorter than %d" % (where, least))

    def check_minimum(self, value, least, where, _):
        need(value >= least, "%s is less than %d: %d" % (where, least, value))

    def check_pattern(self, value, pattern, where, _):
        need(re.search(pattern, value), "%s is not like %s: %r" % (where, pattern, value))
