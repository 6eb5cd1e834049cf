from __future__ import annotations

import pytest
from pydantic import ValidationError

from matcher.domain.policy import CRITERIA, Policy, Weights, quota_value


def errors_of(content: dict[str, object]) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        Policy.model_validate(content)
    return [error["type"] for error in caught.value.errors()]


def test_weights_are_normalised_over_all_criteria() -> None:
    shares = Weights(**dict.fromkeys(CRITERIA, 0.0) | {"network": 3, "wishes": 1}).normalised()
    assert list(shares) == list(CRITERIA)
    assert (shares["network"], shares["wishes"], shares["experience"]) == (0.75, 0.25, 0)


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        ({"weights": dict.fromkeys(CRITERIA, 0)}, "weights_sum_to_zero"),
        ({"weights": {"network": -1}}, "greater_than_equal"),
        ({"weights": {"network": float("nan")}}, "finite_number"),
        ({"weights": {"netwrok": 1}}, "extra_forbidden"),
        ({"objective": ["points", "points"]}, "named_twice"),
        ({"objective": []}, "too_short"),
        ({"limits": {"quotas": [{"by": "kind", "value": "企業"}]}}, "quota_without_limit"),
        ({"limits": {"quotas": [{"by": "kind", "value": "企業", "min": 2, "max": 1}]}}, "quota_crossed"),
        ({"limits": {"quotas": [{"by": "region", "value": "北陸", "min": 2}]}}, "not_in_list"),
        ({"conflict_of_interest": {"exempt_industries": ["Z"]}}, "unknown_industry"),
    ],
)
def test_what_a_policy_refuses(content: dict[str, object], rule: str) -> None:
    assert errors_of(content) == [rule]


def test_exempt_industries_may_be_named_by_their_labels() -> None:
    policy = Policy.model_validate({"conflict_of_interest": {"exempt_industries": ["製造業", "s"]}})
    assert policy.conflict_of_interest.exempt_industries == ("E", "S")


def test_a_quota_means_what_its_field_stores() -> None:
    assert quota_value("kind", "自治体") == "municipality"
    assert (quota_value("prefecture", "高知"), quota_value("prefecture", "39")) == (39, 39)
    assert (quota_value("region", "四国地方"), quota_value("industry", "製造業")) == ("shikoku", "E")


def test_the_digest_is_of_the_content_not_of_how_it_was_written() -> None:
    assert Policy.model_validate({"weights": {"network": 10}, "solve": {"gap": 0}}).digest() == Policy().digest()
    assert Policy.model_validate({"weights": {"network": 11}}).digest() != Policy().digest()
