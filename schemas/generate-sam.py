#!/usr/bin/env python3
"""Writes the tables that the SAM expansion reads.

usage: generate-sam.py PACKAGE [OUT]

PACKAGE is a folder into which aws-sam-translator was installed, for example by
`pip install --no-deps --target PACKAGE aws-sam-translator==1.115.0`; OUT is where the tables
go, this folder unless given. Every table is a text file of tab-separated lines sorted by
bytes, so that a reader finds a line by bisection without reading the rest.
"""
import glob
import json
import os
import sys


def compact(value):
    # Keys keep their order: refusals name what is missing in it.
    return json.dumps(value, separators=(",", ":"))


def write(out, name, what, version, rows):
    lines = sorted("\t".join(row).encode() for row in rows)
    with open(os.path.join(out, name), "wb") as file:
        file.write(f"# {what}\n".encode())
        file.write(f"# From aws-sam-translator {version} (Apache-2.0), written by generate-sam.py\n".encode())
        for line in lines:
            file.write(line + b"\n")


def statement_templates(package):
    with open(os.path.join(package, "policy_templates_data", "policy_templates.json"), encoding="utf-8") as file:
        templates = json.load(file)["Templates"]
    for name, template in templates.items():
        yield name, ",".join(template.get("Parameters", {})), compact(template["Definition"])


def connectors(package):
    with open(os.path.join(package, "model", "connector_profiles", "profiles.json"), encoding="utf-8") as file:
        return json.load(file)


def permissions(profiles):
    for source, destinations in profiles["Permissions"].items():
        for destination, profile in destinations.items():
            properties = profile["Properties"]
            # The order of the categories is the order in which messages and statements name them.
            categories = [[name, body] for name, body in properties.pop("AccessCategories").items()]
            yield source, destination, profile["Type"], compact(properties), compact(categories)


def resources(profiles):
    for kind, body in profiles["CfnResourceProperties"].items():
        yield kind, compact(body)


def managed_policies(package):
    with open(os.path.join(package, "internal", "data", "aws_managed_policies.json"), encoding="utf-8") as file:
        by_partition = json.load(file)
    places = {}
    for partition, policies in by_partition.items():
        for name, arn in policies.items():
            prefix = f"arn:{partition}:iam::aws:policy/"
            if not arn.startswith(prefix):
                raise SystemExit(f"unexpected ARN {arn}")
            places.setdefault((name, arn[len(prefix) :]), []).append(partition)
    for (name, path), partitions in places.items():
        yield name, path, ",".join(sorted(partitions))


def main():
    if len(sys.argv) not in (2, 3):
        raise SystemExit(__doc__)
    root = sys.argv[1]
    out = sys.argv[2] if len(sys.argv) == 3 else os.path.dirname(os.path.abspath(__file__))
    package = os.path.join(root, "samtranslator")
    info = glob.glob(os.path.join(root, "aws_sam_translator-*.dist-info"))
    version = os.path.basename(info[0]).split("-")[1].removesuffix(".dist") if info else "of unknown version"
    profiles = connectors(package)
    write(out, "sam-policy-templates.tsv", "SAM policy templates: name, parameters, policy document", version,
          statement_templates(package))
    write(out, "sam-connector-profiles.tsv",
          "SAM connectors: source type, destination type, kind of policy, properties, access categories", version,
          permissions(profiles))
    write(out, "sam-connector-resources.tsv", "SAM connectors: resource type, what can be read from it", version,
          resources(profiles))
    write(out, "sam-managed-policies.tsv", "AWS managed policies: name, path of the ARN, partitions", version,
          managed_policies(package))


if __name__ == "__main__":
    main()
