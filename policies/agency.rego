package lienthong.exchange

# METADATA
# title: The caller's agency
# description: Known, active, and of the legal entity that the certificate was issued to.
agency := data.agencies[input.caller.agency]

default agency_active := false

agency_active if agency.status == "active"

default legal_entity_matches := false

legal_entity_matches if {
	is_string(input.caller.legal_entity)
	agency.legal_entity == input.caller.legal_entity
}
