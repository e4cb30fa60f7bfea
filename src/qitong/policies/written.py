"""A policy's data as the YAML its authors read and change: what is not said is left out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import yaml

from qitong.policies.schema import Policy

WIDTH = 110


def as_yaml(data: Mapping[str, Any]) -> str:
    """Text that reads back as exactly this policy."""
    policy = Policy.model_validate_json(json.dumps(data))
    said = policy.model_dump(mode="json", exclude_defaults=True)
    for example, whole in zip(said["examples"], policy.examples, strict=True):
        if "benefit" in whole.model_fields_set:
            example["benefit"] = whole.benefit
    text = yaml.safe_dump(said, allow_unicode=True, sort_keys=False, width=WIDTH, default_flow_style=None)
    return str(text)
