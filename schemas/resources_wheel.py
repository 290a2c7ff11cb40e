"""What is read from a cfn-lint wheel."""
import ast
import collections
import json
import re
import zipfile

DATA = "cfnlint/data/schemas/"
# Schemas that only make sense with cfn-lint's own machinery around them.
MACHINERY = ("cfnGather", "cfnContext", "dynamicValidation", "$data", "$lookup")
# Extensions larger than this are instance classes and engine versions, which go stale fast.
LARGEST_EXTENSION = 7_000


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
