#!/usr/bin/env python3
"""Turns the resource schemas inside a cfn-lint wheel into `resources.bin` and `resources.txt`.

usage: generate-resources.py cfn_lint-1.58.0-py3-none-any.whl [OUTPUT_DIR]

Only facts are kept (names, types, limits, patterns, lists); descriptions are dropped. The
layout of `resources.bin` is described in `README.md`; `src/schema/` reads it. Standard
library only, and the same wheel always gives the same bytes.
"""
import json
import os
import re
import struct
import sys

from resources_graph import BIT, CHILDREN, FIELDS, LIST, NAMED, NUMBERS, STRING, TABLE, Graph, shared
from resources_text import dump
from resources_wheel import DATA, Wheel, extensions, type_facts

FORMAT = 1
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
