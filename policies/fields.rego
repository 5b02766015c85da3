package lienthong.exchange

# METADATA
# title: Fields
# description: |
#   A use of a field, [id, use], is granted or it is refused; refused is what was asked less what was granted, so that
#   nothing can fall between the two. A grant of one use (release, match, aggregate) says nothing of the others.
requested := {[id, "release"] | some id in input.release} | {[id, "match"] | some id in input.match}

# METADATA
# description: A field the vocabulary does not know is never granted, whatever an agreement says.
granted contains pair if {
	some pair in requested
	[id, use] := pair
	key := json.marshal(id)
	data.vocabulary.fields[key]
	use in agreement.fields[key].use
	agreement.fields[key].basis in {"agreement", "consent", "emergency", "statute"}
}

# METADATA
# description: |
#   Strict by default: all or nothing. With `allow_partial` the refused ones are trimmed, but never down to nothing.
#   A call that asks for no field (the state of a job) passes with none.
default fields_agreed := false

fields_agreed if requested == granted

fields_agreed if {
	input.allow_partial == true
	count(granted) > 0
}

# METADATA
# description: The uses that may leave, each with its basis, by id and then use; none when the call is denied.
default fields := []

fields := [{"id": id, "use": use, "basis": agreement.fields[json.marshal(id)].basis} |
	some [id, use] in sort(granted)
] if {
	allow
}

# METADATA
# description: Told only to a caller whose agreement is in force and covers the method.
default refused := []

refused := [{"id": id, "use": use, "reason": refusal(id)} | some [id, use] in sort(requested - granted)] if {
	agreement_in_force
	method_agreed
}

refusal(id) := "FIELD_UNKNOWN" if {
	not data.vocabulary.fields[json.marshal(id)]
} else := "FIELD_NOT_IN_AGREEMENT" if {
	not agreement.fields[json.marshal(id)]
} else := "USE_NOT_IN_AGREEMENT"
