"""The fixed parts of a workbook: its number formats and styles, and what kinds of parts it has."""

from __future__ import annotations

from enum import IntEnum


class Style(IntEnum):
    """Places in the list of cell formats below."""

    PLAIN = 0
    HEADER = 1
    TEXT = 2
    QUOTED = 3  # text that would be a formula: Excel's own leading apostrophe
    WHOLE = 4
    PLACES_0 = 5
    PLACES_2 = 6
    PLACES_3 = 7
    PLACES_4 = 8
    DAY = 9
    MOMENT = 10
    SHARE = 11
    LABEL = 12


STYLE_OF_PLACES = {
    0: Style.PLACES_0,
    1: Style.PLACES_2,
    2: Style.PLACES_2,
    3: Style.PLACES_3,
    4: Style.PLACES_4,
}
STYLE_OF_KIND = {
    "text": Style.TEXT,
    "whole": Style.WHOLE,
    "share": Style.SHARE,
    "label": Style.LABEL,
}
_FORMATS = (
    *("General", "General", "@", "@", "0", "#,##0", "#,##0.00", "#,##0.000", "#,##0.0000"),
    *("yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss", "0.00%", "@"),
)
_BOLD = (Style.HEADER, Style.LABEL)


def _format(style: Style) -> str:
    font = ' fontId="1" applyFont="1"' if style in _BOLD else ' fontId="0"'
    fill = ' fillId="2" applyFill="1"' if style == Style.HEADER else ' fillId="0"'
    quote = ' quotePrefix="1"' if style == Style.QUOTED else ""
    number = "0" if _FORMATS[style] == "General" else str(164 + style)
    return f'<xf numFmtId="{number}"{font}{fill} borderId="0" applyNumberFormat="1"{quote}/>'


STYLES = (
    '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    f'<numFmts count="{len(_FORMATS)}">'
    + "".join(f'<numFmt numFmtId="{164 + s}" formatCode="{_FORMATS[s]}"/>' for s in Style)
    + '</numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="3"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFDDE7EA"/></patternFill></fill></fills>'
    "<borders><border/></borders><cellStyleXfs><xf/></cellStyleXfs>"
    f'<cellXfs count="{len(Style)}">'
    + "".join(_format(style) for style in Style)
    + '</cellXfs><cellStyles><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "application/vnd.openxmlformats"
CONTENT_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types">'
    f'<Default Extension="rels" ContentType="{_OFFICE}-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="'
    f'{_OFFICE}-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/styles.xml" ContentType="'
    f'{_OFFICE}-officedocument.spreadsheetml.styles+xml"/>'
    "{parts}</Types>"
)
RELATIONS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="http://schemas.'
    'openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
    ' Target="xl/workbook.xml"/></Relationships>'
)
