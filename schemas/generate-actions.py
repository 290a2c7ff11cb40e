#!/usr/bin/env python3
"""Turns the list of IAM actions inside a cfn-lint wheel into `actions.bin`.

usage: generate-actions.py cfn_lint-1.58.0-py3-none-any.whl [OUTPUT_DIR]
       generate-actions.py cfn_lint-1.58.0-py3-none-any.whl --list

Only names are kept: service prefixes and actions. The layout of `actions.bin` is described in
`README.md`; `src/schema/actions.rs` reads it. `--list` prints the actions, one a line, to see what
a refresh changed. Standard library only, and the same wheel always gives the same bytes.
"""
import json
import os
import sys
import zlib

from resources_wheel import DATA, Wheel

ACTIONS = "cfnlint/data/AdditionalSpecs/Policies.json"
# Shared letters are written as a character behind this one, so that they are never a line end.
SHARED_FROM = 32
MOST_SHARED = 90


def packed(names):
    """Each name as the number of letters it shares with the one before, and the rest."""
    before, lines = "", []
    for name in names:
        shared = len(os.path.commonprefix([before, name])[:MOST_SHARED])
        lines.append(chr(SHARED_FROM + shared) + name[shared:])
        before = name
    return lines


def main():
    wheel = Wheel(sys.argv[1])
    services = json.loads(wheel.zip.read(ACTIONS))
    date = json.loads(wheel.zip.read(DATA + "version.json"))["schema_date"][:10]
    names = {service: sorted(name.lower() for name in body["Actions"]) for service, body in services.items()}
    for name in [name for group in names.values() for name in group] + list(names):
        assert name.isascii() and name == name.lower() and name.strip() and "\n" not in name, name
    if sys.argv[2:] == ["--list"]:
        for service, group in sorted(names.items()):
            for name in group:
                print(f"{service}:{name}")
        return
    lines = [f"cfn-lint {wheel.version}", date]
    for service, group in sorted(names.items()):
        lines += ["", service, *packed(group)]
    data = zlib.compress("\n".join(lines).encode(), 9)
    out = sys.argv[2] if len(sys.argv) > 2 else os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(out, "actions.bin"), "wb") as file:
        file.write(data)
    print(f"{len(names)} services, {sum(map(len, names.values()))} actions, {len(data)} bytes")


main()
