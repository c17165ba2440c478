"""Files as the services write them, byte for byte; all numbers in them are made up."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

GACC_HEADER = (
    "数据年月,商品编码,商品名称,贸易伙伴编码,贸易伙伴名称,第一数量,第一计量单位,第二数量,第二计量单位,美元"
)
GACC_ROW = '202401,28469019,未列名氧化稀土,106,缅甸,"1,234,567",千克,-,-,"9,876,543"'


def gacc(
    path: Path, *rows: str, header: str = GACC_HEADER, encoding: str = "gb18030", end: str = "\r\n"
) -> Path:
    """Customs export with these rows."""
    path.write_bytes("".join(line + end for line in (header, *rows)).encode(encoding))
    return path


def comtrade_row(**changes: Any) -> dict[str, Any]:
    """Row of a final answer."""
    return {
        "typeCode": "C",
        "freqCode": "A",
        "refPeriodId": 20230101,
        "refYear": 2023,
        "refMonth": 52,
        "period": "2023",
        "reporterCode": 156,
        "reporterISO": "CHN",
        "flowCode": "M",
        "partnerCode": 104,
        "partnerISO": "MMR",
        "partner2Code": 0,
        "classificationCode": "H6",
        "cmdCode": "284690",
        "customsCode": "C00",
        "motCode": 0,
        "qtyUnitCode": 8,
        "qty": 5000.0,
        "netWgt": 5000.0,
        "isNetWgtEstimated": False,
        "cifvalue": 70000.5,
        "fobvalue": None,
        "primaryValue": 70000.5,
        "isReported": True,
        "isAggregate": True,
        **changes,
    }


def comtrade(path: Path, *rows: Any, **envelope: Any) -> Path:
    """JSON answer with these rows."""
    whole = {"elapsedTime": "0.09 secs", "count": len(rows), "data": list(rows), "error": "", **envelope}
    path.write_text(json.dumps(whole), encoding="utf-8")
    return path


def comtrade_csv(path: Path, *rows: dict[str, Any]) -> Path:
    """The same as CSV, with the comma that the site leaves at the end of rows."""
    lines = [
        ",".join(rows[0]),
        *(",".join("" if one is None else str(one) for one in row.values()) + "," for row in rows),
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


BACI_HEADER = "t,i,j,k,v,q"
BACI_ROW = "2023,104,156,284690,1320.045,    43906.120"


def baci(path: Path, *rows: str, header: str = BACI_HEADER) -> Path:
    """File of BACI with these rows."""
    path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return path
