"""What policies are about, and where they hold: the names of themes, levels, kinds of benefit and regions."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from qitong.kernel.errors import Refused
from qitong.kernel.words import Named, Sentence, say


class Theme(StrEnum):
    """In the order of a compendium; the values are those of the policy files."""

    RECOGNITION = "recognition"
    INCOME_TAX = "income_tax"
    VAT_AND_FEES = "vat_and_fees"
    EMPLOYMENT = "employment"
    TRADE_AND_LOCAL = "trade_and_local"


THEMES: Mapping[Theme, Named] = {
    Theme.RECOGNITION: Named("资质认定", "Titles and certification"),
    Theme.INCOME_TAX: Named("所得税优惠", "Income tax"),
    Theme.VAT_AND_FEES: Named("增值税和税费优惠", "VAT and levies"),
    Theme.EMPLOYMENT: Named("就业创业和人才", "Employment, start-ups and talent"),
    Theme.TRADE_AND_LOCAL: Named("进口和地方扶持", "Imports and local support"),
}
LEVELS: Mapping[str, Named] = {
    "national": Named("国家级", "national"),
    "provincial": Named("省级", "provincial"),
    "municipal": Named("市级", "municipal"),
    "district": Named("区级", "district"),
}
"""In the order of a compendium: from the country down to the district."""
PERIODS: Mapping[str, Sentence] = {"once": say("一次性"), "year": say("每年"), "month": say("每月")}
BENEFITS: Mapping[str, Named] = {
    "title": Named("称号", "A title"),
    "entitlement": Named("待遇", "An entitlement"),
    "tax_saving": Named("少缴税费", "Less tax or levies to pay"),
    "tax_credit": Named("抵免应纳税额", "A credit against tax"),
    "tax_exemption": Named("免征税费", "Exemption from tax or levies"),
    "vat_refund_statutory": Named("增值税即征即退", "Refund of VAT by national law"),
    "deferral": Named("提前扣除（时间性利益）", "Earlier deduction: a gain of time"),
    "subsidy": Named("补贴或奖励", "A subsidy or an award"),
    "insurance_return": Named("保险费返还", "A return of insurance premiums"),
    "interest_subsidy": Named("贷款贴息", "A subsidy on interest"),
}

_SHANGHAI = (
    "01 黄浦 Huangpu,04 徐汇 Xuhui,05 长宁 Changning,06 静安 Jing’an,07 普陀 Putuo,09 虹口 Hongkou,"
    "10 杨浦 Yangpu,12 闵行 Minhang,13 宝山 Baoshan,14 嘉定 Jiading,15 浦东新 Pudong,16 金山 Jinshan,"
    "17 松江 Songjiang,18 青浦 Qingpu,20 奉贤 Fengxian,51 崇明 Chongming"
)
_PROVINCES = (
    "11 北京市 Beijing,12 天津市 Tianjin,13 河北省 Hebei,14 山西省 Shanxi,15 内蒙古自治区 Inner_Mongolia,"
    "21 辽宁省 Liaoning,22 吉林省 Jilin,23 黑龙江省 Heilongjiang,31 上海市 Shanghai,32 江苏省 Jiangsu,"
    "33 浙江省 Zhejiang,34 安徽省 Anhui,35 福建省 Fujian,36 江西省 Jiangxi,37 山东省 Shandong,"
    "41 河南省 Henan,42 湖北省 Hubei,43 湖南省 Hunan,44 广东省 Guangdong,45 广西壮族自治区 Guangxi,"
    "46 海南省 Hainan,50 重庆市 Chongqing,51 四川省 Sichuan,52 贵州省 Guizhou,53 云南省 Yunnan,"
    "54 西藏自治区 Tibet,61 陕西省 Shaanxi,62 甘肃省 Gansu,63 青海省 Qinghai,64 宁夏回族自治区 Ningxia,"
    "65 新疆维吾尔自治区 Xinjiang"
)


def _regions() -> dict[str, Named]:
    found = {"000000": Named("全国", "the whole country")}
    for code, zh, en in (line.split() for line in _PROVINCES.split(",")):
        found[f"{code}0000"] = Named(zh, en.replace("_", " "))
    for code, zh, en in (line.split() for line in _SHANGHAI.split(",")):
        found[f"3101{code}"] = Named(f"上海市{zh}区", f"{en} District, Shanghai")
    return found


REGIONS: Mapping[str, Named] = _regions()
"""By the codes of GB/T 2260: provinces, and the districts of Shanghai. Others are shown by their code, or by
the name that the organisation of the installation gives them."""


def region(code: str, known: Mapping[str, Named]) -> Named:
    """What a division is called here, by its code alone when nobody named it."""
    found = known.get(code) or REGIONS.get(code)
    return found or Named(f"行政区划{code}", f"division {code}")


def theme_of(text: str) -> Theme:
    """A theme by its code or its name in either language, or by what only one of them holds.

    Refused (``theme``), naming all.
    """
    wanted = text.strip().casefold()
    for theme, name in THEMES.items():
        if wanted in (theme.value, name.zh, name.en.casefold()):
            return theme
    found = [
        theme
        for theme, name in THEMES.items()
        if wanted and (wanted in name.zh or wanted in name.en.casefold())
    ]
    if len(found) == 1:
        return found[0]
    known = [say("{code}（{name}）", code=theme.value, name=name) for theme, name in THEMES.items()]
    raise Refused(
        say("没有主题“{theme}”，可选：{known}。", theme=text, known=known), code="theme", field="theme"
    )
