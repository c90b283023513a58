"""The districts of the city under their codes of GB/T 2260."""

from forms.schema import Text

NAMES = {
    "310101": Text(zh="黄浦区", en="Huangpu"),
    "310104": Text(zh="徐汇区", en="Xuhui"),
    "310105": Text(zh="长宁区", en="Changning"),
    "310106": Text(zh="静安区", en="Jing’an"),
    "310107": Text(zh="普陀区", en="Putuo"),
    "310109": Text(zh="虹口区", en="Hongkou"),
    "310110": Text(zh="杨浦区", en="Yangpu"),
    "310112": Text(zh="闵行区", en="Minhang"),
    "310113": Text(zh="宝山区", en="Baoshan"),
    "310114": Text(zh="嘉定区", en="Jiading"),
    "310115": Text(zh="浦东新区", en="Pudong New Area"),
    "310116": Text(zh="金山区", en="Jinshan"),
    "310117": Text(zh="松江区", en="Songjiang"),
    "310118": Text(zh="青浦区", en="Qingpu"),
    "310120": Text(zh="奉贤区", en="Fengxian"),
    "310151": Text(zh="崇明区", en="Chongming"),
}


def called(code: str) -> str:
    """What the district of ``code`` is called, in the reader's language; else its code."""
    return str(NAMES.get(code, code))
