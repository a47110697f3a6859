"""The comment of a review: what stands in it, whatever names and values are like."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from sagemaker_constructs.cost.prices import PriceList, read_prices
from sagemaker_constructs.reconcile.decision_record import (
    CostComponent,
    Decision,
    DecisionRecord,
    Finding,
    Machines,
    MaximumCost,
    MemberChange,
    Severity,
)
from sagemaker_constructs.review.comment import LIMIT, MARKER, comment
from sagemaker_constructs.review.environment import Budget, Environment
from sagemaker_constructs.review.events import Message, Preview, Step, read_events
from sagemaker_constructs.review.files import Files
from sagemaker_constructs.review.markdown import Section, code, fitted, text
from sagemaker_constructs.review.outcome import Outcome, outcome
from tests.cost.price_lists import DAY, product

RECORDED = Path(__file__).with_name("recorded")
OK = Preview("succeeded")
TYPE = "pulumi-python:dynamic/sagemaker:TrainingJob"


def job(name: str = "penguins", decision: str = "start", usd: str | None = "3", **fields: Any) -> DecisionRecord:
    """A decision about a job."""
    return DecisionRecord(
        urn=f"urn:pulumi:dev::project::{TYPE}::{name}",
        decision=Decision(decision),
        machines=((Machines(instance_type="ml.m5.large", instance_count=1),),),
        maximum_cost=MaximumCost(usd=usd, reason="" if usd else "no price"),
        **fields,
    )


def environment(name: str, *jobs: DecisionRecord, preview: Preview = OK, **fields: Any) -> Environment:
    """An environment with these jobs."""
    return Environment.of(name, preview, jobs, **fields)


def headline(*environments: Environment) -> str:
    """The comment's first sentence."""
    return comment(environments).splitlines()[1].removeprefix("## Training review: ")


def recorded(name: str) -> Environment:
    """A preview that the engine made (3.259), without debug lines and most of the states."""
    return Files(RECORDED, name).read(None)


class TestHeadline:
    """What a reviewer reads first."""

    def test_what_starts_and_what_it_costs_by_environment(self) -> None:
        """Restarts apart; amounts are rounded up."""
        dev = environment("dev", job(usd="3.001"))
        prod = environment("prod", job("a", "restart", "30"), job("b", usd="8.2"))
        assert headline(dev, prod) == ("2 jobs start, 1 job starts again, at most $41.21 (dev $3.01, prod $38.20)")

    def test_what_is_not_known_is_not_zero(self) -> None:
        """Beside what is."""
        assert headline(environment("dev", job(usd=None))) == "1 job starts, at most an unknown amount"
        assert headline(environment("dev", job("a"), job("b", usd=None))) == (
            "2 jobs start, at most $3.00 and an unknown amount"
        )

    def test_nothing_starts(self) -> None:
        """By adoption, or because nothing changes."""
        assert headline(environment("dev", job(decision="adopt"))) == "1 job is adopted; no job starts"
        assert headline(environment("dev", job(decision="unchanged"))) == "no job starts"

    def test_a_failed_preview_is_said_first_and_counts_nothing(self) -> None:
        """Although its digest would say that three resources are the same."""
        failed = environment("prod", job("x"), preview=Preview("failed", (), (Message("error", "no role"),)))
        written = comment([environment("dev", job()), failed])
        assert headline(environment("dev", job()), failed) == "the preview of prod failed"
        assert "- no role" in written
        assert "| prod |" not in written

    def test_a_preview_that_ended_early_has_failed(self) -> None:
        """It has no result."""
        assert headline(environment("prod", preview=Preview(""))) == "the preview of prod failed"


class TestTable:
    """Rows of what changes."""

    def test_what_costs_stands_first_in_each_environment(self) -> None:
        """And otherwise the order is that of names."""
        jobs = [job("b"), job("a", "adopt"), job("c", "restart"), job("a0"), job("d", "unchanged")]
        rows = re.findall(r"^\| dev \| `(\w+)` \| [*a-z]", comment([environment("dev", *jobs)]), re.MULTILINE)
        assert rows[:4] == ["a0", "b", "c", "a"]
        assert comment([environment("dev", *jobs)]) == comment([environment("dev", *reversed(jobs))])

    @pytest.mark.parametrize(
        ("kind", "count", "shown"),
        [
            ("ml.m5.large", 2, "2 x ml.m5.large"),
            ("ml.m5.large", None, "not known yet x ml.m5.large"),
            ("", 2, "2 x not known yet"),
            ("", None, "not known yet"),
        ],
    )
    def test_machines_that_are_not_known_yet(self, kind: str, count: int | None, shown: str) -> None:
        """Are no number."""
        found = job().model_copy(update={"machines": ((Machines(instance_type=kind, instance_count=count),),)})
        assert f"| `{shown}` |" in comment([environment("dev", found)])

    def test_old_and_new_value(self) -> None:
        """In the row and in the details."""
        change = MemberChange(path="hyper_parameters.depth", effect="defines", old="'4'", new=None)
        written = comment([environment("dev", job(decision="restart", changes=(change,)))])
        assert "hyper_parameters.depth '4' → nothing" in written
        assert "| dev | `penguins` | `hyper_parameters.depth` | `'4'` | `nothing` | defines |" in written

    def test_a_cost_has_its_rows_in_the_details(self) -> None:
        """Keep-alive apart, with SKU and date; and of a job that does not start, nothing."""
        row = CostComponent(
            component="keep-alive compute",
            subject="2 x ml.m5.large",
            seconds=3600,
            hourly_usd="0.2560",
            usd="0.2560",
            sku="JMCWJEAPVJNFJ5P4",
            effective="2026-10-01",
        )
        cost = MaximumCost(usd="3", rows=(row,))
        starts = job().model_copy(update={"maximum_cost": cost})
        shown = (
            "| dev | `penguins` | keep-alive compute: `2 x ml.m5.large` | 3600 s | 0.2560 USD | 0.2560 USD | "
            "JMCWJEAPVJNFJ5P4 since 2026-10-01 |"
        )
        assert shown in comment([environment("dev", starts)])
        assert "What the costs consist of" not in comment([environment("dev", job(decision="adopt"))])

    def test_a_reason_that_has_the_values_is_enough(self) -> None:
        """They are not repeated beside it."""
        change = MemberChange(path="hyper_parameters.depth", effect="defines", old="4", new="5")
        reason = "the job is replaced because hyper_parameters.depth changed (4 → 5), which defines the model"
        written = comment([environment("dev", job(decision="restart", reason=reason, changes=(change,)))])
        assert f"| {reason} |" in written

    def test_unchanged_environments_are_one_line(self) -> None:
        """Without rows."""
        same = [environment(name, job(decision="unchanged")) for name in ("local", "staging")]
        assert "Nothing changes in local, staging.\n" in comment(same)
        assert "| local |" not in comment(same)

    def test_a_finding_that_many_jobs_have_stands_once(self) -> None:
        """With the first of them."""
        finding = Finding(code="advice", severity=Severity.WARNING, text="use gp3")
        jobs = [job(f"job{number:03}", findings=(finding,)) for number in range(400)]
        written = comment([environment("dev", *jobs)])
        assert written.count("use gp3") == 1
        assert "390 more)" in written

    def test_four_hundred_jobs_fit(self) -> None:
        """And the comment says how many it leaves out."""
        jobs = [job(f"a-job-with-a-long-name-{number:03}", reason="because " * 20) for number in range(400)]
        written = comment([environment("dev", *jobs)])
        shown = written.count("| **starts** |")
        assert 100 < shown < 400
        assert f"… and {400 - shown} more jobs, left out here." in written

    def test_without_details(self) -> None:
        """As for Bitbucket."""
        written = comment([environment("dev", job())], details=False)
        assert "<details>" not in written
        assert "### Names, limits and costs" in written


ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"


def endpoints(*names: str) -> tuple[tuple[str, dict[str, Any]], ...]:
    """Interface endpoints in one zone each."""
    return tuple((ENDPOINT, {"vpcEndpointType": "Interface", "subnetIds": [name]}) for name in names)


class TestNetwork:
    """What a network costs, whether a job runs or not."""

    PRICES = read_prices("eu-west-1", [product("EU-VpcEndpoint-Hours", "0.011")], DAY)

    def network(self, *, before: int, after: int, decision: str = "unchanged", prices: Any = PRICES) -> Environment:
        """An environment with so many interface endpoints before and after."""
        preview = Preview("succeeded", network_before=endpoints(*"a" * before), network_after=endpoints(*"a" * after))
        return environment("dev", job(decision=decision, network_prices=prices), preview=preview)

    @pytest.mark.parametrize(
        ("before", "after", "sentence"),
        [
            (0, 2, "; the network costs $16.06 a month more"),
            (2, 1, "; the network costs $8.03 a month less"),
            (2, 2, ""),
        ],
    )
    def test_the_headline_has_what_changes(self, before: int, after: int, sentence: str) -> None:
        """After what starts, if anything."""
        assert headline(self.network(before=before, after=after)) == f"no job starts{sentence}"
        assert headline(self.network(before=before, after=after, decision="start")) == (
            f"1 job starts, at most $3.00{sentence}"
        )

    def test_a_change_has_the_cost_of_before_and_after(self) -> None:
        """By the hour and by the month."""
        assert "Network of dev: nothing → $0.03 an hour, $16.06 a month.\n" in comment(
            [self.network(before=0, after=2)]
        )
        assert (
            "| dev | 1 → 2 | 0 → 0 | $0.02 an hour, $8.03 a month → $0.03 an hour, $16.06 a month | 2026-11-01 |"
            in (comment([self.network(before=1, after=2)]))
        )

    def test_what_stays_is_in_the_details_alone(self) -> None:
        """It is no change, also where nothing else is."""
        written = comment([self.network(before=2, after=2)])
        assert "Network of dev" not in written
        assert "Nothing changes in dev." in written
        assert "| dev | 2 | 0 | $0.03 an hour, $16.06 a month | 2026-11-01 |" in written

    def test_what_is_not_known_is_said(self) -> None:
        """With the reason."""
        found = self.network(before=0, after=1, prices=None)
        assert headline(found) == "no job starts; the network will cost another amount, which is not known"
        assert "nothing → an unknown amount (no price for interface endpoints in its Region" in comment([found])

    def test_many_jobs_leave_room_for_it(self) -> None:
        """Their own details come after it."""
        jobs = [
            job(f"job{number}", "start", network_prices=self.PRICES, reason="because " * 20) for number in range(400)
        ]
        preview = Preview("succeeded", network_before=endpoints("a"), network_after=endpoints("a"))
        assert "| dev | 1 | 0 | $0.02 an hour" in comment([environment("dev", *jobs, preview=preview)])

    def test_nothing_is_said_of_what_costs_nothing(self) -> None:
        """Such as a gateway endpoint."""
        assert "network" not in comment([self.network(before=0, after=0)])

    def test_the_events_have_both_sides(self) -> None:
        """Of the stack's own resources; of a replacement once, whatever the order of its steps."""

        def step(operation: str, name: str, old: int | None = None, new: int | None = None) -> str:
            sides = {
                side: {"inputs": {"vpcEndpointType": "Interface", "subnetIds": list(range(zones))}}
                for side, zones in (("old", old), ("new", new))
                if zones is not None
            }
            urn = f"urn:pulumi:dev::project::{ENDPOINT}::{name}"
            return json.dumps(
                {"resourcePreEvent": {"metadata": {"op": operation, "urn": urn, "type": ENDPOINT, **sides}}}
            )

        preview = read_events(
            [
                step("read", "others", 9, 9),
                step("refresh", "gone", 9, 9),
                step("same", "same", 1, 1),
                step("create", "new", None, 2),
                step("delete", "gone", 3),
                step("delete-replaced", "replaced", 1),
                step("replace", "replaced", 1, 3),
                step("create-replacement", "replaced", 1, 3),
            ]
        )
        before, after = (
            sum(len(inputs["subnetIds"]) for _, inputs in side)
            for side in (preview.network_before, preview.network_after)
        )
        assert (before, after) == (1 + 3 + 1, 1 + 2 + 3)


class TestRecorded:
    """Previews that the real engine made."""

    @pytest.mark.parametrize(
        ("name", "row"),
        [
            ("first", "| first | `penguins` | **starts** | the resource is new | `1 x ml.m5.large` | $3.13 |"),
            (
                "changed",
                "| changed | `penguins` | **starts again** | the job is replaced because hyper_parameters.depth",
            ),
            (
                "adopted",
                "| adopted | `penguins` | is adopted, nothing starts | job penguins-8ffc0b14403c of organization",
            ),
            ("network", "Network of network: $0.03 an hour, $16.06 a month → $0.05 an hour, $32.12 a month."),
            ("removed", "| removed | `penguins` | is stopped if it still runs | the resource is no longer declared |"),
            ("unchanged", "Nothing changes in unchanged."),
            (
                "role",
                "| role | `penguins` | stays; recorded for the next run | role_arn does not affect the trained model",
            ),
            ("rerun", "| rerun | `penguins` | **starts again** | the present run is Failed (CapacityError: Unable to"),
            ("forbidden", "⛔ **Guardrails forbid what is declared for forbidden.** What would happen there is not"),
            ("failed", "⛔ **The preview of failed failed.** What would happen there is not known."),
        ],
    )
    def test_what_it_says(self, name: str, row: str) -> None:
        """Of each."""
        assert row in comment([recorded(name)])

    def test_a_failed_preview_shows_its_mistakes(self) -> None:
        """Each on a line of its own."""
        written = comment([recorded("failed")])
        assert "2 mistakes<br>" in written
        assert "resource&#95;" not in written
        assert outcome([recorded("failed")]) is Outcome.FAILED

    def test_a_forbidden_job_shows_every_violation_once(self) -> None:
        """The engine reports what the decision file has, in words of its own."""
        written = comment([recorded("forbidden")])
        assert headline(recorded("forbidden")) == "guardrails forbid what is declared for forbidden"
        assert written.count("got 'ml.p3.2xlarge'") == 1
        assert "- `penguins`: resource_config.instance_type: got 'ml.p3.2xlarge', expected" in written
        assert outcome([recorded("forbidden")]) is Outcome.GUARDRAIL


class TestOutcome:
    """The exit code."""

    def test_the_most_serious_counts(self) -> None:
        """A failure, a guardrail, a budget, a change."""
        same, starts = environment("a", job(decision="unchanged")), environment("b", job())
        dear = environment("c", job(), budget=Budget(Decimal("2.99")))
        rule = Finding(code="guardrail.instance-type", severity=Severity.ERROR, text="ml.p5 is not allowed")
        forbidden = environment("d", job(decision="refused", findings=(rule,)), preview=Preview("failed"))
        failed = environment("e", preview=Preview("failed"))
        codes = [
            outcome(each) for each in ([same], [same, starts], [starts, dear], [dear, forbidden], [forbidden, failed])
        ]
        assert codes == [Outcome.OK, Outcome.CHANGES, Outcome.OVER_BUDGET, Outcome.GUARDRAIL, Outcome.FAILED]
        assert outcome([]) is Outcome.FAILED

    def test_an_unknown_cost_exceeds_every_budget(self) -> None:
        """Unless nothing starts."""
        assert environment("a", job(usd=None), budget=Budget(Decimal(1000))).over_budget
        assert not environment("a", job(decision="adopt", usd="0"), budget=Budget(Decimal(0))).over_budget
        assert "is over its budget" in comment([environment("a", job(usd="5"), budget=Budget(Decimal(4)))])

    def test_a_mandatory_policy_is_a_guardrail(self) -> None:
        """As the engine reports it."""
        policy = Message("error", "no public buckets", "urn:pulumi:dev::p::aws:s3/bucket:Bucket::data", "s3-public")
        assert outcome([environment("dev", preview=Preview("failed", (), (policy,)))]) is Outcome.GUARDRAIL

    def test_other_resources_are_changes(self) -> None:
        """Also without a job."""
        step = Step("create", "urn:pulumi:dev::p::aws:s3/bucket:Bucket::data", {})
        found = environment("dev", preview=Preview("succeeded", (step,)))
        assert outcome([found]) is Outcome.CHANGES
        assert "Other resources: dev: 1 to create." in comment([found])


ANY = st.one_of(
    st.text(max_size=80),
    st.text(st.sampled_from("`<>|\\*_~[]()#@!\n\r\t &;:/-=+.$"), max_size=60),
    st.sampled_from(
        ["<details>", "</details>", "```", "````\n", "|||", "\n\n```sh", "-->", "@team", "a" * 3000, "|" * 900]
    ),
)
JOBS = st.builds(
    job,
    ANY,
    st.sampled_from([each.value for each in Decision]),
    st.sampled_from([None, "0", "12.345"]),
    reason=ANY,
    training_job_name=st.none() | ANY,
    network_prices=st.none() | st.builds(PriceList, region=st.just("eu-west-1"), problem=ANY),
    changes=st.lists(
        st.builds(MemberChange, path=ANY, effect=ANY, old=st.none() | ANY, new=st.none() | ANY), max_size=2
    ),
    findings=st.lists(st.builds(Finding, code=ANY, severity=st.sampled_from(Severity), text=ANY), max_size=2),
)
PREVIEWS = st.builds(
    Preview,
    st.sampled_from(["succeeded", "failed"]),
    st.just(()),
    st.lists(st.builds(Message, st.sampled_from(["error", "warning"]), ANY), max_size=2).map(tuple),
    network_after=st.sampled_from([(), endpoints("a")]),
)
ENVIRONMENTS = st.lists(st.builds(environment, ANY, JOBS, JOBS, preview=PREVIEWS), min_size=1, max_size=5)


@settings(max_examples=40, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(ENVIRONMENTS, st.booleans(), st.sampled_from([1, 40]))
def test_nothing_breaks_the_comment(environments: list[Environment], details: bool, times: int) -> None:
    """No name or text makes it too long, opens or closes anything, ends a row, or mentions anybody."""
    written = comment(environments * times, details=details)
    assert len(written.encode()) <= LIMIT
    assert written.startswith(MARKER)
    assert "```" not in written
    assert "@" not in written
    assert written.count("<details>") == written.count("</details>") == written.count("<summary>")
    assert written.count("<code>") == written.count("</code>")
    for line in written.splitlines():
        if line.startswith("|"):
            assert line.endswith("|")
            assert line.count("|") in {6, 7, 8}


@given(st.lists(st.lists(st.text(max_size=30), max_size=40), max_size=6), st.integers(1_000, 3_000))
def test_rows_are_whole_or_left_out(rows: list[list[str]], limit: int) -> None:
    """Whatever fits, in order, with the number of those that do not."""
    sections = [Section("<a>\n", [f"- {row!r}\n" for row in part], "</a>\n") for part in rows]
    written = fitted(sections, limit)
    assert len(written.encode()) <= limit
    assert written.count("<a>") == written.count("</a>") == sum(bool(part) for part in rows)
    kept = [line for line in written.splitlines() if line.startswith("- ")]
    left_out = sum(int(number) for number in re.findall(r"^… and (\d+) more rows", written, re.MULTILINE))
    assert len(kept) + left_out == sum(map(len, rows))


def test_texts_stay_texts() -> None:
    """Markdown of others has no effect."""
    assert text("a_b **c** <b> @me #1 [x](y) `z`") == (
        "a_b &#42;&#42;c&#42;&#42; &#60;b&#62; &#64;me &#35;1 &#91;x&#93;(y) &#96;z&#96;"
    )
    assert code("ml.m5.large") == "`ml.m5.large`"
    assert code("a|b`c") == "<code>a&#124;b&#96;c</code>"
