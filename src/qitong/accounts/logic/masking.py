"""Personal data as lists show it: enough to recognise, too little to use."""

from __future__ import annotations


def mask_name(name: str) -> str:
    """``王小明`` → ``王**``; one character stays one star short of nothing: ``王`` → ``*``."""
    return name[:1] + "*" * (len(name) - 1) if len(name) > 1 else "*"


def mask_login(login: str) -> str:
    """``13812345678`` → ``138****5678``; ``zhang@corp.cn`` → ``z***@corp.cn``."""
    local, at, domain = login.partition("@")
    if at:
        return f"{local[:1]}***@{domain}"
    return f"{login[:3]}****{login[-4:]}" if len(login) >= 11 else f"{login[:1]}***"
