"""The OpenAPI 3.1 text, made from the operations: what is served is what is described."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from intentcastd.api.op import JSON, PROBLEM_JSON, Op
from intentcastd.api.shapes import Problem

TITLE = "intentcast local API"
VERSION = "1"


def describe(ops: Sequence[Op]) -> dict[str, Any]:
    """Return the description of these operations as plain data."""
    kinds: list[type[msgspec.Struct]] = list(dict.fromkeys([Problem, *_kinds(ops)]))
    schemas, components = msgspec.json.schema_components(kinds, ref_template="#/components/schemas/{name}")
    refs = dict(zip(kinds, schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for op in ops:
        paths.setdefault(op.path, {})[op.method.lower()] = _operation(op, refs)
    return {
        "openapi": "3.1.0",
        "info": {"title": TITLE, "version": VERSION},
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "On loopback TCP; the unix socket needs none.",
                }
            },
        },
        "security": [{"token": []}],
    }


def _kinds(ops: Iterable[Op]) -> Iterable[type[msgspec.Struct]]:
    for op in ops:
        yield from (kind for kind in (op.body, op.query, op.returns) if kind is not None)


def _operation(op: Op, refs: dict[type[msgspec.Struct], Any]) -> dict[str, Any]:
    good: dict[str, Any] = {"description": op.summary}
    if op.returns is not None:
        good["content"] = {op.media: {"schema": refs[op.returns]}}
    described: dict[str, Any] = {
        "operationId": op.name,
        "summary": op.summary,
        "responses": {
            str(op.status): good,
            "default": {
                "description": "What happened, why, and what to do next",
                "content": {PROBLEM_JSON: {"schema": refs[Problem]}},
            },
        },
    }
    if op.body is not None:
        described["requestBody"] = {"required": True, "content": {JSON: {"schema": refs[op.body]}}}
    if op.upload:
        described["requestBody"] = {"required": True, "content": {"application/octet-stream": {}}}
    parameters = [*_path_parameters(op.path), *_query_parameters(op.query)]
    if parameters:
        described["parameters"] = parameters
    return described


def _path_parameters(path: str) -> Iterable[dict[str, Any]]:
    for part in path.split("/"):
        if part.startswith("{"):
            yield {"name": part[1:-1], "in": "path", "required": True, "schema": {"type": "string"}}


def _query_parameters(kind: type[msgspec.Struct] | None) -> Iterable[dict[str, Any]]:
    if kind is None:
        return
    (_,), components = msgspec.json.schema_components([kind])
    for name, schema in components[kind.__name__]["properties"].items():
        yield {"name": name, "in": "query", "required": False, "schema": schema}
