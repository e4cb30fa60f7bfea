"""What one item's result is to the next item: the material it becomes, so that nobody asks twice."""

from __future__ import annotations

PRODUCES: dict[str, str] = {
    "business_licence": "licence",
    "investment_project_filing": "project_filing",
    "construction_planning_permit": "planning_permit",
    "eia_approval": "eia_reply",
    "joint_acceptance": "acceptance",
}


def produced_key(item_code: str) -> str:
    """The material key under which the certificate of an item is reused; empty when nothing asks for it."""
    return PRODUCES.get(item_code, "")
