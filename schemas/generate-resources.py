#!/usr/bin/env python3
"""Turns the resource schemas inside a cfn-lint wheel into `resources.bin` and `resources.txt`.

usage: generate-resources.py cfn_lint-1.58.0-py3-none-any.whl [OUTPUT_DIR]

Only facts are kept (names, types, limits, patterns, lists); descriptions are dropped. The
layout of `resources.bin` is described in `README.md`; `src/schema/` reads it. Standard
library only, and the same wheel always gives the same bytes.
"""
import ast
import collections
import hashlib
import json
import os
import re
import struct
import sys
import zipfile

FORMAT = 1
DATA = "cfnlint/data/schemas/"
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
# Schemas that only make sense with cfn-lint's own machinery around them.
MACHINERY = ("cfnGather", "cfnContext", "dynamicValidation", "$data", "$lookup")
# Documents other than resource types, under the names the reader asks for.
OTHER = {
    "#iam/identity": "other/iam/policy_identity.json",
    "#iam/resource": "other/iam/policy_resource.json",
    "#iam/registry": "other/iam/policy_resource_ecr.json",
    "#iam/trust": "other/iam/policy_trust.json",
    "#sam/globals": "other/sam/globals.json",
    "#states": "other/step_functions/statemachine.json",
    "#tags": "other/resources/tagging.json",
    "#template/update-policy": "other/resources/update_policy.json",
    "#template/interface": "other/metadata/interface.json",
    "#template/init": "other/resources/cfn_init.json",
}
# Extensions larger than this are instance classes and engine versions, which go stale fast.
LARGEST_EXTENSION = 7_000


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


def varint(number, out):
    assert number >= 0
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)


class Writer:
    def __init__(self, strings):
        self.texts = sorted(strings, key=lambda text: text.encode())
        self.ids = {text: index for index, text in enumerate(self.texts)}
        self.lists, self.list_bytes = {}, bytearray()

    def list(self, texts):
        key = tuple(self.ids[text] for text in texts)
        if key not in self.lists:
            self.lists[key] = len(self.list_bytes)
            varint(len(key), self.list_bytes)
            for entry in key:
                varint(entry, self.list_bytes)
        return self.lists[key]

    def node(self, own, children):
        out, mask = bytearray(), 0
        for field in list(own) + list(children):
            mask |= 1 << BIT[field]
        varint(mask, out)
        for field in FIELDS:
            if field in own:
                value = own[field]
                if field == "type":
                    out.append(value)
                elif field in STRING:
                    varint(self.ids[value], out)
                elif field in LIST:
                    varint(self.list(value), out)
                elif field in TABLE:
                    varint(len(value), out)
                    for name, other in sorted(value.items()):
                        varint(self.ids[name], out)
                        varint(self.list(other), out)
                elif field in NUMBERS:
                    if float(value).is_integer() and abs(value) < 1 << 60:
                        value = int(value)
                        varint((value * 2 if value >= 0 else -value * 2 - 1) * 2, out)
                    else:
                        out.append(1)
                        out += struct.pack("<d", value)
            elif field in children:
                entries = children[field]
                if field in NAMED:
                    varint(len(entries), out)
                    previous = 0
                    for name, child in sorted((self.ids[name], child) for name, child in entries):
                        varint(name - previous, out)
                        varint(child, out)
                        previous = name
                elif field in CHILDREN:
                    varint(len(entries), out)
                    for child in entries:
                        varint(child, out)
                else:
                    varint(entries[0], out)
        return out


def strings_of(nodes):
    for own, children in nodes:
        for field in NAMED:
            for name, _ in children.get(field, []):
                yield name
        for field in LIST:
            yield from own.get(field, [])
        for field in TABLE:
            for name, other in own.get(field, {}).items():
                yield name
                yield from other
        for field in STRING:
            if field in own:
                yield own[field]


class Wheel:
    def __init__(self, path):
        self.zip = zipfile.ZipFile(path)
        self.names = sorted(self.zip.namelist())
        self.version = next(n for n in self.names if n.endswith(".dist-info/METADATA")).split("-")[1].split(".dist")[0]

    def json(self, name):
        return json.loads(self.zip.read(DATA + name))

    def source(self, name):
        return ast.parse(self.zip.read(name))


def constants(tree):
    """Every `name = literal` of a module, wherever it stands."""
    found = {}
    for node in ast.walk(tree):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        for target in targets:
            name = getattr(target, "id", getattr(target, "attr", None))
            value = node.value
            if isinstance(value, ast.Call) and getattr(value.func, "id", "") == "frozenset" and value.args:
                value = value.args[0]
            try:
                found.setdefault(name, ast.literal_eval(value))
            except (ValueError, TypeError):
                pass
    return found


def literals(tree):
    """The literal arguments of all calls of a module."""
    for node in ast.walk(tree):
        for argument in node.args if isinstance(node, ast.Call) else []:
            try:
                yield ast.literal_eval(argument)
            except (ValueError, TypeError):
                pass


def extensions(wheel):
    """(type, path, rule, schema): small schemas that rules attach to a place."""
    for name in wheel.names:
        if not name.startswith("cfnlint/rules/resources/") or not name.endswith(".py"):
            continue
        tree = wheel.source(name)
        rule = constants(tree).get("id")
        keywords, file, module = [], None, None
        for node in ast.walk(tree):
            if isinstance(node, ast.keyword) and node.arg == "keywords":
                try:
                    keywords = ast.literal_eval(node.value)
                except ValueError:
                    pass
            elif isinstance(node, ast.keyword) and node.arg == "filename" and isinstance(node.value, ast.Constant):
                file = node.value.value
            elif isinstance(node, ast.keyword) and node.arg == "module":
                module = ast.unparse(node.value)
        policy = next((node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)
                       and isinstance(node.value, str) and re.fullmatch(r"policy_\w+\.json", node.value)), None)
        if policy:
            for keyword in next((value for value in literals(tree) if isinstance(value, list)), []):
                parts = keyword.split("/")
                yield parts[1], "/".join(parts[3:]), rule, wheel.json("other/iam/" + policy)
            continue
        if not (rule and file and module and ".extensions." in module and keywords):
            continue
        path = f"extensions/{module.split('.extensions.')[1]}/{file}"
        raw = wheel.zip.read(DATA + path)
        if len(raw) > LARGEST_EXTENSION or any(word.encode() in raw for word in MACHINERY):
            continue
        for keyword in keywords:
            parts = keyword.split("/")
            if len(parts) >= 3 and parts[0] == "Resources" and parts[2] == "Properties":
                yield parts[1], "/".join(parts[3:]), rule, json.loads(raw)


def type_facts(wheel):
    """Facts that cfn-lint keeps in code: (list name, type, values)."""
    attributes = constants(wheel.source("cfnlint/schema/_getatts.py"))
    for name in attributes["_all_property_types"]:
        yield "attributes-all", name, []
    for name, extra in sorted(attributes["_exceptions"].items()):
        yield "attributes-more", name, extra
    helpers = constants(wheel.source("cfnlint/helpers.py"))
    packaged = collections.defaultdict(list)
    for place in helpers["TEMPLATED_PROPERTY_CFN_PATHS"]:
        _, name, _, path = place.split("/", 3)
        packaged[name].append(path)
    for name, properties in sorted(packaged.items()):
        yield "packaged", name, sorted(properties)
    for name in helpers["valid_snapshot_types"]:
        yield "snapshot", name, []
    for key, kind in (("VALID_PARAMETER_TYPES_SINGLE", "scalar"), ("VALID_PARAMETER_TYPES_LIST", "list")):
        for name in helpers[key]:
            yield "parameter-type", name, [kind]
    for name, dates in json.loads(wheel.zip.read("cfnlint/data/AdditionalSpecs/LmbdRuntimeLifecycle.json")).items():
        yield "runtime", name, [dates.get(key) or "" for key in ("deprecated", "create-block", "update-block", "successor")]
    for name in json.loads(wheel.zip.read("cfnlint/data/AdditionalSpecs/StatefulResources.json"))["ResourceTypes"]:
        yield "stateful", name, []


def dump(wheel, types, facts, rules, out):
    """The table as text, one line per object: what a reviewer compares after a refresh."""
    letters = {"string": "S", "integer": "I", "number": "N", "boolean": "B", "object": "O", "array": "A", "null": "0"}
    words = {"$ref": "", "maxLength": "<=", "minLength": ">="}
    patterns = {}

    def short(schema):
        if not isinstance(schema, dict):
            return str(schema).lower()
        parts = []
        for key, value in sorted(schema.items()):
            if key in SILENT or key in ("properties", "required", "additionalProperties") or key in words and key != "$ref":
                continue
            if key == "$ref":
                parts.append("@" + value.rsplit("/", 1)[-1])
            elif key == "type":
                parts.append("".join(sorted(letters.get(name, name) for name in listed(value))))
            elif key == "items":
                parts.append("[" + (short(value) if isinstance(value, dict) else "…") + "]")
            elif key == "enum":
                shown = [text_of(v) for v in value]
                parts.append("{" + "|".join(shown) + "}" if len(shown) < 20 else "{" + "|".join(shown[:6]) + f"|…{len(shown)} {hashlib.sha256(repr(shown).encode()).hexdigest()[:8]}" + "}")
            elif key == "pattern":
                parts.append(patterns.setdefault(value, "p" + hashlib.sha256(value.encode()).hexdigest()[:8]))
            elif key in ("oneOf", "anyOf", "allOf"):
                parts.append(key + "(" + "; ".join(short(v) + need(v) for v in value) + ")")
            elif key in NUMBERS:
                parts.append(f"{key}={value}")
            elif key == "format":
                parts.append("~" + value)
            elif key == "uniqueItems":
                if value:
                    parts.append("unique")
            elif key != "default":
                parts.append(key + "=" + json.dumps(value, sort_keys=True, separators=(",", ":")))
        low, high = schema.get("minLength"), schema.get("maxLength")
        if low is not None or high is not None:
            parts.append(f"len {'' if low is None else low}..{'' if high is None else high}")
        return " ".join(parts)

    def need(schema):
        return " needs " + ",".join(sorted(schema["required"])) if isinstance(schema, dict) and isinstance(schema.get("required"), list) else ""

    def body(name, schema):
        required = set(schema.get("required") or []) if isinstance(schema.get("required"), list) else set()
        fields = [(k + ("!" if k in required else "")) + " " + short(v) for k, v in sorted((schema.get("properties") or {}).items())]
        out.append(f" {name}: {short(schema)}" + (" " + "; ".join(fields) if fields else "") + need({"required": sorted(required - set(schema.get("properties") or {}))} if required - set(schema.get("properties") or {}) else {}))

    for name, schema, masks in types:
        out.append(f"{name} regions={masks}" if masks is not None else name)
        body("=", schema)
        for definition, sub in sorted((schema.get("definitions") or {}).items()):
            if isinstance(sub, dict):
                body(definition, sub)
        for key, mark in (("readOnlyProperties", "read-only"), ("createOnlyProperties", "create-only"),
                          ("conditionalCreateOnlyProperties", "maybe-create-only"), ("writeOnlyProperties", "write-only"),
                          ("deprecatedProperties", "deprecated"), ("primaryIdentifier", "identifier")):
            if schema.get(key):
                out.append(f" {mark}: " + " ".join(".".join(p.split("/")[2:]) for p in schema[key]))
    for kind, name, values in facts:
        out.append(f"{kind} {name} {' '.join(values)}".rstrip())
    for name, path, rule, schema in rules:
        if schema.get("$id"):
            schema = {"document": schema["$id"]}
        out.append(f"rule {rule} {name} /{path} {json.dumps({k: v for k, v in schema.items() if k not in SILENT}, sort_keys=True, separators=(',', ':'))}")
    for name, pattern in sorted((name, pattern) for pattern, name in patterns.items()):
        out.append(f"{name} {json.dumps(pattern, ensure_ascii=False)}")


def main():
    wheel = Wheel(sys.argv[1])
    target = sys.argv[2] if len(sys.argv) > 2 else os.path.dirname(os.path.abspath(__file__))
    regions, hashes, availability = [], {}, {}
    for name in wheel.names:
        place = re.fullmatch(DATA + r"providers/([\w-]+)\.json", name)
        if place:
            provider = wheel.json(f"providers/{place.group(1)}.json")
            if place.group(1) != "sam":
                regions.append(place.group(1))
                for type_name in provider:
                    availability[type_name] = availability.get(type_name, 0) | 1 << (len(regions) - 1)
            for type_name, digest in provider.items():
                assert hashes.setdefault(type_name, digest) == digest, f"{type_name} differs between regions"
    sources = {name: wheel.json(f"resources/{digest}.json") for name, digest in hashes.items()}
    sources.update({name: wheel.json(path) for name, path in OTHER.items()})
    graph = Graph({"policy": wheel.json("other/iam/policy.json")})
    names = sorted(sources, key=lambda name: name.encode())
    roots = [graph.add(sources[name], sources[name], {}) for name in names]
    rules = sorted(extensions(wheel), key=lambda rule: (rule[0].encode(), rule[1], rule[2]))
    roots += [graph.add(schema, schema, {}) for _, _, _, schema in rules]
    facts = list(type_facts(wheel))
    for name in names:
        if sources[name].get("lifecycle"):
            lifecycle = sources[name]["lifecycle"]
            facts.append(("lifecycle", name, [lifecycle.get("status", ""), lifecycle.get("date", "")]))
    facts.sort(key=lambda fact: (fact[0].encode(), fact[1].encode()))
    nodes, numbers = shared(graph.nodes, roots)

    lists_of = ["readOnlyProperties", "writeOnlyProperties", "createOnlyProperties", "conditionalCreateOnlyProperties",
                "primaryIdentifier", "deprecatedProperties"]
    dotted = lambda schema, key: [".".join(path.split("/")[2:]) for path in schema.get(key) or []]
    strings = set(strings_of(nodes)) | set(regions) | {wheel.version, ""}
    tag_property = {}
    for name in names:
        schema = sources[name]
        tagging = schema.get("tagging") or {}
        taggable = tagging.get("taggable", schema.get("taggable", False))
        tag_property[name] = (tagging.get("tagProperty") or "/properties/Tags").split("/")[-1] if taggable else ""
        strings |= {name, tag_property[name]}
        for key in lists_of:
            strings |= set(dotted(schema, key))
    for type_name, path, rule, _ in rules:
        strings |= {type_name, path, rule}
    for kind, name, values in facts:
        strings |= {kind, name, *values}

    writer = Writer(strings)
    node_bytes, node_offsets = bytearray(), []
    for own, children in nodes:
        node_offsets.append(len(node_bytes))
        node_bytes += writer.node(own, children)
    type_bytes = bytearray()
    for index, name in enumerate(names):
        mask = availability.get(name, 0)
        type_bytes += struct.pack("<IIQ", writer.ids[name], numbers[index], mask)
        for key in lists_of:
            type_bytes += struct.pack("<I", writer.list(dotted(sources[name], key)))
        type_bytes += struct.pack("<II", writer.ids[tag_property[name]], 0)
    rule_bytes = bytearray()
    for (type_name, path, rule, _), node in zip(rules, numbers[len(names):]):
        rule_bytes += struct.pack("<IIII", writer.ids[type_name], writer.ids[path], writer.ids[rule], node)
    fact_bytes = bytearray()
    for kind, name, values in facts:
        fact_bytes += struct.pack("<III", writer.ids[kind], writer.ids[name], writer.list(values))
    head = struct.pack("<II", writer.ids[wheel.version], writer.list(regions))
    string_bytes = b"".join(text.encode() for text in writer.texts)
    string_offsets = [0]
    for text in writer.texts:
        string_offsets.append(string_offsets[-1] + len(text.encode()))
    sections = [
        struct.pack(f"<{len(string_offsets)}I", *string_offsets), string_bytes,
        struct.pack(f"<{len(node_offsets)}I", *node_offsets), bytes(node_bytes), bytes(writer.list_bytes),
        bytes(type_bytes), bytes(rule_bytes), bytes(fact_bytes), head,
    ]
    offset = 8 + 8 * len(sections)
    header = b"DWRT" + struct.pack("<I", FORMAT)
    for section in sections:
        header += struct.pack("<II", offset, len(section))
        offset += len(section) + -len(section) % 8
    blob = header + b"".join(section + b"\0" * (-len(section) % 8) for section in sections)
    with open(os.path.join(target, "resources.bin"), "wb") as file:
        file.write(blob)
    out = [f"# cfn-lint {wheel.version}, MIT-0; written by generate-resources.py; do not edit", "regions " + " ".join(regions)]
    dump(wheel, [(name, sources[name], format(availability[name], "x") if name in availability else None) for name in names],
         facts, rules, out)
    with open(os.path.join(target, "resources.txt"), "w", encoding="utf-8") as file:
        file.write("\n".join(out) + "\n")
    print(f"{len(names)} types, {len(graph.nodes)} nodes, {len(nodes)} distinct, {len(strings)} strings, "
          f"{len(rules)} rules, {len(facts)} facts, {len(blob)} bytes; not kept: {dict(graph.unknown)}")


if __name__ == "__main__":
    main()
