package lienthong.exchange

# METADATA
# title: The reason
# description: |
#   One closed code. It only explains: `allow` is decided without it. The first gate that did not hold names it, in the
#   order in which they stand here; with every gate open it is OK.
default reason := "FIELD_NOT_GRANTED"

reason := "OK" if {
	allow
} else := "REQUEST_INVALID" if {
	not request_valid
} else := "AGENCY_NOT_ACTIVE" if {
	not agency_active
} else := "LEGAL_ENTITY_MISMATCH" if {
	not legal_entity_matches
} else := "NO_AGREEMENT" if {
	not agreement
} else := "AGREEMENT_NOT_IN_FORCE" if {
	not agreement_in_force
} else := "METHOD_NOT_AGREED" if {
	not method_agreed
} else := "CONTEXT_MISSING" if {
	not context_complete
}
