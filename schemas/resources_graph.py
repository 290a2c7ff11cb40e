"""Schema nodes: references followed, equal nodes merged, patterns made portable."""
import collections
import json
import re

TYPES = ["null", "boolean", "integer", "number", "string", "array", "object"]

# Field numbers of a node record: bit n of its mask says that field n is there, and fields
# stand in this order. Cheap fixed fields first, property lists last.
FIELDS = [
    "type", "closed", "never", "unique",
    "maxLength", "minLength", "maxItems", "minItems", "minimum", "maximum",
    "exclusiveMinimum", "exclusiveMaximum", "maxProperties", "minProperties",
    "multipleOf", "maxUniqueItems",
    "ref", "items", "additional", "if", "then", "else", "not", "names", "contains",
    "pattern", "format", "default",
    "required", "enum", "enumIgnoreCase", "requiredXor", "requiredOr", "uniqueKeys",
    "allOf", "anyOf", "oneOf", "prefixItems",
    "dependentRequired", "dependentExcluded", "dependencies",
    "patternProperties", "properties",
]
BIT = {name: index for index, name in enumerate(FIELDS)}
NUMBERS = FIELDS[BIT["maxLength"]:BIT["maxUniqueItems"] + 1]
CHILD = FIELDS[BIT["ref"]:BIT["contains"] + 1]
STRING = ["pattern", "format", "default"]
LIST = FIELDS[BIT["required"]:BIT["uniqueKeys"] + 1]
CHILDREN = FIELDS[BIT["allOf"]:BIT["prefixItems"] + 1]
TABLE = ["dependentRequired", "dependentExcluded"]
NAMED = ["dependencies", "patternProperties", "properties"]

# Keywords that say nothing about what a template may hold.
SILENT = {
    "description", "title", "$comment", "examples", "insertionOrder", "relationshipRef", "definitions", "$id",
    "$schema", "typeName", "arrayType", "primaryIdentifier", "handlers", "tagging", "readOnlyProperties",
    "createOnlyProperties", "sourceUrl", "writeOnlyProperties", "additionalIdentifiers", "propertyTransform",
    "replacementStrategy", "lifecycle", "deprecatedProperties", "conditionalCreateOnlyProperties", "taggable",
    "documentationUrl", "resourceLink", "typeConfiguration", "cfnLint", "comment",
}


def wide(text):
    """`\\p{…}` as a class regex-lite knows that accepts at least as much; None if it cannot."""
    classes = {"L": r"A-Za-z", "N": r"0-9", "Z": r"\s", "P": r"!-/:-@\[-`{-~", "S": r"!-/:-@\[-`{-~", "M": "", "C": "",
               "Lu": "A-Z", "Ll": "a-z", "Nd": "0-9", "Zs": r"\s", "Alpha": "A-Za-z", "Digit": "0-9", "Alnum": "A-Za-z0-9",
               "Punct": r"!-/:-@\[-`{-~", "Graph": "!-~", "Print": r"\x20-~", "Space": r"\s", "ASCII": r"\x00-\x7f"}
    inner = classes.get(text)
    return None if inner is None else inner + r"\x{80}-\x{10ffff}"


def portable(pattern):
    """The pattern as regex-lite reads it, accepting the same or more; unchanged where that
    cannot be said."""
    out, at, in_class, negated = [], 0, False, False
    while at < len(pattern):
        char = pattern[at]
        if char == "\\" and at + 1 < len(pattern):
            follow = pattern[at + 1]
            unicode_class = re.match(r"\\p\{(?:Is|general_category=)?\^?(\w+)\}|\\p([LNZPSMC])", pattern[at:])
            if unicode_class:
                name = wide(unicode_class.group(1) or unicode_class.group(2))
                if name is None or negated:
                    return pattern
                out.append(name if in_class else "[" + name + "]")
                at += unicode_class.end()
                continue
            if follow == "Z":
                out.append("$")
            else:
                out.append(char + follow)
            at += 2
            continue
        if in_class:
            if char == "]" and out[-1] not in ("[", "[^"):
                in_class = negated = False
            elif char == "[" and not pattern.startswith("[:", at):
                out.append("\\[")
                at += 1
                continue
            elif char in "&~" and pattern.startswith(char * 2, at):
                out.append("\\" + char)
                at += 1
                continue
        elif char == "[":
            in_class = True
            negated = pattern.startswith("[^", at)
            out.append("[^" if negated else "[")
            at += 2 if negated else 1
            if at < len(pattern) and pattern[at] == "]":
                out.append("\\]")
                at += 1
            continue
        out.append(char)
        at += 1
    return "".join(out)


def listed(value):
    return value if isinstance(value, list) else [value]


def text_of(value):
    return value if isinstance(value, str) else json.dumps(value)


class Graph:
    """Schema nodes of all documents, `$ref` followed."""

    def __init__(self, documents):
        self.documents = documents  # by $id, for references across files
        self.nodes = []
        self.unknown = collections.Counter()

    def lookup(self, ref, root):
        file, _, pointer = ref.partition("#")
        current = self.documents[file] if file else root
        root = current
        for part in pointer.strip("/").split("/") if pointer.strip("/") else []:
            part = part.replace("~1", "/").replace("~0", "~")
            current = current.get(part) if isinstance(current, dict) else None
            if current is None:
                self.unknown["dangling $ref"] += 1
                return {}, root
        return current, root

    def add(self, schema, root, memo):
        if isinstance(schema, dict) and "$ref" in schema:
            siblings = [k for k in schema if k not in SILENT and k not in ("$ref", "default")]
            if not siblings:
                return self.reference(schema["$ref"], root, memo)
        index = len(self.nodes)
        self.nodes.append(None)
        self.fill(index, schema, root, memo)
        return index

    def reference(self, ref, root, memo):
        key = (id(root), ref)
        if key not in memo:
            target, home = self.lookup(ref, root)
            memo[key] = len(self.nodes)
            self.nodes.append(None)
            self.fill(memo[key], target, home, memo)
        return memo[key]

    def fill(self, index, schema, root, memo):
        own, children = {}, {}
        add = lambda child: self.add(child, root, memo)
        if schema is False:
            own["never"] = True
            schema = {}
        elif schema is True or not isinstance(schema, dict):
            schema = {}
        for key, value in schema.items():
            if key in SILENT:
                continue
            if key == "$ref":
                children["ref"] = [self.reference(value, root, memo)]
            elif key == "type":
                bits = sum(1 << TYPES.index(name) for name in set(listed(value)) if name in TYPES)
                if bits:
                    own["type"] = bits
            elif key in ("properties", "patternProperties"):
                rename = portable if key == "patternProperties" else (lambda name: name)
                entries = [(rename(name), add(child)) for name, child in sorted(value.items())]
                if entries:
                    children[key] = entries
            elif key == "additionalProperties":
                if value is False:
                    own["closed"] = True
                elif isinstance(value, dict):
                    children["additional"] = [add(value)]
            elif key == "items":
                if isinstance(value, list):
                    children["prefixItems"] = [add(child) for child in value]
                else:
                    children["items"] = [add(value)]
            elif key in CHILDREN:
                children[key] = [add(child) for child in value]
            elif key in ("if", "then", "else", "not", "contains"):
                children[key] = [add(value)]
            elif key == "propertyNames":
                children["names"] = [add(value)]
            elif key == "dependencies":
                for name, needs in value.items():
                    if isinstance(needs, list):
                        own.setdefault("dependentRequired", {})[name] = sorted(needs)
                    else:
                        children.setdefault("dependencies", []).append((name, add(needs)))
            elif key in TABLE:
                own.setdefault(key, {}).update({name: sorted(other) for name, other in value.items()})
            elif key in ("requiredXor", "requiredOr", "uniqueKeys"):
                own[key] = sorted(map(text_of, value))
            elif key == "required":
                if isinstance(value, list) and value:
                    own["required"] = sorted(set(value))
            elif key in ("enum", "enumCaseInsensitive"):
                own["enum" if key == "enum" else "enumIgnoreCase"] = list(dict.fromkeys(map(text_of, value)))
            elif key == "const":
                own["enum"] = [text_of(value)]
            elif key == "default":
                own["default"] = json.dumps(value)
            elif key == "pattern":
                own["pattern"] = portable(value)
            elif key == "format":
                own["format"] = value
            elif key == "uniqueItems":
                if value:
                    own["unique"] = True
            elif key in NUMBERS:
                own[key] = value
            else:
                self.unknown[key] += 1
        self.nodes[index] = (own, children)


def shared(nodes, roots):
    """Nodes with equal meaning merged (partition refinement, so recursion merges too), only
    those reachable from `roots`; the most used get the smallest numbers."""
    color = {}
    colors = []
    for own, children in nodes:
        colors.append(color.setdefault(json.dumps(own, sort_keys=True) + "|" + "|".join(sorted(children)), len(color)))
    while True:
        refined, after = {}, []
        for index, (own, children) in enumerate(nodes):
            shape = tuple(
                (field, tuple((c[0], colors[c[1]]) if isinstance(c, tuple) else colors[c] for c in entries))
                for field, entries in sorted(children.items())
            )
            after.append(refined.setdefault((colors[index], shape), len(refined)))
        done = len(refined) == len(set(colors))
        colors = after
        if done:
            break
    first = {}
    for index, value in enumerate(colors):
        first.setdefault(value, index)
    below = lambda value: [
        colors[c[1] if isinstance(c, tuple) else c] for entries in nodes[first[value]][1].values() for c in entries
    ]
    seen, stack, uses = set(), [colors[root] for root in roots], collections.Counter()
    while stack:
        value = stack.pop()
        if value in seen:
            continue
        seen.add(value)
        for child in below(value):
            uses[child] += 1
            stack.append(child)
    order = sorted(seen, key=lambda value: (-uses[value], value))
    number = {value: index for index, value in enumerate(order)}
    renumber = lambda child: (child[0], number[colors[child[1]]]) if isinstance(child, tuple) else number[colors[child]]
    merged = []
    for value in order:
        own, children = nodes[first[value]]
        merged.append((own, {field: [renumber(c) for c in entries] for field, entries in children.items()}))
    return merged, [number[colors[root]] for root in roots]
