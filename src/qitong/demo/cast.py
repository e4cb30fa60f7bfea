"""The fixed cast: the same people in the demo and in the tests, made by the public actions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace

from qitong.accounts import absences, duty, enterprises, officers
from qitong.accounts.actors import Actor, Role, actor_for
from qitong.accounts.models import Department, Enterprise, Jurisdiction, User
from qitong.accounts.organisation import load_organisation
from qitong.accounts.people import NewPerson
from qitong.casework.logic.clock import day_of

PARK = "310151-P1"
MAIL = "qitong.example"
DIRECTOR = Actor.system("demo")


@dataclass(frozen=True, slots=True)
class Person:
    """One member of the cast; ``login`` (with ``@qitong.example``) signs in."""

    login: str
    name: str
    role: Role
    department: str = ""
    jurisdiction: str = ""
    also: tuple[Role, ...] = ()


OFFICERS: tuple[Person, ...] = (
    Person("wang.fang", "王芳", Role.SERVICE_OFFICER, "zs", also=(Role.DUTY_OFFICER,)),
    Person("li.qiang", "李强", Role.SERVICE_OFFICER, "zs", also=(Role.DUTY_OFFICER,)),
    Person("chen.jing", "陈静", Role.DUTY_OFFICER, "zs"),
    Person("zhao.min", "赵敏", Role.RECRUITMENT_OFFICER, "zs"),
    Person("sun.lei", "孙磊", Role.DEPARTMENT_HEAD, "zs"),
    Person("zhou.jun", "周军", Role.LEADER, jurisdiction=PARK),
    Person("wu.hong", "吴红", Role.AUDITOR),
    Person("admin", "系统管理员", Role.SYSTEM_ADMINISTRATOR),
    Person("security", "安全管理员", Role.SECURITY_ADMINISTRATOR),
    Person("policy", "政策编辑", Role.POLICY_EDITOR),
    Person("policy2", "第二位政策编辑", Role.POLICY_EDITOR),
    *(
        Person(f"{code}.{rank}", f"{name}{title}", role, code)
        for code, name in (
            ("scjg", "市场监管局"),
            ("ga", "公安分局"),
            ("sw", "税务局"),
            ("rs", "人社局"),
            ("gjj", "公积金中心"),
            ("fgw", "发改委"),
            ("jw", "经委"),
            ("kw", "科委"),
            ("czj", "财政局"),
            ("gzj", "规划资源局"),
            ("zjw", "建管委"),
            ("sthj", "生态环境局"),
            ("swj", "水务局"),
            ("yjj", "应急局"),
            ("hg", "海关"),
            ("fgj", "房管局"),
            ("dw", "供电公司"),
        )
        for rank, title, role in (
            ("reviewer", "审核员", Role.REVIEWER),
            ("head", "负责人", Role.DEPARTMENT_HEAD),
        )
    ),
)


@dataclass(frozen=True, slots=True)
class Company:
    uscc: str
    name: str
    legal_representative: str
    address: str
    login: str
    contact: str


COMPANIES: tuple[Company, ...] = (
    Company(
        "91310151MA1JK0001T",
        "崇明绿源新材料有限公司",
        "顾海",
        "崇明示范园区东滩路18号",
        "13800000001",
        "林小雨",
    ),
    Company(
        "91310151MA1JK0002X",
        "上海潮汐智能装备有限公司",
        "马骏",
        "崇明示范园区潮汐路6号",
        "13800000002",
        "何佳",
    ),
    Company(
        "N2310151MF0000000R", "竖新镇明强村股份经济合作社", "黄明", "竖新镇明强村", "13800000003", "黄小丽"
    ),
)


@dataclass(slots=True)
class Cast:
    """Who plays. ``officer`` and ``clerk`` give an Actor as of a moment, roles and absences included."""

    users: dict[str, User] = field(default_factory=dict)
    companies: dict[str, Enterprise] = field(default_factory=dict)

    def user(self, login: str) -> User:
        return self.users[login]

    def actor(self, login: str, at: dt.datetime) -> Actor:
        return actor_for(self.users[login], on=day_of(at))

    def company(self, uscc: str) -> Enterprise:
        return self.companies[uscc]

    def absent(self, login: str, substitute: str, first: dt.date, last: dt.date, *, at: dt.datetime) -> None:
        absences.record(
            user=self.users[login],
            substitute=self.users[substitute],
            starts_on=first,
            ends_on=last,
            by=self.actor(login, at),
            at=at,
        )


def assemble(*, at: dt.datetime, password: str = "", hashed: str = "") -> Cast:
    """Make the organisation, the officers with their roles and the companies. Run once a database.

    ``hashed`` in place of ``password`` spares hashing the same password for everybody.
    """
    secret = NewPerson(login="", name="", password=password, hashed=hashed)
    load_organisation(by=DIRECTOR, at=at)
    cast = Cast()
    welcome(cast, at=at, password=password, hashed=hashed)
    for company in COMPANIES:
        _company(cast, company, secret, at)
    return cast


def welcome(cast: Cast, *, at: dt.datetime, password: str = "", hashed: str = "") -> None:
    """Make the officers who are not there yet: all of a new database, of an older one who joined since."""
    secret = NewPerson(login="", name="", password=password, hashed=hashed)
    for person in OFFICERS:
        if person.login not in cast.users:
            cast.users[person.login] = _officer(person, secret, at)


def _officer(person: Person, secret: NewPerson, at: dt.datetime) -> User:
    new = replace(secret, login=f"{person.login}@{MAIL}", name=person.name, phone="021-59610000")
    user = officers.create_user(person=new, by=DIRECTOR, at=at)
    for role in (person.role, *person.also):
        officers.grant_role(
            user=user,
            role=role,
            department=Department.objects.get(code=person.department) if person.department else None,
            jurisdiction=Jurisdiction.objects.get(code=person.jurisdiction) if person.jurisdiction else None,
            from_on=day_of(at),
            by=DIRECTOR,
            at=at,
        )
    return user


def _company(cast: Cast, company: Company, secret: NewPerson, at: dt.datetime) -> None:
    made = enterprises.register(
        uscc=company.uscc,
        name=company.name,
        jurisdiction=Jurisdiction.objects.get(code=PARK),
        legal_representative=company.legal_representative,
        address=company.address,
        phone=company.login,
        contact=replace(secret, login=company.login, name=company.contact, phone=company.login),
        by=Actor.visitor(),
        at=at,
    )
    cast.companies[company.uscc] = made.enterprise
    cast.users[company.login] = made.administrator


def rota(cast: Cast, *, first: dt.date, last: dt.date, at: dt.datetime) -> None:
    """The window's duty rota: Wang Fang Monday to Wednesday, Li Qiang Thursday and Friday."""
    duty.set_weekly_rota(
        department=Department.objects.get(code="zs"),
        weekdays={
            0: cast.user("wang.fang"),
            1: cast.user("wang.fang"),
            2: cast.user("wang.fang"),
            3: cast.user("li.qiang"),
            4: cast.user("li.qiang"),
        },
        starts_on=first,
        ends_on=last,
        by=DIRECTOR,
        at=at,
    )
