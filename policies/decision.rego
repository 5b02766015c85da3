# METADATA
# title: The exchange decision
# description: |
#   One answer a call (or opening of a stream): may this agency, for this purpose, call this method with these
#   fields, and on which basis. Pure: the time comes in the input, nothing is fetched, nothing is random.
#   Agreements, agencies and the vocabulary are data; facts of the request are input.
# scope: package
package lienthong.exchange

# METADATA
# description: The only entry point. Every member is always present, so that a host can insist on the whole shape.
# entrypoint: true
decision := {
	"allow": allow,
	"reason": reason,
	"fields": fields,
	"refused": refused,
	"missing_context": missing_context,
	"grants": grants,
	"limits": limits,
	"strictness": strictness,
	"agreement": agreement_reference,
	"obligations": obligations,
}

# METADATA
# description: Every condition is positive and must be shown to hold; what is missing in data or input denies.
default allow := false

allow if {
	request_valid
	agency_active
	legal_entity_matches
	agreement_in_force
	method_agreed
	context_complete
	fields_agreed
}
