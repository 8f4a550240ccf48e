"""Surnames of two characters (复姓), so that a mask keeps the whole surname and not half of it."""

_COMPOUND = """
欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳
公冶 太叔 申屠 公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙
壤驷 公良 漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 微生 公户 公玉
梁丘 左丘 东门 西门 南荣 第五 贺兰 纳兰 叶赫 完颜 耶律 淳于 单于 达奚 褚师 哥舒 即墨 墨台
歐陽 司馬 東方 南宮 聞人 諸葛 尉遲 澹臺 濮陽 申屠 公孫 鍾離 長孫 鮮于 閭丘 司徒 令狐
"""
COMPOUND_SURNAMES = frozenset(_COMPOUND.split())


def surname_length(name: str) -> int:
    """Code points of the surname of a Han name: 2 for a compound one with a given name after it, else 1."""
    return 2 if len(name) > 2 and name[:2] in COMPOUND_SURNAMES else 1
