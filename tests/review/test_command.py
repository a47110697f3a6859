"""`sagemaker-review` on previews that the engine made."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sagemaker_constructs.decision_file import APPROVAL
from sagemaker_constructs.reconcile.approval import Approval
from sagemaker_constructs.review.__main__ import main
from sagemaker_constructs.review.comment import MARKER

RECORDED = Path(__file__).with_name("recorded")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the recorded previews."""
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    return Path(shutil.copytree(RECORDED, tmp_path / "review"))


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["unchanged"], 0),
        (["unchanged", "changed", "adopted"], 2),
        (["first", "--budget", "first=3"], 4),
        (["adopted", "--budget", "adopted=0"], 2),
        (["failed", "first"], 5),
        (["of-nothing"], 5),
        ([], 5),
    ],
)
def test_the_exit_code_says_what_was_found(folder: Path, words: list[str], code: int) -> None:
    """The most serious; without names, of all in the folder."""
    assert main(["comment", "--folder", str(folder), *words]) == code


def test_the_guardrails_limit_what_one_update_starts(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As the configuration of the preview names them; a file that is not there is no permission."""
    events = folder / "first.events.jsonl"
    prelude = {"preludeEvent": {"config": {"sagemaker-constructs:guardrails": "guardrails.yaml"}}}
    events.write_text(f"{json.dumps(prelude)}\n" + "\n".join(events.read_text().splitlines()[1:]))
    monkeypatch.chdir(folder)
    (folder / "Pulumi.yaml").touch()
    assert main(["comment", "--folder", ".", "first"]) == 5
    assert "cannot be read" in capsys.readouterr().err
    (folder / "guardrails.yaml").write_text("owners: we\nrules: {max_cost_per_stack: 1}\n")
    sentence = (
        "⛔ **first is over max_cost_per_stack**: at most $3.13, allowed $1.00 "
        "(guardrail max_cost_per_stack of first; we may change it)."
    )
    for budget in ([], ["--budget", "first=100"]):
        assert main(["comment", "--folder", ".", "first", *budget]) == 4
        assert sentence in capsys.readouterr().out


def test_the_comment_is_a_file_and_a_summary(folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The summary is appended to."""
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    main(["comment", "--folder", str(folder), "--output", str(folder / "comment.md"), "changed"])
    written = (folder / "comment.md").read_text()
    assert written.startswith(MARKER)
    assert summary.read_text() == f"before\n{written}"


@pytest.mark.parametrize(
    ("recorded", "code", "meaning"),
    [
        ("changed", 0, "something changes (exit code 2)"),
        ("forbidden", 2, "a guardrail, or a mandatory policy, forbids it (exit code 3)"),
        ("failed", 2, "a preview failed, or the command did (exit code 5)"),
    ],
)
def test_make_shows_the_comment_and_ends_with_what_it_means(
    tmp_path: Path, recorded: str, code: int, meaning: str
) -> None:
    """Whatever was found; Make itself ends with 2 where a command failed. The plan is saved, too."""
    (tmp_path / "stacks").mkdir()
    (tmp_path / "stacks" / "Pulumi.dev.yaml").touch()
    commands = tmp_path / ".venv" / "bin"
    commands.mkdir(parents=True)
    (commands / "sagemaker-review").symlink_to(Path(sys.executable).with_name("sagemaker-review"))
    pulumi = commands / "pulumilocal"
    pulumi.write_text(
        "#!/bin/sh\ntouch .review/dev.plan.json\n"
        f'cp {RECORDED / recorded}.decisions.jsonl "$SAGEMAKER_CONSTRUCTS_DECISIONS" || true\n'
        f'case "$*" in *--save-plan*) cat {RECORDED / recorded}.events.jsonl;; esac\n'
    )
    pulumi.chmod(0o700)
    makefile = Path(__file__).parents[2] / "Makefile"
    done = subprocess.run(
        ["make", "--no-print-directory", "--file", str(makefile), "--assume-old", "setup", "preview-all"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stderr
    assert done.stdout == (tmp_path / ".review" / "comment.md").read_text()
    assert meaning in done.stderr


def test_only_what_may_be_deployed_is_approved(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An earlier approval of the others is withdrawn."""
    (folder / "failed.approval.json").write_text("{}")
    assert main(["approve", "--folder", str(folder), "--budget", "first=3"]) == 5
    assert sorted(file.name.partition(".")[0] for file in folder.glob("*.approval.json")) == sorted(
        {file.name.partition(".")[0] for file in folder.glob("*.events.jsonl")} - {"failed", "first", "forbidden"}
    )
    text = (folder / "adopted.approval.json").read_text()
    assert [(each.decision, each.training_job_name) for each in Approval.model_validate_json(text).jobs] == [
        ("adopt", "penguins-8ffc0b14403c")
    ]
    assert "failed: not approved: a preview failed" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "code"),
    [(["unchanged", "changed"], 0), (["changed", "forbidden"], 3), (["first", "--budget", "first=3"], 4)],
)
def test_what_was_approved_is_a_success(folder: Path, words: list[str], code: int) -> None:
    """Also where something changes."""
    assert main(["approve", "--folder", str(folder), *words]) == code


@pytest.mark.parametrize(
    ("command", "codes"), [("preview", []), ("comment", [0, 2, 3, 4, 5]), ("approve", [0, 3, 4, 5]), ("post", [])]
)
def test_the_help_has_the_exit_codes_of_its_command(
    command: str, codes: list[int], capsys: pytest.CaptureFixture[str]
) -> None:
    """And no others."""
    with pytest.raises(SystemExit):
        main([command, "--help"])
    _, _, found = " ".join(capsys.readouterr().out.split()).partition("exit codes: ")
    assert [int(each.split()[0]) for each in found.split("; ") if each] == codes


@pytest.mark.parametrize("name", ["first", "changed", "role"])
@pytest.mark.parametrize("content", [None, ""])
def test_a_job_without_a_decision_is_a_failure(
    folder: Path, name: str, content: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whether the decision file is missing or empty: nobody knows what would start, so nothing is approved."""
    decisions = folder / f"{name}.decisions.jsonl"
    decisions.unlink()
    if content is not None:
        decisions.write_text(content)
    assert main(["comment", "--folder", str(folder), name]) == 5
    assert "the decision file has no decision for penguins" in capsys.readouterr().out
    assert main(["approve", "--folder", str(folder), name]) == 5
    assert not (folder / f"{name}.approval.json").exists()


def test_an_unchanged_job_needs_no_decision(folder: Path) -> None:
    """The engine's step says that it is the same."""
    (folder / "unchanged.decisions.jsonl").unlink()
    assert main(["comment", "--folder", str(folder), "unchanged"]) == 0


def test_a_preview_begins_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the files and the approval of the one before; the command gets its variables."""
    monkeypatch.setenv(APPROVAL, "of-another-stack")
    for name in ("dev.decisions.jsonl", "dev.approval.json", "dev.plan.json", "dev.log"):
        (tmp_path / name).write_text("of before")
    pulumi = tmp_path / "pulumi"
    pulumi.write_text(
        f"#!{sys.executable}\nimport json, os, sys\n"
        "names = ('SAGEMAKER_CONSTRUCTS_DECISIONS', 'SAGEMAKER_CONSTRUCTS_APPROVAL')\n"
        "print(json.dumps({'words': sys.argv[1:], 'set': [os.environ.get(each) for each in names]}))\n"
    )
    pulumi.chmod(0o700)
    assert main(["preview", "--folder", str(tmp_path), "--pulumi", str(pulumi), "--plan", "dev"]) == 0
    asked = json.loads((tmp_path / "dev.events.jsonl").read_text())
    plan = str(tmp_path / "dev.plan.json")
    assert asked["words"] == ["preview", "--stack", "dev", "--json", "--non-interactive", "--save-plan", plan]
    assert asked["set"] == [str(tmp_path / "dev.decisions.jsonl"), None]
    assert sorted(file.name for file in tmp_path.glob("dev.*")) == ["dev.events.jsonl", "dev.log"]


def test_what_the_engine_said_before_any_event_is_in_the_comment(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Shown, kept, and without credentials: an unknown option, or a backend that is not there."""
    pulumi = tmp_path / "pulumi"
    pulumi.write_text(
        "#!/bin/sh\necho 'error: unknown flag: --neat' >&2\necho 'as AKIAIOSFODNN7EXAMPL3' >&2\nexit 255\n"
    )
    pulumi.chmod(0o700)
    words = ["--folder", str(tmp_path), "dev"]
    assert main(["preview", "--pulumi", str(pulumi), *words]) == 0
    assert "error: unknown flag: --neat" in capfd.readouterr().err
    assert main(["comment", *words]) == 5
    written = capfd.readouterr().out
    assert "it said:<br>error: unknown flag: --neat<br>as " in written
    assert "AKIAIOSFODNN7EXAMPL3" not in written + (tmp_path / "dev.log").read_text()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["preview", "--pulumi", "of-nobody", "dev"], "of-nobody cannot be run: No such file or directory"),
        (["preview", "organization/project/dev"], "got 'organization/project/dev', expected the name of a stack"),
        (["comment", "two words"], "got 'two words', expected the name of a stack"),
        (["comment", "--output", "of/nothing/comment.md", "first"], "No such file or directory: 'of/nothing/"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    folder: Path, words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """And the code of a failure."""
    command, *others = words
    assert main([command, "--folder", str(folder), *others]) == 5
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line


@pytest.mark.parametrize("budget", ["first", "first=nan", "first=inf", "first=-1", "=1", "first=much"])
def test_a_command_line_that_cannot_be_understood_is_no_outcome(
    folder: Path, budget: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its exit code is not the one of changes."""
    with pytest.raises(SystemExit) as ended:
        main(["approve", "--folder", str(folder), "--budget", budget, "first"])
    assert ended.value.code == 64
    assert f"got '{budget}', expected ENVIRONMENT=USD" in capsys.readouterr().err


def test_a_budget_of_an_environment_that_is_not_reviewed_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A slip in its name would allow everything."""
    assert main(["approve", "--folder", str(folder), "--budget", "frist=1", "first"]) == 5
    assert "--budget: frist is not reviewed; the environments are first" in capsys.readouterr().err
    assert not (folder / "first.approval.json").exists()


def test_an_environment_counts_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """However often it is named."""
    main(["comment", "--folder", str(folder), "first", "first"])
    assert "Training review: 1 job starts, at most $3.13;" in capsys.readouterr().out


@pytest.mark.parametrize(("name", "code"), [("dev", 0), ("staging", 0), ("dve", 5)])
def test_a_stack_that_nobody_has_is_not_previewed(
    tmp_path: Path, name: str, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One has a file, one is in the state, and one is a slip, which `pulumilocal` would create."""
    (tmp_path / "Pulumi.yaml").write_text("name: trial\nstackConfigDir: stacks\n")
    (tmp_path / "stacks").mkdir()
    (tmp_path / "stacks" / "Pulumi.dev.yaml").touch()
    pulumi = tmp_path / "pulumi"
    pulumi.write_text("""#!/bin/sh\ntest "$1" = stack && echo '[{"name": "organization/trial/staging"}]' || true\n""")
    pulumi.chmod(0o700)
    monkeypatch.chdir(tmp_path)
    assert main(["preview", "--pulumi", str(pulumi), name]) == code
    assert (tmp_path / ".review" / f"{name}.events.jsonl").exists() == (code == 0)
    assert ("neither" in capsys.readouterr().err) == (code == 5)


def test_the_policy_is_that_of_the_region(capsys: pytest.CaptureFixture[str]) -> None:
    """In its partition."""
    assert main(["policy", "--account", "123456789012", "--region", "cn-north-1"]) == 0
    statements = {each["Sid"]: each for each in json.loads(capsys.readouterr().out)["Statement"]}
    assert statements["Jobs"]["Resource"] == "arn:aws-cn:sagemaker:cn-north-1:123456789012:training-job/*"
    assert statements["Prices"]["Action"] == ["pricing:GetProducts"]


def test_decisions_of_another_version_are_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """They would be misread."""
    (folder / "first.decisions.jsonl").write_text('{"version": 2}\n')
    assert main(["comment", "--folder", str(folder), "first"]) == 5
    assert "no decision of version 1" in capsys.readouterr().err
