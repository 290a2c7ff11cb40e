#!/usr/bin/env python3
"""Writes the table of the Serverless Framework's configuration.

usage: generate-serverless.py SCHEMA [OUT]

SCHEMA is the JSON schema that the framework holds at run time with its AWS provider (of `osls`
3.77.1, a superset of serverless 3.40.0); OUT is where the table goes, this folder unless given.
Each line of the table is one node as JSON with the keywords of JSON Schema; where a keyword takes
schemas it names them by their line, counted from 0. Equal nodes are stored once. The last line is
the whole configuration. Descriptions are dropped, and so are the lists of runtimes and regions:
dewline has dated ones of its own.
"""
import json
import os
import sys

ONE = ("items", "additionalProperties", "not", "propertyNames")
SEVERAL = ("anyOf", "oneOf", "allOf")
NAMED = ("properties", "patternProperties")
DROPPED = ("definitions", "$schema", "description", "title")
DATED = ("awsLambdaRuntime",)
TEXTS = {"type": "array", "items": {"type": "string"}}


def add_older(schema):
    """Settings that serverless 3.40.0 still takes and osls does not."""
    sections = schema["properties"]
    function = next(iter(sections["functions"]["patternProperties"].values()))
    layer = sections["layers"]["additionalProperties"]
    layer = schema["definitions"][layer["$ref"].rsplit("/", 1)[-1]] if "$ref" in layer else layer
    for owner in (sections["package"], function["properties"]["package"], layer["properties"]["package"]):
        owner["properties"].update({"exclude": TEXTS, "include": TEXTS})
    sections["outputs"] = {"type": "object"}
    sections["provider"]["properties"].update(
        {
            "eventBridge": {
                "type": "object",
                "properties": {"useCloudFormation": {"type": "boolean"}},
                "additionalProperties": False,
            },
            "lambdaHashingVersion": {"type": "string"},
        }
    )


class Table:
    def __init__(self, schema):
        self.schema = schema
        self.nodes = []
        self.known = {}

    def add(self, node):
        line = json.dumps(node, separators=(",", ":"), ensure_ascii=True)
        if line not in self.known:
            self.known[line] = len(self.nodes)
            self.nodes.append(line)
        return self.known[line]

    def node(self, schema, name=""):
        reference = schema.get("$ref")
        if reference is not None:
            name = reference.rsplit("/", 1)[-1]
            return self.node(self.schema["definitions"][name], name)
        out = {}
        for keyword, value in schema.items():
            if keyword in DROPPED or value is True and keyword == "additionalProperties":
                continue
            if keyword == "enum" and name in DATED:
                continue
            if keyword in ONE and isinstance(value, dict):
                value = self.node(value)
            elif keyword == "items":
                keyword, value = "prefixItems", [self.node(item) for item in value]
            elif keyword in SEVERAL:
                value = [self.node(item) for item in value]
            elif keyword in NAMED:
                value = {key: self.property(key, item) for key, item in value.items()}
            out[keyword] = value
        return self.add(out)

    def property(self, key, schema):
        # The regions of `provider.region` change; any text is taken for one.
        if key == "region" and "us-east-1" in schema.get("enum", []):
            schema = {"type": "string"}
        return self.node(schema, key)


def main():
    out = sys.argv[2] if len(sys.argv) > 2 else os.path.dirname(os.path.abspath(__file__))
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    add_older(schema)
    table = Table(schema)
    table.node(schema)
    with open(os.path.join(out, "serverless-framework.jsonl"), "w", encoding="ascii") as file:
        file.write("\n".join(table.nodes) + "\n")


main()
