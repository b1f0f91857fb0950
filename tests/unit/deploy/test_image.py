"""The Dockerfile promises what a cluster asks of an image, and is read as it is meant."""

import re
from pathlib import Path

import pytest

from agents.extract.gazetteer import default_folders
from deploy.image.dockerfile import Stage, read

IMAGE = Path(__file__).parents[3] / "deploy" / "image"
ROOT = IMAGE.parents[1]
DIGEST = "sha256:" + "1" * 64


def stages() -> list[Stage]:
    return read((IMAGE / "Dockerfile").read_text("utf-8"), {"BASE_DIGEST": DIGEST})


def rest(stage: Stage, word: str) -> list[str]:
    return [instruction.rest for instruction in stage.instructions if instruction.word == word]


def environment(stage: Stage) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for instruction in stage.instructions:
        if instruction.word == "ENV":
            pairs |= instruction.pairs()
    return pairs


def test_instructions_are_read_with_flags_continuations_and_comments() -> None:
    one = "ARG BASE=debian\nARG BASE_DIGEST\n# no\nFROM ${BASE}@$BASE_DIGEST AS one\nRUN a \\\n    && b\n"
    first, second = read(one + "\nFROM x\nCOPY --from=one --chown=1:1 /a b /c\n", {"BASE_DIGEST": DIGEST})
    assert (first.base, first.name) == (f"debian@{DIGEST}", "one")
    assert rest(first, "RUN") == ["a && b"]
    [copy] = second.instructions
    assert copy.flags == {"from": "one", "chown": "1:1"}
    assert copy.words() == ["/a", "b", "/c"]


def test_there_is_no_image_without_a_digest() -> None:
    with pytest.raises(ValueError, match="build argument BASE_DIGEST is needed"):
        read((IMAGE / "Dockerfile").read_text("utf-8"), {})


def test_every_stage_starts_from_the_pinned_base_or_one_that_did() -> None:
    known: set[str] = set()
    for stage in stages():
        assert stage.base in known or stage.base.endswith(f"@{DIGEST}")
        known.add(stage.name)


def test_what_is_installed_is_compiled_unless_a_build_asks_for_it_plain() -> None:
    text = (IMAGE / "Dockerfile").read_text("utf-8")
    for told, base in (({}, "compiled"), ({"BUILD": "plain"}, "plain")):
        built = {stage.name: stage for stage in read(text, {"BASE_DIGEST": DIGEST, **told})}["built"]
        assert (built.base, built.instructions) == (base, [])


def test_what_runs_is_no_root_and_has_no_shell_in_between() -> None:
    final = stages()[-1]
    [user] = rest(final, "USER")
    assert all(int(part) >= 10_000 for part in user.split(":"))
    assert rest(final, "ENTRYPOINT") == ['["frontwire"]']
    assert not [line for line in rest(final, "RUN") if re.search(r"apt|pip|curl|chmod", line)]


def test_packages_come_from_the_lock_by_hash_and_none_is_compiled() -> None:
    installs = [line for stage in stages() for line in rest(stage, "RUN") if "pip install" in line]
    assert any("--require-hashes --only-binary :all: -r requirements.lock" in line for line in installs)
    assert all("--require-hashes" in line or "--no-index --no-deps" in line for line in installs)


def test_what_is_built_for_the_extraction_is_found_at_run_time(monkeypatch: pytest.MonkeyPatch) -> None:
    build, final = stages()[0], stages()[-1]
    assert environment(build)["HOME"] == environment(final)["HOME"]
    monkeypatch.setenv("HOME", environment(final)["HOME"])
    assert default_folders()[0] == Path("/opt/frontwire/.cache/frontwire")
    assert rest(build, "RUN")[-1] == "frontwire extract /dev/null"
    assert rest(final, "COPY") == ["/opt/frontwire /opt/frontwire"]


def test_what_the_build_copies_exists_and_is_let_through() -> None:
    allowed = {line[1:] for line in (IMAGE / "Dockerfile.dockerignore").read_text().splitlines() if line[:1] == "!"}
    copied = set()
    for stage in stages():
        for instruction in stage.instructions:
            if instruction.word == "COPY" and "from" not in instruction.flags:
                copied |= set(instruction.words()[:-1])
    assert copied == allowed
    assert all((ROOT / name).exists() for name in copied)


def test_the_health_check_asks_where_the_image_serves() -> None:
    final = stages()[-1]
    [check] = rest(final, "HEALTHCHECK")
    assert "/healthz" in check
    assert "FRONTWIRE_HTTP_PORT" in check
    assert environment(final)["FRONTWIRE_HTTP_HOST"] == "0.0.0.0"
