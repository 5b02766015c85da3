package lienthong.exchange

# METADATA
# title: Fields
# description: |
#   A field is granted for a use or it is refused for it; refused is what was asked less what was granted, so that
#   nothing can fall between the two. A grant of one use (release, match, aggregate) says nothing of the others.
#   Sets of plain ids, one a use: sets of pairs cost the WASM twice as much.
asked_match := {id | some id in input.match}

asked_release := {id | some id in input.release}

granted_match := {id | some id in asked_match; covered(id, "match")}

granted_release := {id | some id in asked_release; covered(id, "release")}

# METADATA
# description: A field the vocabulary does not know is never covered, whatever an agreement says.
covered(id, use) if {
	key := json.marshal(id)
	data.vocabulary.fields[key]
	field := agreement.fields[key]
	use in field.use
	known_basis[field.basis]
}

known_basis := {"agreement", "consent", "emergency", "statute"}

# METADATA
# description: |
#   Strict by default: all or nothing. With `allow_partial` the refused ones are trimmed, but never down to nothing.
#   A call that asks for no field (the state of a job) passes with none.
default fields_agreed := false

fields_agreed if {
	asked_match == granted_match
	asked_release == granted_release
}

fields_agreed if {
	input.allow_partial == true
	count(granted_match) + count(granted_release) > 0
}

# METADATA
# description: The uses that may leave, each with its basis, by use and then id; none when the call is denied.
default fields := []

fields := array.concat(granted("match", granted_match), granted("release", granted_release)) if allow

granted(use, ids) := [{"id": id, "use": use, "basis": agreement.fields[json.marshal(id)].basis} |
	some id in sort(ids)
]

# METADATA
# description: Told only to a caller whose agreement is in force and covers the method.
default refused := []

refused := array.concat(
	refusals("match", asked_match - granted_match),
	refusals("release", asked_release - granted_release),
) if {
	agreement_in_force
	method_agreed
}

refusals(use, ids) := [{"id": id, "use": use, "reason": refusal(id)} | some id in sort(ids)]

refusal(id) := "FIELD_UNKNOWN" if {
	not data.vocabulary.fields[json.marshal(id)]
} else := "FIELD_NOT_IN_AGREEMENT" if {
	not agreement.fields[json.marshal(id)]
} else := "USE_NOT_IN_AGREEMENT"
