"""What operators are given parses, and keeps keys and files behind the right doors."""

import configparser
import re
from pathlib import Path

import pytest
import yaml

DEPLOY = Path(__file__).resolve().parent.parent / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))


def test_compose_runs_pages_work_database_bell_and_door():
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    services = compose["services"]

    mounted = {
        volume.split(":")[0]
        for service in services.values()
        for volume in service.get("volumes", [])
        if not volume.startswith(".")
    }
    waited_for = {name for s in services.values() for name in s.get("depends_on", {})}

    assert {"release", "web", "worker", "ledger", "nginx", "database", "bell"} == set(services)
    assert mounted == set(compose["volumes"])
    assert waited_for <= set(services)


def test_the_signing_key_is_handed_over_as_a_file_and_never_as_a_value():
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    ours = [s for s in compose["services"].values() if s["image"] == "heng"]

    assert all({"signer.p12", "signer.passphrase"} <= set(s["secrets"]) for s in ours)
    assert all(s["environment"]["HENG_SIGNER_P12"].startswith("/run/secrets/") for s in ours)
    assert all("LoadCredential=signer.p12:" in unit.read_text() for unit in UNITS)
    assert "SIGNER" not in (DEPLOY / "heng.env.example").read_text()


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.stem)
def test_units_run_as_the_houses_own_user(unit):
    parser = configparser.RawConfigParser(strict=False, delimiters=["="])
    parser.optionxform = str
    parser.read_string(unit.read_text())

    assert set(parser.sections()) == {"Unit", "Service", "Install"}
    assert parser["Service"]["User"] == "heng"
    assert parser["Service"]["NoNewPrivileges"] == "yes"
    assert parser["Service"]["ExecStart"].startswith("/srv/heng/.venv/bin/")


def nginx_blocks(text: str) -> list[tuple[str, ...]]:
    """Read nginx's grammar (directives end in `;`, blocks stand in braces) or fail."""
    tokens = re.findall(r"""'[^']*'|"[^"]*"|[{};]|[^\s{};'"]+""", re.sub(r"#.*", "", text))
    found, words, depth = [], [], 0
    for token in tokens:
        if token in "{;":
            assert words, f"a {token} without a directive"
            found.append(tuple(words))
            words = []
            depth += token == "{"
        elif token == "}":
            assert not words, f"{words} does not end in a semicolon"
            depth -= 1
            assert depth >= 0, "one brace too many"
        else:
            words.append(token)
    assert (words, depth) == ([], 0)
    return found


def test_nginx_overwrites_what_clients_claim_and_serves_no_file_itself():
    directives = nginx_blocks((DEPLOY / "nginx.conf").read_text())

    assert ("client_max_body_size", "25m") in directives
    assert ("proxy_set_header", "X-Forwarded-For", "$remote_addr") in directives
    assert ("proxy_set_header", "X-Forwarded-Proto", "$scheme") in directives
    assert not {"alias", "root", "try_files"} & {words[0] for words in directives}


def test_image_runs_without_root_and_reports_its_health():
    lines = (DEPLOY / "Dockerfile").read_text().replace("\\\n", " ").splitlines()
    instructions = [tuple(line.split(maxsplit=1)) for line in lines if line and line[0] != "#"]

    words = {"ARG", "CMD", "COPY", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "RUN", "USER", "VOLUME"}
    assert {word for word, _ in instructions} <= words | {"WORKDIR"}
    assert [rest for word, rest in instructions if word == "USER"] == ["heng"]
    assert "HEALTHCHECK" in {word for word, _ in instructions}
