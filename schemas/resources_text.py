"""The table as text, for reviews."""
import hashlib
import json

from resources_graph import NUMBERS, SILENT, listed, text_of


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
