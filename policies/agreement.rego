package lienthong.exchange

# METADATA
# title: The agreement
# description: |
#   Purpose comes from the agreements of the caller's own agency: it is looked up under the agency, and the agreement
#   must name both again, so that one filed under a wrong key gives nothing.
agreement := found if {
	found := data.agreements[input.caller.agency][input.context.purpose]
	found.agency == input.caller.agency
	found.purpose == input.context.purpose
}

# METADATA
# description: |
#   From `valid_from` up to, not including, `valid_to` (unix seconds). Both are mandatory: an agreement without an end
#   is not in force. Field ids are never re-used, so an agreement of an older vocabulary holds, one of a newer does not.
default agreement_in_force := false

agreement_in_force if {
	is_number(agreement.valid_from)
	is_number(agreement.valid_to)
	agreement.valid_from <= input.now
	input.now < agreement.valid_to
	is_number(agreement.vocabulary_version)
	agreement.vocabulary_version <= data.vocabulary.version
	agreement_bounded
}

# METADATA
# description: An agreement without limits would be an agreement without bounds; it must state them to count.
default agreement_bounded := false

agreement_bounded if {
	is_string(agreement.id)
	is_number(agreement.version)
	is_number(agreement.limits.rows_per_job)
	is_number(agreement.limits.rows_per_day)
	agreement.strictness in {"exact", "review", "standard"}
}

# METADATA
# description: Which agreement was judged, also where it refused; version 0 where there is none.
default agreement_reference := {"id": "", "version": 0}

agreement_reference := {"id": agreement.id, "version": agreement.version}
