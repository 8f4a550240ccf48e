"""Why a whole file is not read. A row that cannot be read never ends here: it is reported by its reader."""

# code -> (Chinese, English). {names} are filled from the refusal's facts.
TEXTS: dict[str, tuple[str, str]] = {
    "too_large": (
        "文件超过 {limit} MB，请拆分后分次上传。",
        "The file is larger than {limit} MB. Split it and upload the parts.",
    ),
    "empty": (
        "文件中没有表头，请使用模板，第一行填写列名。",
        "The file has no header row. Use the template: the first row holds the column names.",
    ),
    "not_a_table": (
        "文件内容不是 XLSX 或 CSV（与文件名是否一致无关），请用 Excel 另存为 XLSX 后上传。",
        "The content is neither XLSX nor CSV, whatever its name. Save it as XLSX and upload that.",
    ),
    "renamed": (
        "文件内容与扩展名不符（{name} 的内容是 {actual}），请用原软件另存为 XLSX 或 CSV 后上传。",
        "The content does not match the name ({name} holds {actual}). Save it as XLSX or CSV.",
    ),
    "old_excel": (
        "这是旧版 Excel（.xls）或加密的文件，请另存为不设密码的 XLSX 后上传。",
        "This is an old Excel file (.xls) or an encrypted one. Save it as XLSX without a password.",
    ),
    "encrypted": (
        "文件设有密码，请取消密码后另存为 XLSX 上传。",
        "The file is protected by a password. Remove it, save as XLSX and upload that.",
    ),
    "other_spreadsheet": (
        "不支持这种电子表格（{actual}），请另存为 XLSX 后上传。",
        "This kind of spreadsheet ({actual}) is not read. Save it as XLSX and upload that.",
    ),
    "damaged": (
        "文件已损坏或不完整，无法读取。请在 Excel 中打开并另存为 XLSX 后重新上传。",
        "The file is damaged or incomplete. Open it in Excel, save it as XLSX and upload it again.",
    ),
    "too_many_members": (
        "文件内部包含 {count} 个部件（上限 {limit}），不是正常的工作表。请把数据复制到模板中再上传。",
        "The file holds {count} parts (limit {limit}): no ordinary sheet. Copy the data to the template.",
    ),
    "bomb": (
        "文件解压后过大，不是正常的工作表。请把数据复制到模板中再上传。",
        "The file unpacks to far more than an ordinary sheet. Copy the data into the template.",
    ),
    "dtd": (
        "文件内含有不允许的 XML 声明（DTD），请在 Excel 中打开并另存为 XLSX 后上传。",
        "The file holds an XML declaration that is not allowed (DTD). Open it in Excel and save it as XLSX.",
    ),
    "too_many_rows": (
        "超过 {limit} 行的上限（出现在第 {place} 行），请删除多余的行或拆分文件。",
        "More than the limit of {limit} rows (found at row {place}). Delete some or split the file.",
    ),
    "too_many_columns": (
        "超过 {limit} 列的上限（出现在 {place}），请删除多余的列。",
        "More than the limit of {limit} columns (found at {place}). Delete the columns that are not needed.",
    ),
    "several_sheets": (
        "文件中有多个含数据的工作表（{place}），请只保留一个。",
        "The file has several sheets with data ({place}). Keep only one.",
    ),
    "no_sheet": (
        "文件中没有可见的工作表。",
        "The file has no visible worksheet.",
    ),
    "reader_gave_up": (
        "文件读取超出允许的时间或内存，已停止。请把数据复制到模板中再上传。",
        "Reading the file took more time or memory than allowed. Copy the data into the template.",
    ),
    "encoding": (
        "文件编码既不是 UTF-8 也不是 GB18030（第 {place} 行起无法识别），请另存为“CSV UTF-8”后上传。",
        "The file is neither UTF-8 nor GB18030 (unreadable from line {place}). Save it as CSV UTF-8.",
    ),
    "utf16": (
        "文件编码是 UTF-16，请另存为“CSV UTF-8”后上传。",
        "The file is in UTF-16. Save it as CSV UTF-8 and upload that.",
    ),
    "nul": (
        "第 {place} 行含有空字符（NUL），文件不是文本或已损坏。",
        "Line {place} holds a NUL character: the file is no text or is damaged.",
    ),
    "quoting": (
        "第 {place} 行的引号不配对或单元格过长，请检查该行。",
        "Line {place}: quotes that do not pair or a cell that is too long. Check that line.",
    ),
    "duplicate_columns": (
        "列名重复：{place}。请只保留一列。",
        "Columns given twice: {place}. Keep one of each.",
    ),
    "missing_columns": (
        "缺少必需的列：{place}。请对照模板补齐。",
        "Required columns are missing: {place}. Add them as in the template.",
    ),
}


class FileRefused(Exception):
    """The file as a whole is not read.

    ``code`` is a key of TEXTS; ``zh`` and ``en`` say why and what to do; ``place`` is the row, the cell, the
    line or the columns concerned, or ""; ``facts`` are the other values of the texts.
    """

    def __init__(self, code: str, *, place: str = "", **facts: object) -> None:
        zh, en = TEXTS[code]
        self.code = code
        self.place = place
        self.facts = facts
        self.zh = zh.format(place=place, **facts)
        self.en = en.format(place=place, **facts)
        super().__init__(f"{code}: {self.en}")

    @property
    def text(self) -> dict[str, str]:
        """Both languages, in the form the command line and the pages print."""
        return {"zh": self.zh, "en": self.en}
