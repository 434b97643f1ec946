"""A validator for JSON Schema 2020-12, as much of it as budget.schema.json uses; a keyword that it does not know is an
error of the test."""
import re

ANNOTATIONS = {"$schema", "$defs", "title", "description"}
UNCHECKED = {"then"}  # with "if"


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


TYPES = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "number": is_number,
    "integer": lambda value: is_number(value) and value == value // 1,  # 1.0 is one, by the standard
}


def same(value, other):
    return value == other and isinstance(value, bool) == isinstance(other, bool)


class Schema:
    def __init__(self, root):
        self.root = root

    def accepts(self, value, schema=None):
        schema = self.root if schema is None else schema
        if isinstance(schema, bool):
            return schema
        return all(self.check(keyword, argument, value, schema) for keyword, argument in schema.items()
                   if keyword not in ANNOTATIONS | UNCHECKED)

    def check(self, keyword, argument, value, schema):
        is_object, is_text = isinstance(value, dict), isinstance(value, str)
        checks = {
            "$ref": lambda: self.accepts(value, self.root["$defs"][argument[len("#/$defs/"):]]),
            "type": lambda: any(TYPES[name](value) for name in ([argument] if isinstance(argument, str) else argument)),
            "const": lambda: same(value, argument),
            "enum": lambda: any(same(value, choice) for choice in argument),
            "oneOf": lambda: sum(self.accepts(value, each) for each in argument) == 1,
            "allOf": lambda: all(self.accepts(value, each) for each in argument),
            "if": lambda: not self.accepts(value, argument) or self.accepts(value, schema["then"]),
            "required": lambda: not is_object or all(name in value for name in argument),
            "properties": lambda: not is_object or all(
                self.accepts(value[name], each) for name, each in argument.items() if name in value),
            "additionalProperties": lambda: argument or not is_object or set(value) <= set(schema["properties"]),
            "items": lambda: not isinstance(value, list) or all(self.accepts(item, argument) for item in value),
            "minItems": lambda: not isinstance(value, list) or len(value) >= argument,
            "maxItems": lambda: not isinstance(value, list) or len(value) <= argument,
            "minLength": lambda: not is_text or len(value) >= argument,
            "pattern": lambda: not is_text or re.search(argument, value) is not None,
            "minimum": lambda: not is_number(value) or value >= argument,
            "exclusiveMaximum": lambda: not is_number(value) or value < argument,
        }
        return checks[keyword]()
