package lienthong.exchange

# METADATA
# title: Terms
# description: |
#   What an allowed call may be told beyond a verdict, and within which bounds. A denied call has none of it, and what
#   is not exactly true in the agreement is not granted.
grants := {
	"field_results": object.get(agreed_grants, "field_results", false) == true,
	"score_band": object.get(agreed_grants, "score_band", false) == true,
	"exact_score": object.get(agreed_grants, "exact_score", false) == true,
	"reasons": object.get(agreed_grants, "reasons", false) == true,
	"notices": object.get(agreed_grants, "notices", false) == true,
	"existence": object.get(agreed_grants, "existence", false) == true,
	"current_id": object.get(agreed_grants, "current_id", false) == true,
}

default agreed_grants := {}

agreed_grants := agreement.grants if {
	allow
	is_object(agreement.grants)
}

# METADATA
# description: Quotas of the agreement, as numbers; how they are counted is the gateway's.
default limits := {}

limits := agreement.limits if allow

# METADATA
# description: How close a match must be; the closest unless the agreement says otherwise.
default strictness := "exact"

strictness := agreement.strictness if allow
