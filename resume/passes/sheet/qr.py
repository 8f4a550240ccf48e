"""The QR code as one bit a module, drawn by the PDF as an image mask."""

from typing import Any

import zxingcpp

from resume.passes.sheet.facts import SheetRefused

LARGEST_SIDE = 77  # version 15: the largest that reads at 45 mm and 100 dpi


class QrTooLarge(SheetRefused):
    """The text needs more than version 15-M."""


def qr_rows(text: str) -> tuple[int, bytes]:
    """Side in modules, and the rows from the top, each filled to whole bytes; 1 is dark.

    The encoder splits the text by itself into a byte part (the address) and an alphanumeric
    part (the base32). Raises QrTooLarge.
    """
    try:
        symbol = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
        image: Any = symbol.to_image(scale=1, add_quiet_zones=False)
    except (ValueError, RuntimeError) as error:
        raise QrTooLarge(
            "二维码内容过长，请缩短名称", "the QR text is too long; shorten the names"
        ) from error
    side = image.shape[0]
    if side > LARGEST_SIDE:
        raise QrTooLarge(
            "二维码内容过长，请缩短名称", "the QR text needs more than version 15-M; shorten the names"
        )
    dark = bytes(memoryview(image)).translate(_DARK)
    width = (side + 7) // 8
    spare = 8 * width - side
    rows = (int(dark[at : at + side], 2) << spare for at in range(0, side * side, side))
    return side, b"".join(row.to_bytes(width, "big") for row in rows)


_DARK = bytes(0x31 if level < 128 else 0x30 for level in range(256))
