"""Reads a JSON file and checks it against the JSON Schema that it names; says in words what is wrong, and where.

The words for a pattern or a range are the schema's: what the description beside it says follows "is not".

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json

import jsonschema

TYPE_NAMES = {dict: "object", list: "array", str: "string", int: "number", float: "number", bool: "boolean",
              type(None): "null"}


class Fault(Exception):
    """What is wrong with a file: one line for each fault, "PATH: PROBLEM"."""

    def __init__(self, *lines):
        super().__init__("\n".join(lines))
        self.lines = lines


def at(keys, problem):
    """The problem with the place of the value in front: ports[1].udp.status."""
    path = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys).lstrip(".")
    return f"{path}: {problem}" if path else problem


def faults(error):
    """The lines for one error of jsonschema. Most are one; missing and unknown keys are one each."""
    keys, value, rule = list(error.absolute_path), error.instance, error.validator_value
    shown = json.dumps(value, ensure_ascii=False)
    if error.validator == "required":
        return [at(keys + [key], "the key is missing") for key in rule if key not in value]
    if error.validator == "additionalProperties":
        known = error.schema["properties"]
        return [at(keys + [key], f"unknown key; the keys here are {', '.join(known)}")
                for key in value if key not in known]
    if error.validator == "uniqueItems":
        return [at(keys + [i], f"{json.dumps(item, ensure_ascii=False)} is there twice")
                for i, item in enumerate(value) if item in value[:i]]
    if error.validator == "type" and not (rule == "integer" and isinstance(value, float)):
        wanted = "number" if rule == "integer" else rule
        problem = f"is of type {TYPE_NAMES[type(value)]}, but must be of type {wanted}"
    elif error.validator in ("minLength", "minItems"):
        problem = "is empty"
    elif error.validator == "maxLength":
        problem = f"{shown} is longer than {rule} characters"
    elif error.validator in ("enum", "const"):
        problem = f"{shown} is not one of {', '.join(rule if isinstance(rule, list) else [rule])}"
    else:
        problem = f"{shown} is not {error.schema['description']}"
    return [at(keys, problem)]


def unique_keys(pairs):
    """The object with these keys. JSON readers take the last of two: a fact would be lost unseen."""
    keys = [key for key, _ in pairs]
    for key in keys:
        if keys.count(key) > 1:
            raise Fault(f'the key "{key}" is there twice in one object')
    return dict(pairs)


def read(path, schema):
    """The content of the file, which follows the schema (a file beside it)."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=unique_keys)
    except FileNotFoundError:
        raise Fault("there is no such file") from None
    except ValueError as error:
        raise Fault(f"this is not JSON: {error}") from None
    rules = json.loads(schema.read_text(encoding="utf-8"))
    found = [line for error in jsonschema.Draft202012Validator(rules).iter_errors(content) for line in faults(error)]
    if found:
        raise Fault(*found)
    return content
