package lienthong.exchange

# METADATA
# title: Terms
# description: What an allowed call may be told beyond a verdict, and within which bounds. A denied call has none.
grants := {
	"field_results": granted_term("field_results"),
	"score_band": granted_term("score_band"),
	"exact_score": granted_term("exact_score"),
	"reasons": granted_term("reasons"),
	"notices": granted_term("notices"),
	"existence": granted_term("existence"),
	"current_id": granted_term("current_id"),
}

default granted_term(_) := false

granted_term(name) if {
	allow
	agreement.grants[name] == true
}

# METADATA
# description: Quotas of the agreement, as numbers; how they are counted is the gateway's.
default limits := {}

limits := agreement.limits if allow

# METADATA
# description: How close a match must be; the closest unless the agreement says otherwise.
default strictness := "exact"

strictness := agreement.strictness if allow
