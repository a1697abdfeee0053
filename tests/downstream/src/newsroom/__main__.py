"""``python -m newsroom ARTICLES.json COLLECTION``: for a cron table."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from .desk import API, Desk


def main(arguments: list[str]) -> None:
    """Pushes the articles in a file."""
    file, collection_id = arguments
    desk = Desk(os.environ["WEBFLOW_TOKEN"], collection_id, os.environ.get("WEBFLOW_API_URL", API))
    print(json.dumps(desk.push(json.loads(Path(file).read_text(encoding="utf-8")))))


if __name__ == "__main__":
    main(sys.argv[1:])
