"""Small real files for scenarios, made without an image library."""

from __future__ import annotations

import struct
import zlib


def make_png(width: int, height: int, red: int, green: int, blue: int) -> bytes:
    """A PNG: one colour, darker towards the bottom."""
    rows = []
    for row in range(height):
        share = 1 - row / (2 * height)
        rows.append(b"\0" + bytes(round(part * share) for part in (red, green, blue)) * width)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"".join(rows), 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(map(_make_chunk, chunks))


def _make_chunk(chunk: tuple[bytes, bytes]) -> bytes:
    kind, data = chunk
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def make_svg(text: str) -> bytes:
    """An SVG: a short text on a disc."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 120" width="120" height="120">\n'
        '  <circle cx="60" cy="60" r="56" fill="#1B4965"/>\n'
        '  <text x="60" y="74" font-family="sans-serif" font-size="40" fill="#FFFFFF" text-anchor="middle">'
        f"{text}</text>\n</svg>\n"
    ).encode()


def make_pdf(text: str) -> bytes:
    """A PDF of one page with one line."""
    content = f"BT /F1 24 Tf 72 760 Td ({text}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
    ]
    document = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(document))
        document += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return document + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (len(objects) + 1, table, len(objects) + 1, len(document))
    )
